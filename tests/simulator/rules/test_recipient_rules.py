"""Rules of recipients: tenants in their places, strategies of preferences, and times of schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.support.pair import http

from .scenes import trigger
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

ACME = {"collection": "$tenants", "id": "acme"}


@rule("mtn/overview", "a tenant can be an actor, be subscribed to, and subscribe")
def test_tenants_are_actors_and_have_subscribers(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed"])
    knock.tenants.set("acme", name="Acme")
    knock.objects.set("projects", "p1")
    knock.objects.add_subscriptions("$tenants", "acme", recipients=["ana"])
    knock.objects.add_subscriptions("projects", "p1", recipients=[ACME])
    knock.workflows.trigger("w", recipients=[ACME], actor="ben")
    assert len(sim.messages(to=ACME)) == len(sim.messages(to="ana")) == 1
    knock.workflows.trigger("w", recipients=[{"collection": "projects", "id": "p1"}])
    assert len(sim.messages(to=ACME)) == len(sim.messages(to="ana")) == 2
    trigger(knock, actor=ACME)
    (actor,) = knock.messages.get(sim.messages(to="ana")[-1].id).actors
    assert (actor.collection, actor.id) == ("$tenants", "acme")


@rule("mtn/per-tenant-preferences", "the strategy `replace` counts for entries of a tenant's set, and not for the set")
@pytest.mark.parametrize(
    ("of_tenant", "sent"),
    [
        ({"__strategy__": "replace", "channel_types": {"email": False}}, 1),
        ({"channel_types": {"__strategy__": "replace", "email": False}}, 0),
        ({"workflows": {"w": {"__strategy__": "replace", "channel_types": {"email": False}}}}, 0),
    ],
)
def test_where_a_strategy_counts(knock: Any, sim: Simulator, of_tenant: dict[str, Any], sent: int) -> None:
    sim.workflow("w", channels=["email"])
    assert http(sim, "PUT", "/v1/tenants/acme", {"settings": {"preference_set": of_tenant}})[0].status == 200
    allowed = {"channel_types": {"email": True}}
    knock.users.set_preferences("ana", "acme", **allowed, workflows={"w": allowed})
    trigger(knock, tenant="acme")
    assert len(sim.messages()) == sent


@rule("api/ScheduleRepeatRule", "a rule without minutes means the full hour")
@pytest.mark.parametrize(
    ("times", "shown"), [({}, "00:00"), ({"hours": 9}, "09:00"), ({"hours": 9, "minutes": 5}, "09:05")]
)
def test_times_of_a_rule(knock: Any, times: dict[str, int], shown: str) -> None:
    (made,) = knock.schedules.create(workflow="w", recipients=["ana"], repeats=[{"frequency": "daily", **times}])
    assert made.next_occurrence_at.strftime("%H:%M") == shown
