"""`http_client=` as a name, and with clients of httpx2: the library changes, and nothing else."""

from __future__ import annotations

import gzip
import importlib
import json
import logging
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import (
    APIConnectionError,
    APITimeoutError,
    AsyncKnock,
    BadRequestError,
    ConfigurationError,
    Knock,
    OutcomeUnknownError,
    ResponseTooLargeError,
)
from tests.support.server import Server, flood, hang, hang_up, head, respond

from . import test_deadline, test_engine, test_lifetime, test_responses, test_tls
from .caller import KEY, USER, Caller
from .libraries import LibraryCaller, inherit_tests
from .replies import echo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.server import Received

needs_httpx2 = pytest.mark.skipif(sys.version_info < (3, 11), reason="httpx2 needs Python 3.11")
NAMES = ["aiohttp", pytest.param("httpx2", marks=needs_httpx2)]
KINDS = ["sync", "asyncio", "trio"]


authority, trusted = test_tls.authority, test_tls.trusted


@pytest.fixture(params=KINDS)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with LibraryCaller(request.param, "httpx2") as made:
        yield made


if sys.version_info >= (3, 11):
    globals().update(
        inherit_tests(
            test_responses,
            test_engine,
            test_lifetime,
            test_tls,
            exclude=frozenset(
                {"TestTasks", "test_plain_http_is_rejected_unless_allowed", "test_close_ends_a_call_in_progress"}
            ),
        )
    )
    test_a_slow_name_lookup_times_out = test_deadline.test_a_slow_name_lookup_times_out
    test_an_incomplete_response_times_out = test_deadline.test_an_incomplete_response_times_out
    test_a_server_that_reads_nothing_times_out = test_deadline.test_a_server_that_reads_nothing_times_out

CLIENTS: list[Callable[..., Any]] = [Knock, AsyncKnock]


class TestNames:
    @pytest.mark.parametrize("client", CLIENTS)
    @pytest.mark.parametrize("name", ["", "httpx", "requests", "AIOHTTP", KEY])
    def test_an_unknown_name_is_rejected(self, client: Callable[..., Any], name: str) -> None:
        with pytest.raises(ConfigurationError, match=r"http_client: takes .*'httpx2' or an HTTP client") as caught:
            client(api_key=KEY, http_client=name)
        assert KEY not in str(caught.value)
        assert ("'aiohttp'" in str(caught.value)) == (client is AsyncKnock)

    def test_aiohttp_is_rejected_by_the_sync_client(self) -> None:
        with pytest.raises(ConfigurationError, match=r"takes 'httpx2' .*'aiohttp' is for AsyncKnock alone"):
            Knock(api_key=KEY, http_client="aiohttp")

    @pytest.mark.parametrize(
        ("client", "name", "module"),
        [(AsyncKnock, "aiohttp", "aiohttp"), (AsyncKnock, "httpx2", "httpcore2"), (Knock, "httpx2", "httpcore2")],
    )
    @pytest.mark.parametrize("proxied", [False, True], ids=["", "with a proxy"])
    def test_a_library_that_is_not_installed_is_reported(
        self, monkeypatch: pytest.MonkeyPatch, client: Callable[..., Any], name: str, module: str, *, proxied: bool
    ) -> None:
        """The error is raised when the client is made, and names the command that installs the library."""
        if proxied:
            monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
        self._unload(monkeypatch)
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(ConfigurationError, match=rf"http_client: {name} .*pip install 'knock-sdk\[{name}\]'"):
            client(api_key=KEY, http_client=name)

    def test_an_aiohttp_that_is_too_old_is_rejected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An aiohttp that does not limit the number of headers."""
        self._unload(monkeypatch)
        session = importlib.import_module("aiohttp").ClientSession
        monkeypatch.delitem(session.__init__.__kwdefaults__, "max_headers")
        with pytest.raises(ConfigurationError, match=r"too old; pip install 'knock-sdk\[aiohttp\]'"):
            AsyncKnock(api_key=KEY, http_client="aiohttp")

    @needs_httpx2
    def test_the_log_of_httpcore2_contains_no_secret(self, caplog: pytest.LogCaptureFixture) -> None:
        """httpcore2 logs the headers of a response, as httpcore does."""
        caplog.set_level(logging.DEBUG)
        repeated = respond(400, json={"message": "no"}, x_echo=f"Bearer {KEY}")
        with (
            Server(repeated) as server,
            Knock(api_key=KEY, base_url=server.url, http_client="httpx2") as client,
            pytest.raises(BadRequestError),
        ):
            client.users.get("u1")
        assert "(b'x-echo', b'Bearer [redacted]')" in caplog.text
        assert KEY not in caplog.text

    def _unload(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Unload the modules that use aiohttp, so that they are imported again."""
        for module in ("aiohttp", "aiohttp_connector"):
            monkeypatch.delitem(sys.modules, f"knock_sdk._async.engines.{module}", raising=False)


