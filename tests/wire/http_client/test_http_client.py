"""`http_client=` with a client of the caller: requests go through it, and this client's guarantees hold."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import (
    APIResponseValidationError,
    APITimeoutError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseTooLargeError,
)
from tests.support.server import SECONDS, Server, flood, hang_up, head, raw, respond

from ..caller import KEY, USER
from ..replies import TOO_LARGE_AND_MORE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from tests.support.server import Exchange

    from ..caller import Caller

URL = "https://api.knock.example"


def over_mock(caller: Caller, handler: Callable[[httpx.Request], httpx.Response], **options: Any) -> Any:
    """Make a client over a mock transport that calls `handler`."""
    return caller.client(URL, http_client=caller.httpx(httpx.MockTransport(handler)), **options)


def test_the_given_client_gets_the_complete_request(caller: Caller) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"workflow_run_id": "r1"}, headers={"x-request-id": "req_1"})

    client = over_mock(caller, handler)
    done = caller(client.workflows.trigger, "flow/a", recipients=["u1"], idempotency_key="k1")
    assert (done.workflow_run_id, done.response_info.request_id) == ("r1", "req_1")
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", f"{URL}/v1/workflows/flow%2Fa/trigger")
    assert json.loads(request.content) == {"recipients": ["u1"]}
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["idempotency-key"] == "k1"
    assert request.headers["user-agent"].startswith("knock-sdk/")
    assert request.headers["accept-encoding"] == "gzip"
    assert request.headers.get_list("content-length") == [str(len(request.content))]


def test_the_path_of_the_base_url_prefixes_every_path(caller: Caller) -> None:
    given = caller.httpx(httpx.MockTransport(lambda request: httpx.Response(200, json={"at": str(request.url)})))
    client = caller.client(f"{URL}/knock", http_client=given)
    assert caller(client.get, "/v1/users?a=%20b", query={"c": 1})["at"] == f"{URL}/knock/v1/users?a=%20b&c=1"


def test_the_given_client_is_not_closed(caller: Caller) -> None:
    given = caller.httpx(httpx.MockTransport(lambda _: httpx.Response(200, json=USER)))
    for _ in range(2):
        client = caller.client(URL, http_client=given)
        assert caller(client.users.get, "u1").id == "u1"
        caller(client.close)
        assert not given.is_closed


def test_statuses_are_retried(caller: Caller, waits: list[float]) -> None:
    statuses = iter([503, 429, 200])
    client = over_mock(caller, lambda _: httpx.Response(next(statuses), json=USER))
    assert caller(client.users.get, "u1").response_info.attempts == 3
    assert len(waits) == 2


def test_an_error_status_is_raised(caller: Caller) -> None:
    client = over_mock(caller, lambda _: httpx.Response(429, json={"message": "slow"}, headers={"retry-after": "99"}))
    with pytest.raises(RateLimitError, match="slow") as caught:
        caller(client.users.get, "u1")
    assert caught.value.retry_after == 99


def test_waiting_for_a_free_connection_times_out(caller: Caller) -> None:
    """`max_connections` applies to a given client too, and a request that only waited was not sent."""
    ended = threading.Event()

    async def hold(exchange: Exchange) -> None:
        await asyncio.to_thread(ended.wait, SECONDS)
        await respond(json=USER)(exchange)

    with Server(hold) as server, ThreadPoolExecutor(1) as threads:
        client = caller.client(server.url, http_client=caller.httpx(), max_connections=1)
        holding = threads.submit(caller, client.users.get, "u1", timeout=None)
        try:
            server.wait_for(lambda server: len(server.requests) == 1)
            for call in (client.users.get, client.users.delete):
                with pytest.raises(APITimeoutError, match="no connection became free in time") as caught:
                    caller(call, "u2", timeout=0.1)
                assert (caught.value.sent, caught.value.attempts) == (False, 0)
            with pytest.raises(APITimeoutError) as caught:  # the outcome is known
                caller(client.schedules.create, recipients=["u1"], workflow="flow", timeout=0.1)
            assert (caught.value.sent, caught.value.attempts) == (False, 0)
        finally:
            ended.set()
        assert holding.result(SECONDS).id == "u1"
        assert caller(client.users.get, "u3").id == "u1"
        assert [received.path for received in server.requests] == ["/v1/users/u1", "/v1/users/u3"]


def test_an_exception_that_is_not_from_httpx_is_passed_on(caller: Caller) -> None:
    """An error in the given client itself is not hidden."""

    def handler(_: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        caller(over_mock(caller, handler).users.get, "u1")


class TestBodies:
    def test_a_gzip_body_of_a_mock_is_decompressed(self, caller: Caller) -> None:
        packed = gzip.compress(json.dumps(USER).encode())
        client = over_mock(caller, lambda _: httpx.Response(200, content=packed, headers={"content-encoding": "gzip"}))
        assert caller(client.users.get, "u1").id == "u1"

    def test_a_gzip_body_from_the_network_is_decompressed(self, caller: Caller) -> None:
        packed = gzip.compress(json.dumps(USER).encode())
        with Server(respond(body=packed, content_encoding="gzip")) as server:
            client = caller.client(server.url, http_client=caller.httpx())
            assert caller(client.users.get, "u1").id == "u1"

    def test_a_truncated_gzip_body_is_a_validation_error(self, caller: Caller) -> None:
        packed = gzip.compress(json.dumps(USER).encode())[:-9]
        with Server(respond(body=packed, content_encoding="gzip")) as server:
            client = caller.client(server.url, http_client=caller.httpx())
            with pytest.raises(APIResponseValidationError):
                caller(client.users.get, "u1")

    def test_an_endless_body_is_rejected(self, caller: Caller) -> None:
        with Server(flood(head(200, {}, length=None), b"x" * 65_536)) as server:
            client = caller.client(server.url, http_client=caller.httpx(), max_response_size=1_000_000)
            with pytest.raises(ResponseTooLargeError):
                caller(client.users.get, "u1")
            server.wait_for(lambda server: server.open == 0)

    def test_data_after_an_oversized_response_is_not_returned(self, caller: Caller) -> None:
        with Server(raw(TOO_LARGE_AND_MORE), respond(json=USER)) as server:
            client = caller.client(server.url, http_client=caller.httpx(), max_response_size=1000)
            with pytest.raises(ResponseTooLargeError):
                caller(client.users.get, "u1")
            assert [caller(client.users.get, "u1").id for _ in range(2)] == ["u1", "u1"]
            server.wait_for(lambda server: server.open == 1)
            assert server.accepted == 2

    @pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")  # trio's, about the body that stays open
    def test_a_slow_body_ends_at_the_timeout(self, caller: Caller) -> None:
        """Its chunks never let the event loop run, so that only the reader can check the time."""

        def drip() -> Iterator[bytes]:
            yield b'{"id": "u1"'
            for _ in range(2500):
                time.sleep(0.002)
                yield b" "
            yield b"}"

        async def drip_async() -> AsyncIterator[bytes]:
            for chunk in drip():
                yield chunk

        body = drip if caller.kind == "sync" else drip_async
        client = over_mock(caller, lambda _: httpx.Response(200, content=body()), timeout=0.2)
        with pytest.raises(APITimeoutError) as caught:
            caller(client.users.get, "u1")
        assert caught.value.sent
        assert caught.value.attempts == 1

    @pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")  # trio's, about the body that stays open
    def test_an_endless_body_that_cannot_be_closed_is_rejected(self, caller: Caller) -> None:
        def chunks() -> Iterator[bytes]:
            while True:
                yield b"x" * 1024

        async def chunks_async() -> AsyncIterator[bytes]:
            for chunk in chunks():
                yield chunk

        body = chunks if caller.kind == "sync" else chunks_async
        client = over_mock(caller, lambda _: httpx.Response(200, content=body()), max_response_size=1_000_000)
        with pytest.raises(ResponseTooLargeError):
            caller(client.users.get, "u1")
        gc.collect()  # the body, here and not in a later test


def test_a_connection_lost_after_the_request_is_an_unknown_outcome(caller: Caller) -> None:
    with Server(hang_up) as server:
        client = caller.client(server.url, http_client=caller.httpx())
        with pytest.raises(OutcomeUnknownError):
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        assert len(server.requests) == 1


class MinimalResponse:
    """The attributes that a response must have."""

    status_code = 200
    is_stream_consumed = False
    headers = httpx.Headers({"x-request-id": "req_1"})

    def iter_raw(self) -> Iterator[bytes]:
        yield json.dumps(USER).encode()

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        yield json.dumps(USER).encode()


class MinimalClient:
    """The methods that a client must have, without httpx."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, bool]] = []

    @contextmanager
    def stream(self, method: str, url: str, **named: Any) -> Iterator[MinimalResponse]:
        self.seen.append((method, url, named["follow_redirects"]))
        yield MinimalResponse()


class AsyncMinimalClient(MinimalClient):
    @asynccontextmanager
    async def stream(self, method: str, url: str, **named: Any) -> AsyncIterator[MinimalResponse]:
        with super().stream(method, url, **named) as response:
            yield response


def test_any_object_with_the_interface_of_httpx_is_accepted(caller: Caller) -> None:
    given = MinimalClient() if caller.kind == "sync" else AsyncMinimalClient()
    client = caller.client(URL, http_client=given)
    assert caller(client.users.get, "u1").response_info.request_id == "req_1"
    assert given.seen == [("GET", f"{URL}/v1/users/u1", False)]
