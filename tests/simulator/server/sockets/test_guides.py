"""Guides: the events of declared, replaced and reordered guides, and of their group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator

    from .phoenix import Socket

PARAMS: Any = {"user_id": "ana", "tenant": "acme", "data": {"plan": "pro"}}


@pytest.fixture
def topic(sim: Simulator, client: Knock) -> str:
    """The topic of the guides."""
    client.users.update("ana")
    return f"guides:{sim.channel('in_app_guide').id}"


def declare(sim: Simulator, key: str = "hello", **options: Any) -> None:
    sim.guide(key, type="banner", content={"title": "Hi"}, **options)


def receive(socket: Socket, topic: str, count: int = 2) -> list[tuple[str, Any]]:
    frames = [socket.receive() for _ in range(count)]
    for frame in frames:
        assert (frame.topic, frame.payload["topic"], frame.payload["event"]) == (topic, topic, frame.event)
    return [(frame.event, frame.payload["data"]) for frame in frames]


def test_a_new_guide_is_added_with_its_group(socket: Socket, topic: str, sim: Simulator, client: Knock) -> None:
    socket.join(topic, PARAMS)
    declare(sim)
    (added, guide), (group_added, group) = receive(socket, topic)
    assert (added, group_added) == ("guide.added", "guide_group.added")
    listed = client.users.guides.get_channel("ana", topic.partition(":")[2], tenant="acme")
    assert guide["eligible"] is True
    assert (guide["guide"]["id"], guide["guide"]["steps"][0]["content"]) == (listed.entries[0].id, {"title": "Hi"})
    assert group["guide_group"]["display_sequence"] == ["hello"]
    declare(sim, "bye")
    assert [event for event, _ in receive(socket, topic)] == ["guide.added", "guide_group.updated"]


def test_a_guide_is_updated_switched_off_and_on(socket: Socket, topic: str, sim: Simulator) -> None:
    declare(sim)
    declare(sim, "other")
    socket.join(topic, PARAMS)
    declare(sim, active=False)
    (event, data), (_, group) = receive(socket, topic)
    assert (event, data) == ("guide.updated", {"guide": {"key": "hello"}, "eligible": False})
    assert group["guide_group"]["display_sequence"] == ["other"]
    declare(sim)
    (event, data), _ = receive(socket, topic)
    assert (event, data["eligible"], data["guide"]["key"]) == ("guide.updated", True, "hello")


def test_an_order_is_told_of(socket: Socket, topic: str, sim: Simulator) -> None:
    declare(sim, "one")
    declare(sim, "two")
    socket.join(topic, PARAMS)
    declare(sim, "two", position=0)
    assert receive(socket, topic)[1][1]["guide_group"]["display_sequence"] == ["two", "one"]


def test_the_pause_between_guides_is_told_of(socket: Socket, topic: str, sim: Simulator) -> None:
    declare(sim)
    socket.join(topic, PARAMS)
    sim.guide_group(display_interval=60)
    ((event, data),) = receive(socket, topic, 1)
    assert (event, data["guide_group"]["display_interval"]) == ("guide_group.updated", 60)


def test_a_guide_that_moves_to_another_channel_is_removed(socket: Socket, topic: str, sim: Simulator) -> None:
    sim.channel("elsewhere", type="in_app_guide")
    declare(sim)
    declare(sim, "other")
    socket.join(topic, PARAMS)
    declare(sim, channel="elsewhere")
    assert receive(socket, topic)[0] == ("guide.removed", {"guide": {"key": "hello"}})


def test_guides_are_chosen_for_the_user_and_the_data(socket: Socket, topic: str, sim: Simulator) -> None:
    socket.join(topic, PARAMS)
    rule = {"variable": "data.plan", "operator": "equal_to", "argument": "free"}
    declare(sim, conditions=[rule])
    assert [event for event, _ in receive(socket, topic, 1)] == ["guide_group.added"]
    declare(sim, conditions=[{**rule, "argument": "pro"}])
    assert [data.get("eligible") for _, data in receive(socket, topic)] == [True, None]


def test_all_guides_are_shown_to_the_toolbar(socket: Socket, topic: str, sim: Simulator, client: Knock) -> None:
    declare(sim, active=False)
    declare(sim, "on")
    socket.join(topic, {**PARAMS, "force_all_guides": True})
    declare(sim, active=False)
    assert receive(socket, topic)[0][1]["guide"]["steps"]
    path = f"/v1/users/ana/guides/{topic.partition(':')[2]}"
    listed: Any = [client.request("GET", f"{path}{query}") for query in ("", "?force_all_guides=true")]
    assert [[each["key"] for each in body["entries"]] for body in listed] == [["on"], ["hello", "on"]]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "user_id"),
        ({"user_id": 1}, "user_id"),
        ({"user_id": "ana", "tenant": 1}, "tenant"),
        ({"user_id": "ana", "data": "{}"}, "data"),
        ({"user_id": "ana", "force_all_guides": "yes"}, "force_all_guides"),
    ],
)
def test_a_malformed_parameter_is_named(socket: Socket, topic: str, params: Any, field: str) -> None:
    assert [each["field"] for each in socket.refused(topic, params)["errors"]] == [field]


def test_a_channel_of_another_type_is_refused(socket: Socket, sim: Simulator) -> None:
    assert socket.refused(f"guides:{sim.channel('email').id}", PARAMS)["reason"] == "channel_invalid"