CALLS: dict[str, Callable[[Any], Any]] = {
    "get": lambda client: client.users.get("a/b ä%2F?#[]@:..;=+&,'~"),
    "query": lambda client: client.messages.list(status=["sent", "read"], tenant="a&b=c d/ä%", page_size=5),
    "delete": lambda client: client.users.delete("u1"),
    "delete with a body": lambda client: client.request("DELETE", "/v1/x", body={"a": [1, None]}),
    "put": lambda client: client.users.update("u1", name="Grüße \U0001f600", properties={"a": 1.5}),
    "post": lambda client: client.schedules.create(recipients=["u1"], workflow="flow"),
    "post without a body": lambda client: client.post("/v1/x"),
    "put without a body": lambda client: client.put("/v1/x"),
    "headers": lambda client: client.get(
        "/v1/x", extra_headers={"X-Mixed-Case": " a, b\tc ", "accept": "text/plain", "user-agent": "me", "x-empty": ""}
    ),
    "content type": lambda client: client.post("/v1/x", body=[1], extra_headers={"Content-Type": "application/x"}),
    "key": lambda client: client.workflows.trigger("f", recipients=["u1"], idempotency_key="k!#$%&'*+.^_`|~"),
    "raw path": lambda client: client.get("/v1/a/../b/./%2e%2e/%C3%A4%c3%a4//c;d=e?x[]=1&x[]=%202&y=a%2Bb+c&z"),
}


def content_of(received: Received) -> tuple[object, ...]:
    return received.method, received.target, received.headers, received.body


@pytest.mark.parametrize(
    ("name", "kind"), [("aiohttp", "asyncio"), *(pytest.param("httpx2", kind, marks=needs_httpx2) for kind in KINDS)]
)
def test_a_named_library_sends_the_same_requests(name: str, kind: str) -> None:
    settings = {"branch": "b1", "user_token": "t.o.k", "default_query": {"q": "ä"}}
    with Server.by(lambda received: respond(json=[] if "schedules" in received.path else USER)) as server:
        with Caller(kind) as caller:
            for client in (
                caller.client(f"{server.url}/pre%20fix", **settings),
                caller.client(f"{server.url}/pre%20fix", http_client=name, **settings),
            ):
                for call in CALLS.values():
                    # The responses match only some of the calls; errors are returned.
                    caller.together([partial(call, client)])
        half = len(server.requests) // 2
        assert half == len(CALLS)
        for which, ours, theirs in zip(CALLS, server.requests[:half], server.requests[half:], strict=True):
            assert (which, content_of(theirs)) == (which, content_of(ours))


@pytest.mark.parametrize("name", NAMES)
class TestProxies:
    """Requests through a proxy are sent by httpx, whichever library is named."""

    def test_a_proxy_gets_the_request(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        with Server.by(echo) as proxy, Caller("asyncio") as caller:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            client = caller.client("http://api.knock.example", allow_http=True, http_client=name)
            assert caller(client.users.get, "u1").id == "u1"
            assert [received.target for received in proxy.requests] == ["http://api.knock.example/v1/users/u1"]

    def test_no_proxy_exempts_a_host(self, monkeypatch: pytest.MonkeyPatch, refusing: str, name: str) -> None:
        monkeypatch.setenv("HTTP_PROXY", refusing)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with Server.by(echo) as server, Caller("asyncio") as caller:
            assert caller(caller.client(server.url, http_client=name).users.get, "u1").id == "u1"


@needs_httpx2
class TestGivenClients:
    """An `httpx2.Client` has the interface of httpx's."""

    @pytest.fixture(params=KINDS)
    def given(self, request: pytest.FixtureRequest) -> Iterator[tuple[Caller, Any]]:
        httpx2 = importlib.import_module("httpx2")
        with Caller(request.param) as caller:
            client = httpx2.Client() if request.param == "sync" else httpx2.AsyncClient()
            caller.on_exit(client.close if request.param == "sync" else client.aclose)
            yield caller, client

    def test_responses_are_retried_and_decoded(self, given: tuple[Caller, Any], waits: list[float]) -> None:
        caller, http_client = given
        packed = gzip.compress(json.dumps(USER).encode())
        with Server(respond(503), respond(json=USER), respond(body=packed, content_encoding="gzip")) as server:
            client = caller.client(server.url, http_client=http_client)
            assert caller(client.users.get, "a/b").response_info.attempts == 2
            assert caller(client.users.get, "u1").id == "u1"
            assert len(waits) == 1
            assert server.requests[0].target == "/v1/users/a%2Fb"
            assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
            caller(client.close)
            assert not http_client.is_closed

    def test_a_refused_connection_is_retried(
        self, given: tuple[Caller, Any], refusing: str, waits: list[float]
    ) -> None:
        caller, http_client = given
        client = caller.client(refusing, http_client=http_client)
        with pytest.raises(APIConnectionError) as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        assert (caught.value.sent, caught.value.attempts, len(waits)) == (False, 3, 2)

    def test_a_connection_lost_after_the_request_is_an_unknown_outcome(self, given: tuple[Caller, Any]) -> None:
        caller, http_client = given
        with Server(hang_up) as server:
            client = caller.client(server.url, http_client=http_client)
            with pytest.raises(OutcomeUnknownError):
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
            assert len(server.requests) == 1

    def test_a_call_ends_at_its_timeout(self, given: tuple[Caller, Any]) -> None:
        caller, http_client = given
        with Server(hang) as server:
            client = caller.client(server.url, http_client=http_client, timeout=0.3)
            with pytest.raises(APITimeoutError) as caught:
                caller(client.users.get, "u1")
            assert caught.value.sent
            server.wait_for(lambda server: server.open == 0)

    def test_an_endless_body_is_rejected(self, given: tuple[Caller, Any]) -> None:
        caller, http_client = given
        with Server(flood(head(200, {}, length=None), b"x" * 65_536)) as server:
            client = caller.client(server.url, http_client=http_client, max_response_size=1_000_000)
            with pytest.raises(ResponseTooLargeError):
                caller(client.users.get, "u1")
            server.wait_for(lambda server: server.open == 0)
