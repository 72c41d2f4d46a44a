"""`http_client="httpx"`, and clients of httpx2 that are given: the library changes, and nothing else."""

from __future__ import annotations

import asyncio
import gzip
import importlib
import json
import logging
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from knock_sdk import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncKnock,
    AuthenticationError,
    ConfigurationError,
    Knock,
    OutcomeUnknownError,
    ResponseTooLargeError,
)
from tests.support.certificates import make_server_context
from tests.support.server import Server, after, flood, hang, hang_up, head, raw, respond

from .caller import KEY, USER, Caller
from .replies import echo
from .running import asyncio_run, fork, trio_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.server import Received

needs_httpx2 = pytest.mark.skipif(sys.version_info < (3, 11), reason="httpx2 needs Python 3.11")
KINDS = ["sync", "asyncio", "trio"]
CLIENTS: list[Callable[..., Any]] = [Knock, AsyncKnock]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", ["", "aiohttp", "httpx2", "requests", "HTTPX", KEY])
def test_another_name_is_rejected(client: Callable[..., Any], name: str) -> None:
    """The error says what can be passed instead, and does not repeat what may be a key."""
    kind = "Client" if client is Knock else "AsyncClient"
    with pytest.raises(ConfigurationError, match=r"http_client: takes 'httpx' or an HTTP client") as caught:
        client(api_key=KEY, http_client=name)
    assert f"such as httpx.{kind}() or httpx2.{kind}()" in str(caught.value)
    assert KEY not in str(caught.value)


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
    "raw path": lambda client: client.get("/v1/a/b/%2e%2e/%C3%A4%c3%a4//c;d=e?x[]=1&x[]=%202&y=a%2Bb+c&z"),
}


def content_of(received: Received) -> tuple[object, ...]:
    return received.method, received.target, received.headers, received.body


def test_httpx_sends_the_same_requests(caller: Caller) -> None:
    settings = {"branch": "b1", "user_token": "t.o.k", "default_query": {"q": "ä"}}
    with Server.by(lambda received: respond(json=[] if "schedules" in received.path else USER)) as server:
        for client in (
            caller.client(f"{server.url}/pre%20fix", **settings),
            caller.client(f"{server.url}/pre%20fix", http_client="httpx", **settings),
        ):
            for call in CALLS.values():
                # The responses match only some of the calls; errors are returned.
                caller.together([partial(call, client)])
        half = len(server.requests) // 2
        assert half == len(CALLS)
        for which, ours, theirs in zip(CALLS, server.requests[:half], server.requests[half:], strict=True):
            assert (which, content_of(theirs)) == (which, content_of(ours))


