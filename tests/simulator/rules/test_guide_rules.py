"""Rules of guides: their order, their group, whom they are for, and the history of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .scenes import HOUR, where
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


def fetch(knock: Any, sim: Simulator, **query: Any) -> Any:
    """Return what Ana gets of the guides."""
    return knock.users.guides.get_channel("ana", sim.channel("in_app_guide").id, **query)


def engage(knock: Any, sim: Simulator, action: str) -> None:
    """Record an engagement of Ana with the first step of the only guide."""
    (guide,) = fetch(knock, sim).entries
    content = {"content": {}} if action == "seen" else {}
    getattr(knock.users.guides, f"mark_message_as_{action}")(
        "ana",
        channel_id=guide.channel_id,
        guide_id=guide.id,
        guide_key=guide.key,
        guide_step_ref=guide.steps[0].ref,
        **content,
    )


@rule(
    "g/order-guides", "the oldest guide comes first, unless the order is set; unthrottled guides come before throttled"
)
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["one", "two", "three"]),
        ({"position": 0}, ["three", "one", "two"]),
        ({"position": 1}, ["one", "three", "two"]),
        ({"bypass_group_limit": True}, ["three", "one", "two"]),
    ],
)
def test_the_order_of_guides(knock: Any, sim: Simulator, options: dict[str, Any], expected: list[str]) -> None:
    for key in ("one", "two"):
        sim.guide(key, content={})
        sim.advance(HOUR)
    sim.guide("three", content={}, **options)
    response = fetch(knock, sim)
    assert [guide.key for guide in response.entries] == expected
    assert response.guide_groups[0].display_sequence == expected


@rule(
    "g/render-guides", "the sequence of the group has all active guides, also those the user may not or did not fetch"
)
def test_the_sequence_of_the_group(knock: Any, sim: Simulator) -> None:
    sim.guide("for-others", content={}, audience="others")
    sim.guide("off", content={}, active=False)
    sim.guide("card", content={}, type="card")
    sim.guide("banner", content={})
    response = fetch(knock, sim, type="card")
    assert [guide.key for guide in response.entries] == ["card"]
    (group,) = response.guide_groups
    assert (group.key, group.display_sequence) == ("default", ["for-others", "card", "banner"])


@rule("g/order-guides", "archiving a guide starts the pause of the group, unless the guide is unthrottled")
@pytest.mark.parametrize("unthrottled", [True, False])
def test_unthrottled_guides_start_no_pause(knock: Any, sim: Simulator, *, unthrottled: bool) -> None:
    sim.guide_group(display_interval=3600)
    sim.guide("tour", content={}, bypass_group_limit=unthrottled)
    engage(knock, sim, "archived")
    assert fetch(knock, sim).guide_group_display_logs == ({} if unthrottled else {"default": sim.now})


@rule("g/create-guides", "conditions of a guide read the recipient, the data, the tenant and the variables")
@pytest.mark.parametrize(
    ("variable", "shown"),
    [("recipient.plan", True), ("data.plan", True), ("tenant.plan", True), ("vars.plan", True), ("data.other", False)],
)
def test_what_conditions_of_guides_read(knock: Any, sim: Simulator, variable: str, *, shown: bool) -> None:
    sim.set_variables({"plan": "pro"})
    knock.tenants.set("acme", properties={"plan": "pro"})
    sim.guide("tour", content={}, conditions=where(variable, "pro"))
    response = fetch(knock, sim, tenant="acme", data={"plan": "pro"})
    assert [guide.key for guide in response.entries] == (["tour"] if shown else [])


@rule("api/GuidesResponse", "a guide that a user does not get is listed with the reason")
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"active": False}, "guide_not_active"),
        ({"audience": "others"}, "not_in_target_audience"),
        ({"conditions": where("recipient.plan", "free")}, "target_conditions_not_met"),
        ({}, "marked_as_archived"),
    ],
)
def test_reasons(knock: Any, sim: Simulator, options: dict[str, Any], reason: str) -> None:
    sim.guide("tour", content={}, **options)
    if not options:
        engage(knock, sim, "archived")
    response = fetch(knock, sim)
    assert response.entries == []
    assert [(guide.key, guide.reason) for guide in response.ineligible_guides] == [("tour", reason)]
