"""Guides: declaration, targeting, and reasons for ineligibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", properties={"plan": "pro"})
    knock.users.update("ben", properties={"plan": "free"})
    return knock


def reasons(response: Any) -> dict[str, str]:
    return {guide.key: guide.reason for guide in response.ineligible_guides}


PRO = [{"variable": "recipient.plan", "operator": "equal_to", "argument": "pro"}]


@rule("g/create-guides", "a guide without an audience is for all users")
def test_guides_are_targeted_by_audience_and_conditions(knock: Any, sim: Simulator) -> None:
    sim.guide("off", content={}, active=False)
    sim.guide("pro", content={}, conditions=PRO)
    sim.guide("vip", content={}, audience="vips")
    sim.guide("all", content={})
    member = {"variable": "recipient", "operator": "is_not_audience_member", "argument": "vips"}
    sim.guide("rest", content={}, conditions=[member])
    knock.audiences.add_members("vips", members=[{"user": {"id": "ben"}}], create_audience=True)
    channel = sim.channel("in_app_guide").id
    ana, ben, nobody = (knock.users.guides.get_channel(name, channel) for name in ("ana", "ben", "nobody"))
    assert [guide.key for guide in ana.entries] == ["pro", "all", "rest"]
    assert reasons(ana) == {"off": "guide_not_active", "vip": "not_in_target_audience"}
    assert [guide.key for guide in ben.entries] == ["vip", "all"]
    assert reasons(ben) == {
        "off": "guide_not_active",
        "pro": "target_conditions_not_met",
        "rest": "target_conditions_not_met",
    }
    assert nobody.entries == []
    assert set(reasons(nobody).values()) == {"not_in_target_audience"}


def test_conditions_read_the_data_and_the_tenant(knock: Any, sim: Simulator) -> None:
    knock.tenants.set("acme", properties={"region": "eu"})
    sim.guide(
        "eu",
        content={},
        conditions=[
            {"variable": "data.assets", "operator": "greater_than", "argument": 25},
            {"variable": "tenant.region", "operator": "equal_to", "argument": "eu"},
        ],
    )
    channel = sim.channel("in_app_guide").id

    def shown(**query: Any) -> bool:
        return bool(knock.users.guides.get_channel("ana", channel, **query).entries)

    assert shown(tenant="acme", data={"assets": 26})
    assert not shown(tenant="acme", data={"assets": 25})
    assert not shown(data={"assets": 26})
    assert not shown(tenant="acme")


@rule("api/listUserGuides", "guides are filtered by the key of their message type")
def test_guides_are_ordered_by_position_and_filtered_by_type_and_channel(knock: Any, sim: Simulator) -> None:
    sim.channel("hints", type="in_app_guide")
    sim.guide("one", content={})
    sim.guide("two", content={}, type="card")
    sim.guide("three", content={}, position=0)
    sim.guide("other", content={}, channel="hints")

    def shown(channel: str = "in_app_guide", **query: Any) -> list[str]:
        response = knock.users.guides.get_channel("ana", sim.channel(channel).id, **query)
        return [guide.key for guide in response.entries]

    assert shown() == ["three", "one", "two"]
    assert shown(type="card") == ["two"]
    assert shown(type="modal") == []
    assert shown("hints") == ["other"]
    sim.guide("one", content={})
    assert shown() == ["three", "one", "two"]
    sim.guide("one", content={}, position=2)
    assert shown() == ["three", "two", "one"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "either content or steps"),
        ({"content": {}, "steps": {"a": {}}}, "either content or steps"),
        ({"content": {}, "channel": "in_app_feed"}, "of type in_app_feed"),
        ({"content": {}, "channel": "nowhere"}, "nowhere"),
        ({"content": {}, "conditions": [{"variable": "x", "operator": "is"}]}, "operator"),
    ],
)
def test_malformed_declarations(sim: Simulator, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        sim.guide("tour", **arguments)


def test_workflows_do_not_send_to_guide_channels(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="in_app_guide"):
        sim.workflow("w", channels=["in_app_guide"])
