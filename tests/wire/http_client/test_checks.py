"""`http_client=`: what is accepted, checked when the client is made, and whose time limits hold."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import APITimeoutError, AsyncKnock, ConfigurationError, Knock
from tests.support.server import Server, hang

from ..caller import KEY, USER
from ..running import ends_after

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from ..caller import Caller

URL = "https://api.knock.example"
CLIENTS: list[Callable[..., Any]] = [Knock, AsyncKnock]


def refusal(client: Callable[..., Any], http_client: Any) -> str:
    with pytest.raises(ConfigurationError, match=r"^http_client: ") as caught:
        client(api_key=KEY, http_client=http_client)
    return str(caught.value)


class Bare:
    """A client with the one method that is needed."""

    timeout: Any = None

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    @contextmanager
    def stream(self, method: str, url: str, **named: Any) -> Iterator[httpx.Response]:
        self.sent.append(named)
        yield httpx.Response(200, json=USER)


class AsyncBare(Bare):
    @asynccontextmanager
    async def stream(self, method: str, url: str, **named: Any) -> AsyncIterator[httpx.Response]:
        with super().stream(method, url, **named) as response:
            yield response


class Opaque:
    """A client whose method tells nothing about itself."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def stream(self, *given: Any, **named: Any) -> Any:
        return self._client.stream(*given, **named)


class TestKinds:
    @pytest.mark.parametrize("client", CLIENTS)
    @pytest.mark.parametrize("given", [object(), 1, True, b"httpx", {}, httpx.MockTransport(lambda _: None)])
    def test_an_object_that_sends_nothing_is_rejected(self, client: Callable[..., Any], given: Any) -> None:
        wanted = "httpx.Client()" if client is Knock else "httpx.AsyncClient()"
        problem = refusal(client, given)
        assert f"takes 'httpx', an {wanted}, or an object with the same methods" in problem
        assert f"{type(given).__name__} has no method stream" in problem

    @pytest.mark.parametrize("client", CLIENTS)
    @pytest.mark.parametrize("given", [httpx.Client, httpx.AsyncClient, Bare])
    def test_a_class_is_rejected(self, client: Callable[..., Any], given: Any) -> None:
        wanted = "httpx.Client()" if client is Knock else "httpx.AsyncClient()"
        assert f"a client and not a class; pass {wanted}" in refusal(client, given)

    @pytest.mark.parametrize("make", [httpx.Client, Bare], ids=["httpx", "stand-in"])
    def test_a_client_for_threads_is_rejected_by_the_asynchronous_one(self, make: Callable[[], Any]) -> None:
        assert "takes an httpx.AsyncClient() here, and not an httpx.Client()" in refusal(AsyncKnock, make())

    @pytest.mark.parametrize("make", [httpx.AsyncClient, AsyncBare], ids=["httpx", "stand-in"])
    def test_a_client_for_event_loops_is_rejected_by_the_synchronous_one(self, make: Callable[[], Any]) -> None:
        assert "takes an httpx.Client() here, and not an httpx.AsyncClient()" in refusal(Knock, make())

    def test_an_object_that_closes_in_the_other_way_is_rejected(self) -> None:
        class Closing(Opaque):
            def close(self) -> None: ...

        class AsyncClosing(Opaque):
            async def aclose(self) -> None: ...

        assert "takes an httpx.AsyncClient()" in refusal(AsyncKnock, Closing(Bare()))
        assert "takes an httpx.Client()" in refusal(Knock, AsyncClosing(AsyncBare()))

    def test_an_object_that_tells_nothing_about_itself_is_tried(self, caller: Caller) -> None:
        given = Opaque(Bare() if caller.kind == "sync" else AsyncBare())
        assert caller(caller.client(URL, http_client=given).users.get, "u1").id == "u1"

    def test_a_closed_client_is_rejected(self, caller: Caller) -> None:
        given = caller.httpx()
        caller(given.close if caller.kind == "sync" else given.aclose)
        assert "is closed already" in refusal(Knock if caller.kind == "sync" else AsyncKnock, given)


class TestTimeLimits:
    @pytest.mark.parametrize(
        ("own", "expected"),
        [
            (httpx.Timeout(5, connect=1), (1, 5, 5, 5)),
            (httpx.Timeout(5000, write=2), (1000, 1000, 2, 950)),
            (httpx.Timeout(None), (1000, 1000, 1000, 950)),
            (httpx.Timeout(None, pool=3), (1000, 1000, 1000, 3)),
            (4, (4, 4, 4, 4)),
            (None, (1000, 1000, 1000, 950)),
            ("soon", (1000, 1000, 1000, 950)),
        ],
    )
    def test_the_smaller_limit_holds(self, caller: Caller, own: Any, expected: tuple[float, ...]) -> None:
        """Waiting for the client's pool ends a little before the attempt does."""
        given = Bare() if caller.kind == "sync" else AsyncBare()
        given.timeout = own
        caller(caller.client(URL, http_client=given, timeout=None, attempt_timeout=1000).users.get, "u1")
        assert given.sent[0]["timeout"] == pytest.approx(expected, abs=20)

    def test_without_limits_of_this_client_those_of_the_given_one_hold(self, caller: Caller) -> None:
        given = Bare() if caller.kind == "sync" else AsyncBare()
        given.timeout = httpx.Timeout(None, read=7)
        caller(caller.client(URL, http_client=given, timeout=None, attempt_timeout=None).users.get, "u1")
        assert given.sent[0]["timeout"] == (None, 7, None, None)

    def test_a_limit_of_the_given_client_ends_an_attempt(self, caller: Caller, waits: list[float]) -> None:
        with Server(hang) as server:
            client = caller.client(server.url, http_client=caller.httpx(timeout=httpx.Timeout(5, read=0.1)))
            with ends_after(0.3), pytest.raises(APITimeoutError) as caught:
                caller(client.users.get, "u1")
            assert len(server.requests) == 3
        assert (caught.value.sent, caught.value.attempts) == (True, 3)
