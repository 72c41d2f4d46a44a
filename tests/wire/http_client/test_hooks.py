"""`http_client=` with hooks and an `auth` that refuse responses, like `raise_for_status` in the documents of httpx."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from knock_sdk import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseTooLargeError,
)
from tests.support.server import Server, hang, respond

from ..caller import USER, Caller

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator


def with_hook(caller: Caller, hook: Callable[[Any], None], *, reads: bool = False, **options: Any) -> Any:
    """Make an httpx client with a hook for responses, which may read their bodies first."""

    def sync_hook(response: httpx.Response) -> None:
        if reads:
            response.read()
        hook(response)

    async def async_hook(response: httpx.Response) -> None:
        if reads:
            await response.aread()
        hook(response)

    hooks: Any = {"response": [sync_hook if caller.kind == "sync" else async_hook]}
    return caller.httpx(event_hooks=hooks, **options)


def checking(caller: Caller, *, reads: bool = False) -> Any:
    return with_hook(caller, httpx.Response.raise_for_status, reads=reads)


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, BadRequestError), (401, AuthenticationError), (302, APIStatusError), (501, InternalServerError)],
)
def test_a_refused_response_is_the_error_of_its_status(
    caller: Caller, status: int, kind: type[APIStatusError], *, reads: bool
) -> None:
    """Its body is known if the hook has read it."""
    reply = respond(status, json={"message": "bad", "code": "odd"}, x_request_id="req_1")
    with Server(reply) as server:
        client = caller.client(server.url, http_client=checking(caller, reads=reads))
        with pytest.raises(kind) as caught:
            caller(client.users.get, "u1")
        assert len(server.requests) == 1
    error = caught.value
    assert (type(error), error.status_code, error.request_id, error.attempts) == (kind, status, "req_1", 1)
    assert error.code == ("odd" if reads else None)
    assert (error.__cause__, error.__context__) == (None, None)


@pytest.mark.parametrize("status", [429, 503])
def test_a_refused_response_is_repeated_like_any_other(caller: Caller, waits: list[float], status: int) -> None:
    with Server(respond(status, retry_after="7"), respond(json=USER)) as server:
        client = caller.client(server.url, http_client=checking(caller))
        assert caller(client.users.get, "u1").response_info.attempts == 2
    assert 7 <= waits[0] <= 7.7


def test_a_limit_of_the_server_is_told(caller: Caller) -> None:
    with Server(respond(429, retry_after="99")) as server:
        client = caller.client(server.url, http_client=checking(caller))
        with pytest.raises(RateLimitError) as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
    assert caught.value.retry_after == 99


def test_the_connection_of_a_refused_response_is_given_back(caller: Caller) -> None:
    limits = httpx.Limits(max_connections=1)
    with Server(respond(404, json={"message": "none"})) as server:
        client = caller.client(
            server.url, http_client=with_hook(caller, httpx.Response.raise_for_status, limits=limits), timeout=5
        )
        for _ in range(5):
            with pytest.raises(APIStatusError):
                caller(client.users.get, "u1")
        server.wait_for(lambda server: server.open <= 1)


def test_a_refused_response_may_be_too_large(caller: Caller) -> None:
    """Of an error's body, the start is kept; of a success, there is nothing to refuse."""
    with Server(respond(400, body=b"x" * 5000)) as server:
        client = caller.client(server.url, http_client=checking(caller, reads=True), max_response_size=1000)
        with pytest.raises(BadRequestError) as caught:
            caller(client.users.get, "u1")
    assert len(str(caught.value)) < 1000


def test_a_response_that_a_hook_has_read_is_the_result(caller: Caller) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, http_client=checking(caller, reads=True))
        assert caller(client.users.get, "u1").id == "u1"
        small = client.with_options(max_response_size=20)
        with pytest.raises(ResponseTooLargeError):
            caller(small.users.get, "u1")


def test_a_success_that_a_hook_refuses_is_no_answer(caller: Caller, waits: list[float]) -> None:
    def refuse(response: httpx.Response) -> None:
        raise httpx.HTTPStatusError("words of a stranger", request=response.request, response=response)

    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, http_client=with_hook(caller, refuse))
        with pytest.raises(OutcomeUnknownError, match="refuses a response with status 200") as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        assert len(server.requests) == 1
    assert "stranger" not in str(caught.value)


class HTTPStatusError(Exception):
    """An application's own exception, which has the name of httpx's."""

    response = httpx.Response(401)


