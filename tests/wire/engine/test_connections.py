"""The default engine: its requests, and the reuse of connections."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from knock_sdk import (
    APIConnectionError,
    APIStatusError,
    OutcomeUnknownError,
)
from tests.support.server import Server, after, hang_up, message, raw, reset, respond

from ..caller import KEY, USER

if TYPE_CHECKING:
    from tests.support.server import Received, Reply

    from ..caller import Caller


def test_a_request_has_only_the_headers_it_needs(caller: Caller) -> None:
    with Server(respond(json={"workflow_run_id": "r1"})) as server:
        client = caller.client(server.url, branch="b1", user_token="t.o.k")
        caller(client.workflows.trigger, "flow", recipients=["u1"], data={"a": 1}, idempotency_key="k1")
    (received,) = server.requests
    assert (received.method, received.target) == ("POST", "/v1/workflows/flow/trigger")
    assert received.json == {"recipients": ["u1"], "data": {"a": 1}}
    agent = received.headers["user-agent"]
    assert agent.startswith("knock-sdk/")
    assert received.headers == {
        "host": f"127.0.0.1:{server.port}",
        "authorization": f"Bearer {KEY}",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "user-agent": agent,
        "content-type": "application/json",
        "content-length": str(len(received.body)),
        "x-knock-branch": "b1",
        "x-knock-user-token": "t.o.k",
        "idempotency-key": "k1",
    }


def test_successive_calls_use_one_connection(caller: Caller) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        for _ in range(20):
            assert caller(client.users.get, "u1").id == "u1"
        assert server.accepted == 1
        assert len(server.requests) == 20


def test_clients_made_by_with_options_share_a_connection(caller: Caller) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        other = client.with_options(branch="b1", user_token="t", timeout=5)
        for each in (client, other, client):
            caller(each.users.get, "u1")
        assert server.accepted == 1
        assert [received.headers.get("x-knock-branch") for received in server.requests] == [None, "b1", None]


@pytest.mark.parametrize(
    "reply",
    [
        respond(json=USER, connection="close"),
        raw(b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(USER).encode(), then_close=True),
    ],
    ids=["connection: close", "HTTP/1.0"],
)
def test_a_response_that_ends_its_connection_is_returned(caller: Caller, reply: Reply) -> None:
    with Server(reply) as server:
        client = caller.client(server.url)
        for _ in range(3):
            assert caller(client.users.get, "u1").id == "u1"
        assert server.accepted == len(server.requests) == 3


def test_a_request_to_an_unknown_host_is_not_sent(caller: Caller) -> None:
    client = caller.client("https://nowhere.invalid", max_retries=0)
    with pytest.raises(APIConnectionError, match=r"cannot look up nowhere\.invalid") as caught:
        caller(client.users.get, "u1")
    assert not caught.value.sent


class TestStaleConnection:
    def test_a_connection_closed_between_calls_is_replaced(self, caller: Caller) -> None:
        with Server(respond(json=[])) as server:
            client = caller.client(server.url)
            for _ in range(5):
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
                server.close_idle()
            assert len(server.requests) == server.accepted == 5

    @pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
    def test_a_connection_closed_as_the_request_arrives_is_replaced(self, caller: Caller, end: Reply) -> None:
        """The retry of a repeatable request is immediate, and uses another connection."""
        with Server(respond(json=USER), end, respond(json=USER)) as server:
            client = caller.client(server.url)
            caller(client.users.get, "u1")
            assert caller(client.users.get, "u1").response_info.attempts == 2
            first, second, third = server.requests
            assert first.connection == second.connection != third.connection
            assert third.at - second.at < 0.5

    @pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
    def test_an_unrepeatable_request_is_not_sent_again(self, caller: Caller, end: Reply) -> None:
        with Server(respond(json=[]), end, respond(json=[])) as server:
            client = caller.client(server.url)
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
            with pytest.raises(OutcomeUnknownError) as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
            assert caught.value.sent
            assert len(server.requests) == 2

    def test_a_stray_response_is_never_returned(self, caller: Caller) -> None:
        """Data after a response does not belong to any request."""
        stray = message(json={**USER, "id": "stray"})
        with Server(raw(message(json=USER) + stray), respond(json=USER)) as server:
            client = caller.client(server.url)
            assert [caller(client.users.get, "u1").id for _ in range(3)] == ["u1", "u1", "u1"]
            assert server.accepted == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(caller: Caller, status: int) -> None:
    with Server(respond(json=USER)) as other, Server(respond(status, location=other.url + "/v1/users/u1")) as server:
        client = caller.client(server.url)
        with pytest.raises(APIStatusError, match="redirects are not followed") as caught:
            caller(client.workflows.trigger, "flow", recipients=["u1"])
        assert caught.value.status_code == status
        assert len(server.requests) == 1
        assert other.accepted == 0


def test_max_connections_limits_concurrent_requests(caller: Caller) -> None:
    inside = most = 0

    def pick(_: Received) -> Reply:
        async def reply(exchange: object) -> None:
            nonlocal inside, most
            inside += 1
            most = max(most, inside)
            await after(0.02, respond(json=USER))(exchange)
            inside -= 1

        return reply

    with Server.by(pick) as server:
        client = caller.client(server.url, max_connections=3)
        users = caller.together([lambda: client.users.get("u1")] * 24)
        assert [user.id for user in users] == ["u1"] * 24
        assert most == server.accepted == 3
