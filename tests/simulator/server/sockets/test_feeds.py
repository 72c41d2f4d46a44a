"""Feeds: who is told of a message, and the counts that each client gets."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import Knock
from knock_sdk.testing import Delay, Send, Simulator
from tests.simulator.server.test_command import run_server
from tests.simulator.support.pair import KEY

from .phoenix import opened

if TYPE_CHECKING:
    from .phoenix import Socket

ONE: Any = {"c": {}}


@pytest.fixture(autouse=True)
def _people(sim: Simulator) -> None:
    with sim.client() as knock:
        for user in ("ana", "ben"):
            knock.users.update(user)


def counts(total: int, unread: int, unseen: int) -> Any:
    return {"total_count": total, "unread_count": unread, "unseen_count": unseen}


def test_a_message_is_told_of_with_the_counts(socket: Socket, topic: str, client: Knock) -> None:
    socket.join(topic, {"client_Ab1": {"archived": "exclude", "mode": "compact"}}, "7")
    client.workflows.trigger("w", recipients=["ben"])
    client.workflows.trigger("w", recipients=["ana"])
    told = socket.receive()
    assert told[:4] == ("7", None, topic, "new-message")
    assert told.payload == {
        "event": "new-message",
        "attn": ["client_Ab1"],
        "metadata": counts(1, 1, 1),
        "data": {"client_Ab1": {"metadata": counts(1, 1, 1)}},
    }


FILTERS: list[Any] = [
    ({}, True),
    ({"archived": "include", "page_size": 5, "mode": "rich", "unknown": [1], "__x": 1, "tenant": None}, True),
    ({"archived": "only"}, False),
    ({"status": "unread"}, True),
    ({"status": "all"}, True),
    ({"status": "seen"}, False),
    ({"tenant": "acme"}, True),
    ({"tenant": "other"}, False),
    ({"has_tenant": True}, True),
    ({"has_tenant": False}, False),
    ({"source": "w"}, True),
    ({"source": "v"}, False),
    ({"workflow_categories": ["news", "x"]}, True),
    ({"workflow_categories": ["x"]}, False),
    ({"trigger_data": {"color": "red"}}, True),
    ({"trigger_data": {"color": "blue"}}, False),
    ({"inserted_at.gte": "2026-01-01"}, True),
    ({"inserted_at.gt": "2027-01-01T00:00:00Z"}, False),
]


@pytest.mark.parametrize("case", FILTERS, ids=str)
def test_only_clients_whose_filters_a_message_passes_are_told(
    sim: Simulator, socket: Socket, topic: str, client: Knock, case: tuple[Any, bool]
) -> None:
    options, is_told = case
    sim.workflow("w", steps=[Send("in_app_feed")], categories=["news"])
    socket.join(topic, {"filtered": options, "all": {}})
    client.workflows.trigger("w", recipients=["ana"], tenant="acme", data={"color": "red"})
    told = socket.receive().payload
    assert told["attn"] == (["filtered", "all"] if is_told else ["all"])
    assert told["data"].keys() == set(told["attn"])


def test_nobody_is_told_of_a_message_that_no_filter_passes(socket: Socket, topic: str, client: Knock) -> None:
    socket.join(topic, {"c": {"tenant": "acme"}})
    client.workflows.trigger("w", recipients=["ana"], tenant="other")
    assert socket.is_quiet()


def test_counts_are_those_under_the_filters_of_each_client(socket: Socket, topic: str, client: Knock) -> None:
    client.workflows.trigger("w", recipients=["ana"], tenant="other")
    client.workflows.trigger("w", recipients=["ana"])
    first = next(iter(client.messages.list(tenant="other"))).id
    client.messages.mark_as_read(first)
    socket.join(topic, {"unread": {"status": "unread"}, "acme": {"tenant": "acme"}})
    client.workflows.trigger("w", recipients=["ana"], tenant="acme")
    told = socket.receive().payload
    assert told["metadata"] == counts(3, 2, 3)
    assert told["data"] == {"unread": {"metadata": counts(2, 2, 2)}, "acme": {"metadata": counts(2, 2, 2)}}


def test_counts_follow_what_happens_to_messages_and_nobody_is_told_of_it(
    socket: Socket, topic: str, client: Knock, sim: Simulator
) -> None:
    socket.join(topic, ONE)
    for _ in range(6):
        client.workflows.trigger("w", recipients=["ana"])
        assert socket.receive().event == "new-message"
    ids = [message.id for message in sim.messages(to="ana")]
    client.messages.mark_as_read(ids[0])
    client.messages.mark_as_seen(ids[1])
    client.messages.archive(ids[2])
    client.messages.mark_as_read(ids[3])
    client.messages.mark_as_unread(ids[3])
    assert socket.is_quiet()
    client.workflows.trigger("w", recipients=["ana"])
    listed = client.users.feeds.list_items("ana", sim.channel("in_app_feed").id).meta
    found = socket.receive().payload["metadata"]
    assert found == counts(listed.total_count, listed.unread_count, listed.unseen_count)
    assert found["total_count"] == 6


def test_counts_follow_users_that_are_merged_and_deleted(
    socket: Socket, topic: str, client: Knock, sim: Simulator
) -> None:
    socket.join(topic, ONE)
    client.workflows.trigger("w", recipients=["ben", "ana"])
    assert socket.receive().payload["metadata"] == counts(1, 1, 1)
    client.users.merge("ana", from_user_id="ben")
    assert socket.is_quiet()
    client.workflows.trigger("w", recipients=["ana"])
    assert socket.receive().payload["metadata"] == counts(3, 3, 3)
    client.users.delete("ana")
    client.users.update("ana")
    client.workflows.trigger("w", recipients=["ana"])
    listed = client.users.feeds.list_items("ana", sim.channel("in_app_feed").id).meta
    assert socket.receive().payload["metadata"]["total_count"] == listed.total_count


def test_each_message_of_an_advance_has_an_event_with_the_counts_of_its_moment(
    socket: Socket, topic: str, client: Knock, sim: Simulator
) -> None:
    sim.workflow("later", steps=[Delay(timedelta(hours=1)), Send("in_app_feed")])
    socket.join(topic, ONE)
    for _ in range(3):
        client.workflows.trigger("later", recipients=["ana"])
    assert socket.is_quiet()
    sim.advance(hours=1)
    assert [socket.receive().payload["metadata"]["total_count"] for _ in range(3)] == [1, 2, 3]


def test_messages_of_a_client_in_the_process_are_told_of(socket: Socket, topic: str, sim: Simulator) -> None:
    socket.join(topic, ONE)
    with sim.client() as knock:
        knock.workflows.trigger("w", recipients=["ana"])
    assert socket.receive().event == "new-message"


def test_messages_of_other_channels_are_not_told_of(socket: Socket, topic: str, sim: Simulator, client: Knock) -> None:
    sim.channel("other", type="in_app_feed")
    sim.workflow("w", steps=[Send("other"), Send("email")])
    socket.join(topic, ONE)
    client.workflows.trigger("w", recipients=["ana"])
    assert socket.is_quiet()


def test_a_channel_may_be_named_by_its_key(socket: Socket, client: Knock) -> None:
    socket.join("feeds:in_app_feed:ana", ONE)
    client.workflows.trigger("w", recipients=["ana"])
    assert socket.receive().topic == "feeds:in_app_feed:ana"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ("x", "c"),
        ({"archived": "no"}, "c.archived"),
        ({"status": 1}, "c.status"),
        ({"tenant": {}}, "c.tenant"),
        ({"has_tenant": "true"}, "c.has_tenant"),
        ({"workflow_categories": "x"}, "c.workflow_categories"),
        ({"workflow_categories": [1]}, "c.workflow_categories"),
        ({"trigger_data": "{}"}, "c.trigger_data"),
        ({"trigger_data": {"a": {}}}, "trigger_data.a"),
        ({"inserted_at.lt": "soon"}, "c.inserted_at.lt"),
    ],
)
def test_a_malformed_option_is_named(socket: Socket, topic: str, options: Any, field: str) -> None:
    assert [each["field"] for each in socket.refused(topic, {"c": options})["errors"]] == [field]


def test_too_many_clients_are_refused(socket: Socket, topic: str) -> None:
    assert "200" in socket.refused(topic, {f"c{number}": {} for number in range(201)})["message"]


def test_an_unknown_channel_and_one_of_another_type_are_refused(socket: Socket, sim: Simulator) -> None:
    assert socket.refused("feeds:nothing:ana")["reason"] == "resource_missing"
    assert socket.refused(f"feeds:{sim.channel('email').id}:ana")["reason"] == "channel_invalid"


def test_a_restored_state_closes_sockets_so_that_they_join_anew(
    url: str, topic: str, sim: Simulator, client: Knock
) -> None:
    snapshot = sim.snapshot()
    with opened(url) as socket:
        socket.join(topic, ONE)
        client.workflows.trigger("w", recipients=["ana"])
        assert socket.receive().payload["metadata"] == counts(1, 1, 1)
        sim.restore(snapshot)
        assert socket.close_code() == 1012
    with opened(url) as socket:
        socket.join(topic, ONE)
        client.workflows.trigger("w", recipients=["ana"])
        assert socket.receive().payload["metadata"] == counts(1, 1, 1)


def test_sockets_of_an_environment_hear_of_it_only(url: str, topic: str, sim: Simulator, client: Knock) -> None:
    with opened(url) as main, opened(url, "api_key=pk_x@one&vsn=2.0.0") as socket:
        main.join(topic, ONE)
        socket.join(topic, ONE)
        client.workflows.trigger("w", recipients=["ana"])
        assert main.receive().event == "new-message"
        assert socket.is_quiet()
        with Knock(api_key="sk_x@one", base_url=url, allow_http=True) as other:
            other.users.update("ana")
            other.workflows.trigger("w", recipients=["ana"])
        assert socket.receive().payload["metadata"] == counts(1, 1, 1)
        assert main.is_quiet()
    assert len(sim.messages()) == 1


def test_the_command_serves_sockets_and_ends_with_1012(topic: str) -> None:
    with run_server() as server, opened(server.url) as socket:
        socket.join(topic, ONE)
        with Knock(api_key=KEY, base_url=server.url) as knock:
            knock.users.update("ana")
            knock.workflows.trigger("w", recipients=["ana"])
        assert socket.receive().event == "new-message"
        server.process.terminate()
        assert socket.close_code() == 1012
        assert server.stop()[0] == 0


def test_fifty_sockets_are_each_told_of_each_message(url: str, topic: str, client: Knock) -> None:
    with ExitStack() as stack:
        sockets = [stack.enter_context(opened(url)) for _ in range(50)]
        for number, socket in enumerate(sockets):
            socket.join(topic, {f"c{number}": {}})
        for _ in range(5):
            client.workflows.trigger("w", recipients=["ana"])
        for number, socket in enumerate(sockets):
            told = [socket.receive().payload for _ in range(5)]
            assert [each["metadata"]["total_count"] for each in told] == [1, 2, 3, 4, 5]
            assert {tuple(each["attn"]) for each in told} == {(f"c{number}",)}
