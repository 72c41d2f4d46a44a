"""A simulated environment with something of each kind to look at: the tests open it, and the pictures show it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from knock_sdk.testing import Arm, Branch, Delay, Send, Simulator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knock_sdk import Knock

IN_APP = {
    "markdown_body": "**{{ actor.name }}** has declared incident *{{ title }}*.",
    "action_url": "https://lumen.example/incidents/{{ number }}",
    "action_buttons": [
        {"label": "Open incident", "action": "https://lumen.example/incidents/{{ number }}"},
        {"label": "Mute", "action": "https://lumen.example/incidents/{{ number }}/mute"},
    ],
}
EMAIL = {
    "subject": "Incident {{ number }}: {{ title }}",
    "html_body": """
<body style="margin:0;background:#f4f5f7;font-family:sans-serif;color:#1c2430">
<div style="max-width:520px;margin:24px auto;padding:28px;background:#fff;border-radius:8px">
<h1 style="font-size:20px;margin:0 0 12px">{{ title }}</h1>
<p>Hi {{ recipient.name }},</p>
<p>{{ actor.name }} has declared incident {{ number }}. It affects <strong>{{ service }}</strong>.</p>
<p><a href="https://lumen.example/incidents/{{ number }}"
style="display:inline-block;padding:10px 16px;background:#1e50c8;color:#fff;border-radius:6px;text-decoration:none"
>Open the incident</a></p>
</div></body>""",
}
SMS = {"body": "Lumen: incident {{ number }}, {{ title }}. Reply ACK to acknowledge."}
PUSH = {"title": "Incident {{ number }}", "text_body": "{{ title }}: {{ service }} is affected."}
SLACK = {
    "json_body": """{"text": "Incident {{ number }}: {{ title }}", "blocks": [
{"type": "header", "text": {"type": "plain_text", "text": "Incident {{ number }}"}},
{"type": "section", "text": {"type": "mrkdwn", "text": "*{{ title }}*\\n{{ service }} is affected."}},
{"type": "divider"},
{"type": "context", "elements": [{"type": "mrkdwn", "text": "Declared by {{ actor.name }}"}]},
{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Acknowledge"}}]}]}"""
}
TEAMS = {
    "json_body": """{"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive",
"content": {"type": "AdaptiveCard", "version": "1.4", "body": [
{"type": "TextBlock", "size": "Large", "weight": "Bolder", "text": "Incident {{ number }}"},
{"type": "TextBlock", "wrap": true, "text": "{{ title }}"},
{"type": "FactSet", "facts": [{"title": "Service", "value": "{{ service }}"}]}],
"actions": [{"type": "Action.OpenUrl", "title": "Open incident", "url": "https://lumen.example/incidents/{{ number }}"}]
}}]}"""
}
DISCORD = {"markdown_body": "**Incident {{ number }}**: {{ title }}", "summary": "Incident {{ number }}"}
WEBHOOK = {
    "url": "https://status.lumen.example/incidents",
    "method": "post",
    "headers": [{"key": "content-type", "value": "application/json"}],
    "body": '{"number": {{ number }}, "service": "{{ service }}"}',
}
PRO = [{"variable": "recipient.plan", "operator": "equal_to", "argument": "pro"}]
DATA = {"number": 1993, "title": "Sign-in is slow", "service": "accounts"}
PREFERENCES = {"channel_types": {"sms": False}, "workflows": {"plan-ends": {"channel_types": {"email": False}}}}


def declare(sim: Simulator) -> None:
    """Declare the channels and workflows of an application."""
    sim.channel("in-app", type="in_app_feed", name="In-app")
    sim.channel("postmark", type="email", provider="email_postmark", name="Postmark")
    sim.channel("twilio", type="sms", provider="sms_twilio", name="Twilio")
    sim.channel("fcm", type="push", provider="push_fcm", name="Firebase")
    for key, name in (("slack", "Slack"), ("ms_teams", "Teams"), ("discord", "Discord")):
        sim.channel(key, type="chat", provider=f"chat_{key}", name=name)
    sim.channel("status-page", type="http", name="Status page")
    everything = {"in-app": IN_APP, "postmark": EMAIL, "twilio": SMS, "fcm": PUSH, "slack": SLACK, "ms_teams": TEAMS}
    everything |= {"discord": DISCORD, "status-page": WEBHOOK}
    sim.workflow(
        "incident",
        name="Incident declared",
        categories=["operations"],
        steps=[Send(channel, template) for channel, template in everything.items()],
        data_schema={
            "type": "object",
            "required": ["number", "title"],
            "properties": {
                "number": {"type": "integer", "description": "Number of the incident"},
                "title": {"type": "string", "description": "What is wrong, in a few words"},
                "service": {"type": "string", "enum": ["accounts", "billing", "search"]},
            },
        },
    )
    sim.workflow(
        "plan-ends",
        name="Plan ends soon",
        categories=["billing"],
        steps=[
            Branch(
                [
                    Arm([Send("postmark", {"subject": "Your plan ends", "text_body": "Soon."})], PRO, name="Pays"),
                    Arm([Send("in-app", {"markdown_body": "Your trial ends soon."})], name="Tries it out"),
                ]
            ),
            Delay(timedelta(hours=1)),
            Send("in-app", {"markdown_body": "Your plan has ended."}, ref="ended"),
        ],
    )


def identify(sim: Simulator, client: Knock) -> None:
    """Identify the people who are notified, with their devices, chats and preferences."""
    hooks = {key: f"https://{key.replace('_', '-')}.example/hook" for key in ("slack", "ms_teams", "discord")}
    channel_data = {
        sim.channel(key).id: {"connections": [{"incoming_webhook": {"url": url}}]} for key, url in hooks.items()
    }
    channel_data[sim.channel("fcm").id] = {"tokens": ["device-1"]}
    client.users.update(
        "ana",
        name="Ana Reyes",
        email="ana@lumen.example",
        phone_number="+15550100",
        properties={"plan": "free"},
        channel_data=channel_data,
    )
    client.users.update("ben", name="Ben Okafor", email="ben@lumen.example", properties={"plan": "pro"})
    client.users.update("cleo", name="Cleo Lind", phone_number="+15550102", properties={"plan": "free"})
    client.users.set_preferences("ben", "default", **PREFERENCES)
    client.tenants.set("acme", name="Acme")
    client.objects.set("projects", "lumen", name="Lumen", properties={"stage": "live"})
    client.objects.add_subscriptions("projects", "lumen", recipients=["ana"])


def notify(client: Knock) -> None:
    """Trigger the workflows: one message on each channel for Ana, fewer for the others."""
    client.workflows.trigger("incident", recipients=["ana", "ben"], actor="cleo", tenant="acme", data=DATA)
    client.workflows.trigger("plan-ends", recipients=["ana", "ben"], data={"days": 3})


def fill(sim: Simulator, client: Knock) -> None:
    """Declare, identify and notify."""
    declare(sim)
    identify(sim, client)
    notify(client)


def by_channel(sim: Simulator, to: str = "ana", workflow: str = "incident") -> Mapping[str, str]:
    """Return the ids of someone's messages by the key of their channel."""
    return {message.channel.key or "": message.id for message in sim.messages(to=to, workflow=workflow)}