@pytest.mark.parametrize("made_by", ["hand", "another client", "the application"])
def test_a_refusal_of_another_response_is_no_error_of_this_status(caller: Caller, made_by: str) -> None:
    def refuse(_: httpx.Response) -> None:
        if made_by == "the application":
            raise HTTPStatusError
        request = httpx.Request("GET", "https://elsewhere.example")
        other = httpx.Response(401) if made_by == "hand" else httpx.Response(401, request=request)
        raise httpx.HTTPStatusError("words of a stranger", request=request, response=other)

    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, http_client=with_hook(caller, refuse))
        own = made_by == "the application"
        kind, words = (HTTPStatusError, None) if own else (APIConnectionError, "refuses a response with status 401")
        with pytest.raises(kind, match=words):
            caller(client.users.get, "u1")
        assert len(server.requests) == 1


def test_a_call_that_ends_while_it_waits_for_the_pool_of_the_client_was_not_sent(
    caller: Caller, waits: list[float]
) -> None:
    """A hook takes so long that the attempt is over before httpx's own limit for the wait."""

    async def wait(_: object) -> None:
        await anyio.sleep(0.2)

    hook: Any = (lambda _: time.sleep(0.2)) if caller.kind == "sync" else wait
    other = caller.httpx(limits=httpx.Limits(max_connections=1))
    with Server(respond(json=USER)) as server:
        held = caller(other.send, other.build_request("GET", server.url), stream=True)
        other.event_hooks = {"request": [hook]}
        client = caller.client(server.url, http_client=other, attempt_timeout=0.3)
        with pytest.raises(APITimeoutError) as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        caller(held.close if caller.kind == "sync" else held.aclose)
        assert len(server.requests) == 1
        assert (type(caught.value), caught.value.sent, caught.value.attempts) == (APITimeoutError, False, 3)
        other.event_hooks = {}
        assert caller(client.users.get, "u1").id == "u1"


class TestAnotherServer:
    """An `auth` that gets a token elsewhere: what that server responds is not Knock's response."""

    def client(self, caller: Caller, tokens: Server, url: str) -> Any:
        class Auth(httpx.Auth):
            def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
                httpx.get(tokens.url).raise_for_status()
                yield request

            async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
                async with httpx.AsyncClient() as other:
                    (await other.get(tokens.url)).raise_for_status()
                yield request

        return caller.client(url, http_client=caller.httpx(auth=Auth()))

    @pytest.mark.parametrize(("status", "attempts"), [(401, 1), (404, 1), (429, 3), (503, 3)])
    def test_its_refusal_says_nothing_about_the_key(
        self, caller: Caller, waits: list[float], status: int, attempts: int
    ) -> None:
        with Server(respond(status)) as tokens, Server(respond(json=USER)) as server:
            client = self.client(caller, tokens, server.url)
            with pytest.raises(APIConnectionError, match=f"refuses a response with status {status}") as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
            assert (len(tokens.requests), server.requests) == (attempts, [])
        assert (type(caught.value), caught.value.sent) == (APIConnectionError, False)

    def test_a_token_that_comes_too_late_leaves_the_request_unsent(self, caller: Caller) -> None:
        """A flow that yields its own request for the token, which is then sent by the given client."""

        class Auth(httpx.Auth):
            def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
                yield httpx.Request("GET", tokens.url, extensions={"timeout": {"read": 0.2}})
                yield request

        with Server(hang) as tokens, Server(respond(json=USER)) as server:
            client = caller.client(server.url, http_client=caller.httpx(auth=Auth()), max_retries=0)
            with pytest.raises(APIConnectionError) as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
            assert server.requests == []
        assert caught.value.sent is False


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="needs signals of POSIX")
def test_an_interrupt_at_the_end_of_a_client_reaches_its_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors of connections that are closed are ignored; that one is none."""

    def interrupt(*_: object) -> None:
        raise OSError("the soft limit of a job")

    close = httpx.HTTPTransport.close

    def close_interrupted(transport: httpx.HTTPTransport) -> None:
        close(transport)
        signal.raise_signal(signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with Server(respond(json=USER)) as server, Caller("sync") as caller:
            client = caller.client(server.url, http_client="httpx")
            client.users.get("u1")
            with monkeypatch.context() as patched:
                patched.setattr(httpx.HTTPTransport, "close", close_interrupted)
                with pytest.raises(OSError, match="the soft limit of a job"):
                    client.close()
    finally:
        signal.signal(signal.SIGUSR1, before)
