"""Workflows as users declare them for their tests; read by type checkers only."""

from __future__ import annotations

from datetime import timedelta

from knock_sdk.testing import Batch, Delay, Send, Simulator, Skip, Throttle

sim = Simulator()
sim.set_variables({"app_url": "https://app.example"})
sim.workflow("short", channels=["in_app_feed", "email"], delay=timedelta(hours=1), batch=timedelta(minutes=5))
sim.workflow(
    "templates",
    channels=["email", "in_app_feed"],
    templates={
        "email": {"subject": "{{ actor.name }} commented", "visual_blocks": [{"type": "markdown", "content": "Hi"}]},
        "in_app_feed": {"body": "**Hi**", "action_buttons": [{"label": "Open", "action": "/"}]},
    },
    trigger_frequency="once_per_recipient",
    data_schema={"type": "object", "required": ["page"]},
)
unseen = {"variable": "refs.in_app_feed_1.engagement_status", "operator": "not_contains", "argument": "$message.seen"}
sim.workflow(
    "steps",
    steps=[
        Throttle(timedelta(hours=1), limit=3, key="page"),
        Batch(timedelta(minutes=5), key="page", order="desc", max_activities=100, sliding=True),
        Send("in_app_feed"),
        Delay(timedelta(hours=-1), until="data.starts_at"),
        Send("email", {"subject": "Soon", "body": "{{ data.title }}"}, conditions=[unseen]),
        Send("sms", conditions={"any": [unseen, {"all": [unseen]}]}),
    ],
    conditions={"all": [{"variable": "recipient.plan", "operator": "exists"}]},
)
keys: list[str] = sim.load_workflows("knock/workflows", unsupported="skip")
sim.delivery("email", outcome="bounced", to="jhammond")
sim.delivery("sms", outcome="delivered", failures=2, to={"collection": "projects", "id": "p"})
sim.click(sim.messages()[0], "https://app.example")
skips: list[Skip] = sim.skips(to="jhammond")
