"""Frames: replies, joins that replace each other, leaves, and frames that are malformed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing.server.sockets import connection

from .phoenix import opened

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator

    from .phoenix import Socket

CLIENT: Any = {"c": {}}


def test_a_heartbeat_gets_a_reply(socket: Socket) -> None:
    socket.send(None, "8", "phoenix", "heartbeat", {})
    assert socket.receive() == (None, "8", "phoenix", "phx_reply", {"status": "ok", "response": {}})


def test_a_join_that_replaces_another_closes_the_older_one_first(socket: Socket, topic: str, client: Knock) -> None:
    socket.join(topic, CLIENT, "7")
    socket.send("9", "9", topic, "phx_join", {"d": {}})
    assert socket.receive() == ("7", None, topic, "phx_close", {})
    assert socket.receive() == ("9", "9", topic, "phx_reply", {"status": "ok", "response": {}})
    client.users.update("ana")
    client.workflows.trigger("w", recipients=["ana"])
    event = socket.receive()
    assert (event.join_ref, event.payload["attn"]) == ("9", ["d"])
    assert socket.is_quiet()


def test_a_leave_ends_only_the_join_that_it_names(socket: Socket, topic: str, client: Knock) -> None:
    client.users.update("ana")
    socket.join(topic, CLIENT, "7")
    socket.send("9", "9", topic, "phx_join", CLIENT)
    assert [socket.receive().event for _ in range(2)] == ["phx_close", "phx_reply"]
    assert socket.call(topic, "phx_leave", {}, "7").payload["status"] == "ok"
    client.workflows.trigger("w", recipients=["ana"])
    assert socket.receive().event == "new-message"
    assert socket.call(topic, "phx_leave", {}, "9").payload["status"] == "ok"
    client.workflows.trigger("w", recipients=["ana"])
    assert socket.is_quiet()


def test_a_topic_is_split_at_its_first_two_colons(socket: Socket, sim: Simulator, client: Knock) -> None:
    user = "org:1:ana b@x%"
    topic = f"feeds:{sim.channel('in_app_feed').id}:{user}"
    client.users.update(user)
    socket.join(topic, CLIENT)
    client.workflows.trigger("w", recipients=[user])
    assert socket.receive().topic == topic


@pytest.mark.parametrize("topic", ["", "x", "feeds", "feeds:x", "rooms:1:2"])
def test_other_topics_are_refused(socket: Socket, topic: str) -> None:
    assert socket.refused(topic)["reason"] == "unmatched topic"


def test_other_events_get_an_error_and_the_join_stays(socket: Socket, topic: str, client: Knock) -> None:
    client.users.update("ana")
    socket.join(topic, CLIENT)
    assert socket.call(topic, "shout", {}, "1").payload["status"] == "error"
    client.workflows.trigger("w", recipients=["ana"])
    assert socket.receive().event == "new-message"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "{}",
        "[]",
        "[1,2,3,4,5]",
        '["1","1","t","e"]',
        '["1","1","t","e",null]',
        '["1","1",null,"e",{}]',
        '["1",1,"t","e",{}]',
        "[" * 5_000,
        '["1","1","t","e",{"a":NaN}]',
        '["1","1","' + "t" * 2_000 + '","e",{}]',
        b"\x00\x01",
    ],
)
def test_a_malformed_frame_closes_the_socket(socket: Socket, text: str | bytes) -> None:
    socket.connection.send(text)
    assert socket.close_code() == 1008


def test_a_frame_that_is_too_large_closes_the_socket(socket: Socket) -> None:
    socket.connection.send('["1","1","t","e",{"a":"' + "x" * 70_000 + '"}]')
    assert socket.close_code() == 1009


def test_a_socket_joins_a_hundred_topics_at_most(socket: Socket, topic: str) -> None:
    for number in range(100):
        socket.join(f"{topic}{number}", CLIENT)
    assert socket.refused(topic, CLIENT)["reason"] == "too many topics"
    # One that is joined already may be joined again.
    socket.send("2", "2", f"{topic}0", "phx_join", CLIENT)
    assert [socket.receive().event for _ in range(2)] == ["phx_close", "phx_reply"]


def test_a_client_that_does_not_read_is_closed(url: str, sim: Simulator, topic: str) -> None:
    options: Any = {f"client-{number}-{'x' * 400}": {} for number in range(100)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "LONGEST_QUEUE", 20)
        with opened(url, max_queue=1, ping_interval=None) as slow, sim.client() as knock:
            slow.join(topic, options)
            knock.users.update("ana")
            # Far more than the queue and the buffers of the system take.
            for _ in range(400):
                knock.workflows.trigger("w", recipients=["ana"])
            assert slow.close_code() in {1013, None}
    with opened(url) as other:
        assert other.is_quiet()
