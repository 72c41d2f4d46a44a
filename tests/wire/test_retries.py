"""Retries: which requests are sent again, how often and when, by operation, status and progress."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    OutcomeUnknownError,
    RateLimitError,
)
from knock_sdk._core.outcome import Failure, Response
from knock_sdk._core.retry import Budget
from tests.support.server import Server, hang_up, reset, respond

from .caller import USER

if TYPE_CHECKING:
    from tests.support.server import Received, Reply

    from .caller import Caller

CALLS: dict[str, Any] = {
    "safe": lambda client, **options: client.users.get("u1", **options),
    "idempotent": lambda client, **options: client.users.update("u1", name="A", **options),
    "upsert": lambda client, **options: client.messages.batch.mark_as_read(message_ids=["m1"], **options),
    "keyed": lambda client, **options: client.workflows.trigger("flow", recipients=["u1"], **options),
    "never": lambda client, **options: client.schedules.create(recipients=["u1"], workflow="flow", **options),
    "get": lambda client, **options: client.get("/v1/users/u1", **options),
    "put": lambda client, **options: client.put("/v1/users/u1", body={}, **options),
    "delete": lambda client, **options: client.delete("/v1/users/u1", **options),
    "post": lambda client, **options: client.post("/v1/users/u1", body={}, **options),
}
UNREPEATABLE = ("never", "post")
ATTEMPTS = {name: 4 if name == "keyed" else 3 for name in CALLS}

TRANSIENT = (408, 500, 502, 503, 504)
FINAL = (300, 302, 304, 400, 401, 403, 404, 409, 410, 413, 418, 422, 425, 426, 501, 505, 507, 511)


def _respond_with_requested_status(received: Received) -> Reply:
    return respond(int(received.headers["x-status"]), body=b"")


@pytest.mark.parametrize("name", CALLS)
def test_a_status_is_retried_if_the_operation_permits(caller: Caller, waits: list[float], name: str) -> None:
    """After 429 any request is sent again, after 408 and some 5xx a repeatable one; other statuses are final."""
    with Server.by(_respond_with_requested_status) as server:
        client = caller.client(server.url)
        seen: dict[int, int] = {}
        for status in (429, *TRANSIENT, *FINAL):
            server.requests.clear()
            with pytest.raises(APIStatusError) as caught:
                caller(CALLS[name], client.with_options(max_retries=None), extra_headers={"x-status": str(status)})
            assert caught.value.status_code == status
            assert caught.value.attempts == len(server.requests)
            seen[status] = len(server.requests)
    expected = dict.fromkeys(FINAL, 1) | {429: ATTEMPTS[name]}
    expected |= dict.fromkeys(TRANSIENT, 1 if name in UNREPEATABLE else ATTEMPTS[name])
    assert seen == expected
    assert len(waits) == sum(seen.values()) - len(seen)


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize(("status", "name", "attempts"), [(500, "keyed", 1), (503, "keyed", 4), (500, "safe", 3)])
def test_strict_once_does_not_retry_a_trigger_after_500(caller: Caller, status: int, name: str, attempts: int) -> None:
    """A trigger that got a 500 may have been carried out."""
    with Server(respond(status)) as server:
        with pytest.raises(InternalServerError):
            caller(CALLS[name], caller.client(server.url, strict_once=True))
        assert len(server.requests) == attempts


def test_every_attempt_of_a_trigger_is_the_same(caller: Caller, waits: list[float]) -> None:
    """The body and the idempotency key stay the same, so that the server recognizes a repetition."""
    with Server(respond(503), reset, respond(429), respond(json={"workflow_run_id": "r1"})) as server:
        client = caller.client(server.url)
        done = caller(client.workflows.trigger, "flow", recipients=["u1"], data={"at": 1.5})
        assert (done.response_info.attempts, len(waits)) == (4, 3)
        assert len({(received.body, *received.headers.items()) for received in server.requests}) == 1
        (key,) = {received.headers["idempotency-key"] for received in server.requests}
        assert done.response_info.idempotency_key == key
        server.requests.clear()
        caller(client.workflows.trigger, "flow", recipients=["u1"])
        assert server.requests[0].headers["idempotency-key"] != key


def test_only_a_trigger_has_an_idempotency_key(caller: Caller) -> None:
    with Server.by(lambda received: respond(json=[] if "schedules" in received.path else USER)) as server:
        client = caller.client(server.url)
        for name in ("safe", "idempotent", "never", "post"):
            caller(CALLS[name], client)
        assert ["idempotency-key" in received.headers for received in server.requests] == [False] * 4


@pytest.mark.parametrize(("retries", "requests"), [(0, 1), (1, 2), (5, 6)])
def test_max_retries_limits_the_attempts(caller: Caller, waits: list[float], retries: int, requests: int) -> None:
    with Server(respond(503)) as server:
        client = caller.client(server.url)
        for call in (
            lambda: client.users.get("u1", max_retries=retries),
            lambda: client.with_options(max_retries=retries).users.get("u1"),
        ):
            server.requests.clear()
            with pytest.raises(InternalServerError):
                caller(call)
            assert len(server.requests) == requests
        assert len(waits) == retries * 2


def test_the_server_can_prevent_a_retry(caller: Caller, waits: list[float]) -> None:
    with Server.by(lambda received: respond(int(received.headers["x-status"]), x_should_retry="false")) as server:
        client = caller.client(server.url)
        for status in (429, 503):
            with pytest.raises(APIStatusError):
                caller(client.users.get, "u1", extra_headers={"x-status": str(status)})
        assert len(server.requests) == 2
        assert waits == []


def test_the_server_cannot_force_a_retry(caller: Caller) -> None:
    with Server(respond(400, x_should_retry="true")) as server, pytest.raises(APIStatusError):
        caller(caller.client(server.url).users.get, "u1")
    assert len(server.requests) == 1


class TestRetryAfter:
    @pytest.mark.parametrize("header", [{"retry_after_ms": "250"}, {"retry_after": "0.25"}], ids=["ms", "seconds"])
    def test_the_wait_is_never_shorter_than_requested(self, caller: Caller, header: dict[str, str]) -> None:
        with Server(respond(429, **header), respond(json=USER)) as server:
            caller(caller.client(server.url).users.get, "u1")
            first, second = server.requests
            assert second.at - first.at >= 0.25

    @pytest.mark.parametrize(
        ("header", "least", "most"),
        [
            ({"retry_after": "7"}, 7, 7.7),
            ({"retry_after_ms": "1500", "retry_after": "7"}, 1.5, 1.65),
            ({"retry_after": "60"}, 60, 66),
            ({"retry_after": "0"}, 0, 0),
            ({"retry_after": "soon"}, 0, 1),
        ],
        ids=["seconds", "ms first", "60", "0", "nonsense"],
    )
    def test_the_header_sets_the_wait(
        self, caller: Caller, waits: list[float], header: dict[str, str], least: float, most: float
    ) -> None:
        with Server(respond(429, **header), respond(json=USER)) as server:
            caller(caller.client(server.url, timeout=600).users.get, "u1")
        (wait,) = waits
        assert least <= wait <= most

    @pytest.mark.parametrize("ahead", [30, -30])
    def test_a_date_sets_the_wait(self, caller: Caller, waits: list[float], ahead: int) -> None:
        date = int(time.time()) + ahead
        most = date - time.time()
        with Server(respond(503, retry_after=formatdate(date, usegmt=True)), respond(json=USER)) as server:
            caller(caller.client(server.url).users.get, "u1")
        (wait,) = waits
        assert max(0, date - time.time()) <= wait <= max(0, most * 1.1)

    @pytest.mark.parametrize("text", ["61", "3600", "99999999", "Wed, 01 Jan 99999 00:00:00 GMT"])
    def test_a_requested_wait_above_a_minute_is_raised_at_once(
        self, caller: Caller, waits: list[float], text: str
    ) -> None:
        """The error has the wait that the server requests."""
        with Server(respond(429, retry_after=text)) as server, pytest.raises(RateLimitError) as caught:
            caller(caller.client(server.url, timeout=None).workflows.trigger, "flow", recipients=["u1"])
        assert caught.value.retry_after is not None
        assert caught.value.retry_after == (float(text) if text.isdigit() else pytest.approx(1e12))
        assert caught.value.idempotency_key == server.requests[0].headers["idempotency-key"]
        assert len(server.requests) == 1
        assert waits == []


class TestNoResponse:
    @pytest.mark.parametrize("name", CALLS)
    def test_a_refused_connection_is_retried(
        self, caller: Caller, waits: list[float], refusing: str, name: str
    ) -> None:
        """Nothing was sent, so that any request may be sent again."""
        client = caller.client(refusing)
        place = refusing.partition("//")[2]
        with pytest.raises(APIConnectionError, match=f"cannot connect to {place}: Connection refused") as caught:
            caller(CALLS[name], client)
        assert type(caught.value) is APIConnectionError
        assert not caught.value.sent
        assert caught.value.attempts == ATTEMPTS[name] == len(waits) + 1

    @pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
    @pytest.mark.parametrize("name", CALLS)
    def test_a_request_lost_after_sending_is_retried_if_repeatable(
        self, caller: Caller, waits: list[float], name: str, end: Reply
    ) -> None:
        with Server(end) as server, pytest.raises(APIConnectionError) as caught:
            caller(CALLS[name], caller.client(server.url))
        error = caught.value
        assert error.sent
        if name in UNREPEATABLE:
            assert type(error) is OutcomeUnknownError
            assert error.attempts == len(server.requests) == 1
        else:
            assert type(error) is APIConnectionError
            assert error.attempts == len(server.requests) == ATTEMPTS[name] == len(waits) + 1


class TestBudget:
    def test_the_budget_limits_retries_while_the_server_fails(self, caller: Caller, waits: list[float]) -> None:
        """A thousand calls to a failing server are at most 1,040 requests."""
        with Server(respond(503)) as server:
            client = caller.client(server.url)
            errors = caller.together([lambda: client.users.get("u1")] * 1000)
            assert {type(error) for error in errors} == {InternalServerError}
            assert 1000 < len(server.requests) <= 1040
            assert len(waits) == len(server.requests) - 1000

    def test_clients_made_by_with_options_share_the_budget(self, caller: Caller, waits: list[float]) -> None:
        """Another client has its own budget."""
        with Server(respond(503)) as server:
            client = caller.client(server.url, max_retries=100)
            with pytest.raises(InternalServerError):
                caller(client.users.get, "u1")
            spent = len(waits)
            assert 20 < spent < 100
            with pytest.raises(InternalServerError) as caught:
                caller(client.with_options(timeout=30).users.get, "u1")
            assert caught.value.attempts == 1
            with pytest.raises(InternalServerError) as caught:
                caller(caller.client(server.url).users.get, "u1")
            assert caught.value.attempts == 3

    def test_successes_refill_the_budget(self, caller: Caller, waits: list[float]) -> None:
        replies = [respond(503)] * 36 + [respond(json=USER)] * 30 + [respond(503), respond(json=USER)]
        with Server(*replies) as server:
            client = caller.client(server.url, max_retries=100)
            with pytest.raises(InternalServerError):
                caller(client.users.get, "u1")
            assert len(server.requests) == 36
            for _ in range(30):
                caller(client.users.get, "u1")
            assert caller(client.users.get, "u1").response_info.attempts == 2
            assert len(waits) == 36


@pytest.mark.parametrize(("status", "base"), [(503, 0.05), (429, 1.0)])
def test_waits_grow_and_have_jitter(caller: Caller, waits: list[float], status: int, base: float) -> None:
    """Full jitter over 50 ms, 100 ms, …, and over 1 s, 2 s, … after 429, up to 20 s."""
    with Server(respond(status)) as server:
        for _ in range(40):
            client = caller.client(server.url, max_retries=6, timeout=600)
            with pytest.raises(APIStatusError):
                caller(client.users.get, "u1")
    assert len(set(waits)) == len(waits) == 240
    for index in range(6):
        longest = min(base * 2**index, 20)
        # Forty draws all lie in the same half once in 10**12 runs.
        assert longest / 2 < max(waits[index::6]) <= longest
        assert 0 <= min(waits[index::6]) < longest / 2


def test_the_error_is_raised_at_once_if_the_wait_exceeds_the_deadline(caller: Caller, waits: list[float]) -> None:
    """The error is raised as soon as the wait would end after the deadline."""
    with Server(respond(503, retry_after="50")) as server:
        with pytest.raises(InternalServerError):
            caller(caller.client(server.url, timeout=40).users.get, "u1")
        assert waits == []
        assert len(server.requests) == 1


class Engine:
    """Ends attempts as it is told; every later one gets no connection in time."""

    def __init__(self, *ends: Failure | Response) -> None:
        self.ends = list(ends)
        self.calls = 0

    def exchange(self, outgoing: object, deadline: object) -> Response:
        self.calls += 1
        end = self.ends.pop(0) if self.ends else Failure("no slot", sent=False, timed_out=True, attempted=False)
        if isinstance(end, Failure):
            raise end
        return end

    def close(self) -> None: ...


class AsyncEngine(Engine):
    async def exchange(self, outgoing: object, deadline: object) -> Response:  # type: ignore[override]
        return super().exchange(outgoing, deadline)

    async def close(self) -> None: ...  # type: ignore[override]


@pytest.mark.parametrize(
    ("name", "before", "sent"),
    [
        ("keyed", [], False),
        ("never", [], False),
        ("never", [Failure("refused", sent=False)], False),
        ("never", [Response(429, [], b"")], False),
        ("keyed", [Failure("reset", sent=True)], True),
        ("keyed", [Failure("reset", sent=True), Failure("refused", sent=False)], True),
        ("keyed", [Response(503, [], b"")], True),
    ],
)
def test_a_wait_that_gets_no_connection_is_no_attempt(
    caller: Caller, waits: list[float], name: str, before: list[Failure | Response], sent: bool
) -> None:
    """The error is about the attempts before it, it is not repeated, and no retry is paid for."""
    engine = Engine(*before) if caller.kind == "sync" else AsyncEngine(*before)
    client = caller.client("https://api.knock.example", http_client=engine)
    with pytest.raises(APITimeoutError, match="no slot") as caught:
        caller(CALLS[name], client)
    assert type(caught.value) is APITimeoutError
    assert (caught.value.sent, caught.value.attempts) == (sent, len(before))
    assert engine.calls == len(before) + 1
    paid = 0 if len(before) < 2 else Budget.COST_TRANSIENT  # the retry that took place
    assert client._transport.budget.tokens == Budget.CAPACITY - paid