class TestOwnClient:
    """The client that the engine makes for `http_client="httpx"`."""

    def test_cookies_are_not_sent_back_and_redirects_not_followed(self, caller: Caller) -> None:
        with Server(respond(json=USER, set_cookie="a=b; Path=/"), respond(307, location="/v1/users/u2")) as server:
            client = caller.client(server.url, http_client="httpx")
            caller(client.users.get, "u1")
            with pytest.raises(APIStatusError, match="redirects are not followed"):
                caller(client.users.get, "u1")
            assert ["cookie" in received.headers for received in server.requests] == [False, False]

    def test_credentials_of_the_environment_are_not_sent(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password hunter2", encoding="utf-8")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        with Server(respond(json=USER)) as server:
            caller(caller.client(server.url, http_client="httpx").users.get, "u1")
            assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"

    def test_a_trusted_server_is_called_over_one_connection(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        with Server(respond(json=USER), tls=make_server_context(authority)) as server:
            with pytest.raises(APIConnectionError, match="certificate is refused") as caught:
                caller(caller.client(server.url, http_client="httpx").users.get, "u1")
            assert (caught.value.sent, caught.value.attempts) == (False, 1)
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
            client = caller.client(server.url, http_client="httpx")
            for _ in range(3):
                assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 1

    def test_close_closes_every_connection(self, caller: Caller) -> None:
        with Server.by(echo) as server:
            client = caller.client(server.url, http_client="httpx")
            for _ in range(2):
                assert caller(client.users.get, "u1").id == "u1"
                caller(client.close)
                server.wait_for(lambda server: server.open == 0)
            assert server.accepted == 2

    def test_concurrent_calls_use_at_most_max_connections(self, caller: Caller) -> None:
        """Connections are reused by the second round of calls."""
        with Server.by(lambda received: after(0.01, echo(received))) as server:
            client = caller.client(server.url, http_client="httpx", max_connections=30)
            for _ in range(2):
                users = caller.together([lambda: client.users.get("u1")] * 90)
                assert [user.id for user in users] == ["u1"] * 90
            assert server.accepted <= 30

    def test_successive_event_loops_have_clients_of_their_own(self) -> None:
        with Server.by(echo) as server:
            client = AsyncKnock(api_key=KEY, base_url=server.url, http_client="httpx")

            async def main() -> None:
                assert (await client.users.get("u1")).id == "u1"
                await client.close()

            for run in (asyncio_run, asyncio_run, trio_run, asyncio_run):
                run(main)
            server.wait_for(lambda server: server.open == 0)
            assert server.accepted == 4

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
    @pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # the server is a thread
    def test_a_child_opens_its_own_connections(self) -> None:
        with (
            Server.by(echo) as server,
            Knock(api_key=KEY, base_url=server.url, http_client="httpx") as client,
        ):

            def get(name: str) -> bool:
                return all(client.users.get(f"{name}-{n}").id == f"{name}-{n}" for n in range(20))

            assert get("parent")
            child = fork(lambda: get("child"))
            assert get("parent")
            assert os.waitpid(child, 0)[1] == 0
            used: dict[int, set[str]] = {}
            for received in server.requests:
                used.setdefault(received.connection, set()).add(received.path.rpartition("/")[2].partition("-")[0])
            assert sorted(map(sorted, used.values())) == [["child"], ["parent"]]


class TestProxies:
    """`http_client="httpx"` uses the proxy that this client has chosen."""

    PLAIN = "http://api.knock.example"

    def test_a_proxy_gets_the_request(self, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        with Server.by(echo) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//me:p%40ss@"))
            client = caller.client(self.PLAIN, allow_http=True, http_client="httpx")
            assert caller(client.users.get, "u1").id == "u1"
            (received,) = proxy.requests
            assert received.target == f"{self.PLAIN}/v1/users/u1"
            assert received.headers["proxy-authorization"] == "Basic bWU6cEBzcw=="
            assert received.headers["authorization"] == f"Bearer {KEY}"

    def test_a_proxy_that_is_reached_by_tls_gets_the_request(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """Its certificate is verified with the authorities of this client."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        with Server.by(echo, tls=make_server_context(authority)) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
            client = caller.client(self.PLAIN, allow_http=True, http_client="httpx")
            assert caller(client.users.get, "u1").id == "u1"
            assert [received.target for received in proxy.requests] == [f"{self.PLAIN}/v1/users/u1"]
            monkeypatch.delenv("SSL_CERT_FILE")
            client = caller.client(self.PLAIN, allow_http=True, http_client="httpx")
            with pytest.raises(APIConnectionError, match="certificate is refused") as caught:
                caller(client.users.get, "u1")
            assert (caught.value.sent, caught.value.attempts) == (False, 1)

    def test_an_exempt_host_is_reached_without_the_proxy(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, refusing: str
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", refusing)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with Server.by(echo) as server:
            assert caller(caller.client(server.url, http_client="httpx").users.get, "u1").id == "u1"

    def test_a_proxy_of_a_given_client_is_its_own(self, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        with Server.by(echo) as proxy:
            given = caller.httpx(proxy=proxy.url)
            monkeypatch.setenv("HTTP_PROXY", "http://unused.example")
            client = caller.client(self.PLAIN, allow_http=True, http_client=given)
            assert caller(client.users.get, "u1").id == "u1"
            assert len(proxy.requests) == 1

    def test_a_missing_package_for_socks_is_reported_when_the_client_is_made(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1")
        monkeypatch.setattr("knock_sdk._core.wire.proxies.find_spec", lambda _: None)
        for client in CLIENTS:
            with pytest.raises(ConfigurationError, match=r"HTTPS_PROXY: .*pip install 'knock-sdk\[socks\]'"):
                client(api_key=KEY, http_client="httpx")


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

    def test_the_other_kind_is_rejected(self) -> None:
        httpx2 = importlib.import_module("httpx2")
        for client, other in ((Knock, httpx2.AsyncClient()), (AsyncKnock, httpx2.Client())):
            with pytest.raises(ConfigurationError, match=r"http_client: takes an httpx\."):
                client(api_key=KEY, http_client=other)

    def test_nothing_that_the_server_repeats_is_shown(
        self, given: tuple[Caller, Any], caplog: pytest.LogCaptureFixture
    ) -> None:
        """httpx2 and httpcore2 log reason phrases and headers, as httpx and httpcore do."""
        caplog.set_level(logging.DEBUG)
        caller, http_client = given
        echoing = b"HTTP/1.1 401 Bearer %s\r\nx-echo: %s\r\ncontent-length: 2\r\n\r\n{}" % ((KEY.encode(),) * 2)
        with Server(raw(echoing)) as server, pytest.raises(AuthenticationError):
            caller(caller.client(server.url, http_client=http_client).users.get, "u1")
        logged = {record.name.partition(".")[0] for record in caplog.records if "[redacted]" in record.getMessage()}
        assert logged >= {"httpx2", "httpcore2"}
        assert KEY not in caplog.text

    def test_a_proxy_that_fails_before_it_has_connected_gets_nothing(
        self, monkeypatch: pytest.MonkeyPatch, waits: list[float]
    ) -> None:
        httpx2 = importlib.import_module("httpx2")

        async def main(url: str) -> None:
            async with httpx2.AsyncClient(proxy=url) as http_client:
                client = AsyncKnock(api_key=KEY, base_url="https://api.knock.example", http_client=http_client)
                with pytest.raises(APIConnectionError) as caught:
                    await client.schedules.create(recipients=["u1"], workflow="flow")
            assert (caught.value.sent, caught.value.attempts) == (False, 3)

        with Server(hang_up) as proxy:
            asyncio.run(main(proxy.url))
            assert [received.method for received in proxy.requests] == ["CONNECT"] * 3
