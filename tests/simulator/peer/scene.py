"""The state before each row's call: users, an object, a tenant, messages, a schedule and so on, with their ids."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from knock_sdk import Knock

COLLECTION = "projects"
WORKFLOW = "comment-created"
DIGEST = "digest"
DAILY = [{"frequency": "daily", "hours": 8, "minutes": 30}]
TOKENS = {"tokens": ["fcm-1"]}
SLACK_TOKEN = "xoxb-acme"
TEAMS_TENANT = "0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d"
GUIDE = "tour"
GUIDE_STEP = "step_1"
GUIDE_CONTENT = {"title": "Welcome"}


class Scene(NamedTuple):
    """A simulator, and the ids of its records."""

    simulator: Simulator
    feed: str
    email: str
    push: str
    slack: str
    teams: str
    guides: str
    team: str
    run: str
    message: str
    """The message on the feed."""
    email_message: str
    recipient_run: str
    schedule: str
    job: str
    """A bulk operation that identified a user."""
    guide: str


def build_scene() -> Scene:
    """Create a simulator with all records; the default seed gives the same ids each time."""
    simulator = Simulator()
    client = simulator.client(strict=True)
    feed, email, push = (simulator.channel(key).id for key in ("in_app_feed", "email", "push"))
    simulator.workflow(WORKFLOW, channels=["in_app_feed", "email"], categories=["collaboration"])
    simulator.workflow(DIGEST, channels=["email"], delay=timedelta(hours=1))
    _create_recipients(client, push)
    run = client.workflows.trigger(
        WORKFLOW, recipients=["ana"], actor="ben", data={"comment": "Done."}, tenant="acme"
    ).workflow_run_id
    simulator.advance(minutes=10)
    messages = {message.channel_id: message.id for message in client.users.list_messages("ana")}
    (recipient_run,) = client.workflow_recipient_runs.list(recipient="ana").collect()
    (schedule,) = client.schedules.create(recipients=["ana"], workflow=DIGEST, repeats=DAILY)
    client.workflows.trigger(DIGEST, recipients=["ben"], cancellation_key="weekly-1")
    slack = simulator.channel("slack", type="chat", provider="chat_slack").id
    teams = simulator.channel("teams", type="chat", provider="chat_ms_teams").id
    team = _connect_chats(simulator, slack, teams)
    job = client.users.bulk.identify(users=[{"id": "cy", "name": "Cy"}])
    simulator.preference_center(title="Your choice")
    return Scene(
        simulator,
        feed=feed,
        email=email,
        push=push,
        slack=slack,
        teams=teams,
        guides=simulator.channel("in_app_guide").id,
        team=team,
        run=run,
        message=messages[feed],
        email_message=messages[email],
        recipient_run=recipient_run.id,
        schedule=schedule.id,
        job=job.id,
        guide=simulator.guide(GUIDE, content=GUIDE_CONTENT),
    )


def _connect_chats(simulator: Simulator, slack: str, teams: str) -> str:
    """Connect the object with Slack and Microsoft Teams; return the id of one of its teams."""
    simulator.slack(SLACK_TOKEN, channels=["general", "random"])
    simulator.ms_teams(TEAMS_TENANT, teams={"Flight": ["General"], "Ground": ["General"]})
    client = simulator.client(strict=True)
    token = {"access_token": SLACK_TOKEN}
    client.objects.set_channel_data(COLLECTION, "apollo", slack, data={"connections": [], "token": token})
    connected = {"connections": [], "ms_teams_tenant_id": TEAMS_TENANT}
    client.objects.set_channel_data(COLLECTION, "apollo", teams, data=connected)
    apollo = {"object_id": "apollo", "collection": COLLECTION}
    flight, _ = client.providers.ms_teams.list_teams(teams, ms_teams_tenant_object=apollo)
    return flight.id


def _create_recipients(client: Knock, push: str) -> None:
    client.users.update("ana", name="Ana", email="ana@example.com", properties={"plan": "pro"})
    client.users.update("ben", name="Ben", email="ben@example.com")
    client.users.set_channel_data("ana", push, data=TOKENS)
    client.users.set_preferences("ana", "default", workflows={"weekly": False})
    client.objects.set(COLLECTION, "apollo", name="Apollo")
    client.objects.set_channel_data(COLLECTION, "apollo", push, data=TOKENS)
    client.objects.set_preferences(COLLECTION, "apollo", "default", workflows={"weekly": False})
    client.objects.add_subscriptions(COLLECTION, "apollo", recipients=["ben"], properties={"role": "lead"})
    client.tenants.set("acme", name="Acme")
    client.audiences.add_members("vips", members=[{"user": {"id": "ana"}}], create_audience=True)
