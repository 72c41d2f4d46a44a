"""Build an account in which everything is declared: each type of step, templates, guides, audiences, schedules."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from knock_sdk.testing import (
    Agent,
    Arm,
    Batch,
    Branch,
    Cohort,
    CohortArm,
    Delay,
    Fetch,
    Guide,
    Send,
    Simulator,
    Throttle,
    TriggerWorkflow,
    UpdateAudience,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk import Knock

USERS = ("ana", "ben", "cy")
COLLECTION, OBJECT, TENANT, AUDIENCE = "projects", "apollo", "acme", "pro"
BRANCHED, COLLECTED, CHANGING, WAITING = WORKFLOWS = ("branched", "collected", "changing", "waiting")
HOUR = timedelta(hours=1)
IS_URGENT = [{"variable": "data.urgent", "operator": "equal_to", "argument": True}]
NOT_SEEN = [{"variable": "refs.in_app_feed_1.delivery_status", "operator": "not_equal_to", "argument": "seen"}]
TITLE = "{{ recipient.name | default: 'you' }}: {{ data.title | upcase }} {{ total_activities }}"
CONTENTS: dict[str, dict[str, object]] = {
    "email": {
        "subject": TITLE,
        "visual_blocks": [
            {"type": "markdown", "content": "**{{ data.title }}** {% render 'badge', text: tenant.name %}"},
            {"type": "divider"},
            {"type": "button_set", "buttons": [{"label": "Open", "action": "https://x.example/{{ data.path }}"}]},
        ],
        "settings": {"layout_key": "brand"},
    },
    "sms": {"text_body": TITLE},
    "push": {"title": TITLE, "text_body": "{{ data | json }}"},
    "chat": {
        "markdown_body": "{{ 'hello' | t: name: actor.name }} {% for each in activities %}{{ each.x }}{% endfor %}"
    },
    "in_app_feed": {"markdown_body": "{{ data.title }} {{ timestamp | date: '%Y' }}", "action_url": "{{ data.url }}"},
}


def build_account() -> Simulator:
    """Return a simulator with everything declared, with messages, and with runs that wait."""
    simulator = Simulator(any_workflow=True)
    _declare_content(simulator)
    _declare_workflows(simulator)
    client = simulator.client()
    _create_recipients(simulator, client)
    for key, urgent in [*((key, True) for key in WORKFLOWS), (BRANCHED, False)]:
        client.workflows.trigger(
            key,
            recipients=[*USERS, {"collection": COLLECTION, "id": OBJECT}],
            data={"title": "Disk", "urgent": urgent, "x": 1},
            actor="ben",
            tenant=TENANT,
            cancellation_key="one",
        )
    simulator.advance(minutes=10)
    client.users.bulk.identify(users=[{"id": "cy", "name": "Cy"}])
    daily: Any = [{"frequency": "daily", "hours": 8}]
    client.schedules.create(recipients=["ana", "ben"], workflow=COLLECTED, repeats=daily)
    return simulator


def write_names(simulator: Simulator, path: Path) -> None:
    """Write the names of what exists, by the parameter of a path, for the hooks of schemathesis."""
    client = simulator.client()
    messages = [message.id for message in simulator.messages()]
    channels = ("in_app_feed", "email", "push", "chat", "slack", "teams", "in_app_guide")
    names: dict[str, list[str]] = {
        "user_id": list(USERS),
        "collection": [COLLECTION],
        "object_id": [OBJECT],
        "message_id": messages,
        "channel_id": [simulator.channel(key).id for key in channels],
        "workflows": list(WORKFLOWS),
        "audiences": [AUDIENCE, "beta"],
        "tenants": [TENANT],
        "schedules": [each.id for each in client.schedules.list(workflow=COLLECTED)],
        "workflow_recipient_runs": [run.id for run in client.workflow_recipient_runs.list()],
    }
    path.write_text(json.dumps(names), encoding="utf-8")


def finish(simulator: Simulator) -> set[str]:
    """Advance the time by forty days, and return the statuses of the runs that have not ended by then."""
    simulator.advance(timedelta(days=40))
    runs = simulator.client().workflow_recipient_runs.list()
    return {str(run.status) for run in runs} - {"completed", "cancelled", "paused"}


def _declare_content(simulator: Simulator) -> None:
    simulator.layout("brand", "<html><body>{{ content }}<p>{{ vars.app_name }}</p></body></html>")
    simulator.partial("badge", "<b>{{ text }}</b>")
    simulator.translation("en", {"hello": "Hello {{ name }}"})
    simulator.set_variables({"app_name": "App"})
    simulator.audience("beta")
    segments: Any = [{"conditions": [{"property": "plan", "operator": "equal_to", "argument": "pro"}]}]
    simulator.audience(AUDIENCE, segments=segments, workflows=[COLLECTED])
    simulator.guide("tour", content={"title": "Hello {{ recipient.name }}"})
    simulator.channel("slack", type="chat", provider="chat_slack")
    simulator.channel("teams", type="chat", provider="chat_ms_teams")
    simulator.channel_group("texts", ["sms"])
    simulator.preference_center(title="Your choice")
    simulator.delivery("push", outcome="bounced", to="ben")
    simulator.http("http_fetch_1", lambda request: {"plan": request.url})
    simulator.agent("ai_agent_1", "A summary")
    simulator.cohort("random_cohort_1", "A", to="ana")


def _declare_workflows(simulator: Simulator) -> None:
    sends = [Send(channel, template) for channel, template in CONTENTS.items()]
    later = [
        Throttle(HOUR, limit=2),
        Cohort([CohortArm("A", 50, [Delay(HOUR)]), CohortArm("B", 50, [])]),
        Send("texts"),
    ]
    simulator.workflow(
        BRANCHED,
        categories=["news"],
        steps=[
            Fetch("https://api.example.com/{{ recipient.id }}"),
            Branch([Arm(sends, IS_URGENT, name="Urgent"), Arm(later, name="Default")]),
            Send("http"),
        ],
    )
    simulator.workflow(
        COLLECTED, steps=[Send("in_app_feed"), Batch(HOUR, key="x"), *sends, Send("email", conditions=NOT_SEEN)]
    )
    simulator.workflow(
        CHANGING,
        steps=[
            UpdateData('{"y": {{ data.x | default: 0 }}}'),
            UpdateUser({"plan": "pro"}, "ana"),
            UpdateObject(COLLECTION, OBJECT, {"seen": True}),
            UpdateTenant({"name": "Acme"}, TENANT),
            UpdateAudience("beta", "add"),
            Agent("Sum up {{ data.title }}"),
            Guide("tour"),
            TriggerWorkflow(COLLECTED),
            Send("in_app_feed"),
        ],
    )
    paid: Any = {"event_type": "integration_source", "integration_source_key": "shop", "event_key": "paid"}
    simulator.workflow(WAITING, steps=[Send("in_app_feed"), Wait(paid, HOUR), Send("email")])


def _create_recipients(simulator: Simulator, client: Knock) -> None:
    push, chat = simulator.channel("push").id, simulator.channel("chat").id
    connected: Any = {"connections": [{"access_token": "x", "channel_id": "C1"}]}
    client.tenants.set(TENANT, name="Acme")
    for user in USERS:
        client.users.update(user, name=user, email=f"{user}@x.example", phone_number="+15550100", locale="en")
        client.users.set_channel_data(user, push, data={"tokens": [user, "shared"]})
        client.users.set_channel_data(user, chat, data=connected)
    client.objects.set(COLLECTION, OBJECT, name="Apollo")
    client.objects.add_subscriptions(COLLECTION, OBJECT, recipients=["ana", "ben"])
    client.audiences.add_members("beta", members=[{"user": {"id": "ana"}}])
