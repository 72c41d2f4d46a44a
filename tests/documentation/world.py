"""The Knock of the samples: what exists before those of the reference and of the pages by domain run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.params import MsTeamsChannelData, ScheduleRepeatRule, SlackChannelData
    from knock_sdk.testing import Simulator

ENTRA = "123e4567-e89b-12d3-a456-426614174000"
"""Id of a tenant of Microsoft Entra."""


def furnish(sim: Simulator) -> None:
    """Declare workflows and channels, and make users, objects, a tenant, messages, a schedule and a guide."""
    sim.channel("slack", type="chat", provider="chat_slack")
    sim.channel("ms-teams", type="chat", provider="chat_ms_teams")
    sim.workflow("comment-created", channels=["in_app_feed", "email"], categories=["collaboration"])
    sim.workflow("invoice-overdue", channels=["email", "sms"], categories=["billing"])
    sim.workflow("weekly-digest", channels=["email"], categories=["digests"])
    sim.workflow("welcome", channels=["in_app_feed", "slack"])
    sim.guide("tour", type="banner", content={"title": "Welcome to the island"})
    sim.audience("beta-testers")
    sim.slack("xoxb-1", channels=["general", "park-alerts"])
    sim.ms_teams(ENTRA, teams={"Operations": ["General", "Alerts"]})
    with sim.client() as client:
        _store(client, sim)
    sim.advance(minutes=1)  # the emails are delivered


def _store(client: Knock, sim: Simulator) -> None:
    client.users.update("jhammond", name="John Hammond", email="jhammond@example.com", phone_number="+15555550100")
    client.users.update("agrant", name="Alan Grant", email="agrant@example.com")
    client.users.update("esattler", name="Ellie Sattler", email="esattler@example.com")
    client.users.set_channel_data("jhammond", sim.channel("push").id, data={"tokens": ["fcm-token-of-a-tablet"]})
    client.tenants.set("ingen", name="InGen")
    slack: SlackChannelData = {"connections": [], "token": {"access_token": "xoxb-1"}}
    client.objects.set_channel_data("$tenants", "ingen", sim.channel("slack").id, data=slack)
    teams: MsTeamsChannelData = {"connections": [], "ms_teams_tenant_id": ENTRA}
    client.objects.set_channel_data("$tenants", "ingen", sim.channel("ms-teams").id, data=teams)
    client.objects.set("projects", "isla-nublar", name="Isla Nublar")
    client.objects.add_subscriptions("projects", "isla-nublar", recipients=["agrant"])
    client.audiences.add_members("beta-testers", members=[{"user": {"id": "esattler"}}])
    daily: ScheduleRepeatRule = {"frequency": "weekly", "days": ["mon"], "hours": 9}
    client.schedules.create(workflow="weekly-digest", recipients=["jhammond"], repeats=[daily])
    client.workflows.trigger(
        "comment-created", recipients=["jhammond", "agrant"], data={"comment": "Spared no expense."}, tenant="ingen"
    )
