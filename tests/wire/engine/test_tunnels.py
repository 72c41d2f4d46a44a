"""Proxies for HTTP: who gets which header, and what becomes of calls through those that misbehave."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, APIStatusError, APITimeoutError, ConfigurationError, OutcomeUnknownError
from tests.support.listener import Listener
from tests.support.server import Server, after, drip, flood, hang, hang_up, raw, reset, respond

from ..caller import KEY
from ..proxied import AS_BASIC, CANARY, HOST, LOGIN, PASSWORD, TOKEN, fail_to_create
from ..replies import echo
from ..running import ends_after
from .test_proxies import tunnel

if TYPE_CHECKING:
    from tests.support.server import Reply

    from ..caller import Caller
    from ..proxied import Certified

OK = b"HTTP/1.1 200 Connection established\r\n\r\n"
HINTS = b"HTTP/1.1 103 canary\r\nlink: <canary>\r\n\r\n"
V6 = "2001:db8::7"


@pytest.mark.parametrize("host", [HOST, f"{HOST}:8443", "192.0.2.7", f"[{V6}]", f"[{V6}]:8443"])
def test_each_end_of_a_tunnel_gets_its_own_headers(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, certified: Certified, host: str
) -> None:
    """The key and the token never reach the proxy, its password never passes it."""
    name = host.removesuffix(":8443").strip("[]")
    with Server.by(echo, tls=certified(name)) as server, Server(tunnel(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}127.0.0.1:{proxy.port}")
        client = caller.client(f"https://{host}/base", user_token=TOKEN)
        for _ in range(3):
            assert caller(client.users.get, "u1").id == "u1"
        (connect,) = proxy.requests
        place = host if host.endswith(":8443") else f"{host}:443"
        assert (connect.method, connect.target, connect.body) == ("CONNECT", place, b"")
        assert connect.headers == {"host": place, "proxy-authorization": f"Basic {AS_BASIC}"}
        assert [received.target for received in server.requests] == ["/base/v1/users/u1"] * 3
        for received in server.requests:
            assert received.headers["host"] == host
            assert received.headers["authorization"] == f"Bearer {KEY}"
            assert "proxy-authorization" not in received.headers


def test_concurrent_calls_share_their_tunnels(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, certified: Certified
) -> None:
    def pick(received: Any) -> Reply:
        return after(0.01, echo(received))

    with Server.by(pick, tls=certified(HOST)) as server, Server(tunnel(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        client = caller.client(f"https://{HOST}", max_connections=5)
        for _ in range(2):
            users = caller.together([lambda n=n: client.users.get(f"u{n}") for n in range(30)])
            assert [user.id for user in users] == [f"u{n}" for n in range(30)]
        assert len(proxy.requests) == server.accepted <= 5


def test_a_tunnel_that_ended_while_idle_is_replaced(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, certified: Certified
) -> None:
    with Server.by(echo, tls=certified(HOST)) as server, Server(tunnel(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        client = caller.client(f"https://{HOST}")
        for count in (1, 2, 3):
            assert caller(client.users.get, "u1").id == "u1"
            server.close_idle()
            assert len(proxy.requests) == len(server.requests) == count


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200\r\n\r\n",
        b"HTTP/1.1 200 OK\nproxy-agent: x\n\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-encoding: gzip\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS * 3 + OK,
    ],
    ids=["1.0", "204", "no reason", "bare LF", "length", "chunked", "1xx first"],
)
@pytest.mark.parametrize("split", [False, True], ids=["whole", "split"])
def test_a_proxy_can_agree_in_many_ways(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, certified: Certified, start: bytes, *, split: bool
) -> None:
    """Also byte by byte. A body or its absence in such an answer means nothing."""
    with Server.by(echo, tls=certified(HOST)) as server:
        forward = tunnel(server.port, drip(start, every=0) if split else raw(start))
        with Server(forward) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            assert caller(caller.client(f"https://{HOST}").users.get, "u1").id == "u1"


STATUS = "it refused to connect, with status "
CLOSED = "it closed the connection "
NOT_HTTP = "it sent a response that is not valid HTTP: "
STATUS_LINE = NOT_HTTP + "its status line is malformed"
BAD: dict[str, tuple[Reply, str]] = {
    **{f"{status}": (respond(status, json=CANARY), f"{STATUS}{status}") for status in (302, 403, 429, 502, 504)},
    "gzip": (raw(b"HTTP/1.1 502 canary\r\ncontent-encoding: gzip\r\ncontent-length: 9\r\n\r\ncanary"), f"{STATUS}502"),
    "101": (raw(b"HTTP/1.1 101 canary\r\nupgrade: canary\r\n\r\n"), NOT_HTTP + "it switches to another protocol"),
    "1xx, then 503": (raw(HINTS + b"HTTP/1.1 503 canary\r\n\r\n"), f"{STATUS}503"),
    "1xx, then closed": (raw(HINTS, then_close=True), CLOSED + "without a response"),
    "more": (raw(OK + b"canary"), "it broke the HTTP protocol"),
    "a response more": (raw(OK + b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"), "it broke the HTTP protocol"),
    "HTTP/2": (raw(b"HTTP/2 200 canary\r\n\r\n"), STATUS_LINE),
    "HTTP/0.9": (raw(b"canary\r\n\r\n"), STATUS_LINE),
    "garbage": (raw(b"\x00\xff canary \r\n" * 9), STATUS_LINE),
    "SOCKS": (raw(b"\x05\xff"), STATUS_LINE),
    "TLS": (raw(b"\x15\x03\x01\x00\x02\x02\x46"), STATUS_LINE),
    "endless head": (flood(b"HTTP/1.1 200 OK\r\n", b"canary: canary\r\n" * 999), NOT_HTTP + "its head is too long"),
    "endless line": (flood(b"HTTP/1.1 200 ", b"canary" * 9999), NOT_HTTP + "its head is too long"),
    "endless spaces": (flood(b"HTTP/1.1 200 OK\r\ncanary:", b" " * 9999), NOT_HTTP + "its head is too long"),
    "no end": (raw(OK[:-2], then_close=True), CLOSED + "in the middle of the head of its response"),
    "hangs up": (hang_up, CLOSED + "without a response"),
    "resets": (reset, "Connection reset by peer"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_proxy_that_fails_is_named_and_nothing_was_sent(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: list[float], name: str
) -> None:
    reply, problem = BAD[name]
    with Server(reply) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}127.0.0.1:{proxy.port}")
        error = fail_to_create(caller, caplog, f"the proxy of HTTPS_PROXY: {problem}")
        assert (type(error), error.attempts, len(waits)) == (APIConnectionError, 3, 2)
        assert {received.method for received in proxy.requests} == {"CONNECT"}
        proxy.wait_for(lambda proxy: proxy.open == 0)


@pytest.mark.parametrize(
    ("login", "problem"), [(LOGIN, "refused the user name or the password"), ("", "asks for a user name and password")]
)
def test_a_refused_login_is_not_repeated(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, login: str, problem: str
) -> None:
    with Server(respond(407, json=CANARY)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{login}127.0.0.1:{proxy.port}")
        error = fail_to_create(caller, caplog, f"the proxy of HTTPS_PROXY: it {problem}")
        assert (type(error), error.attempts, len(proxy.requests)) == (APIConnectionError, 1, 1)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [(b"", CLOSED), (b"\r\n", STATUS_LINE), (OK[:-2], CLOSED)],
    ids=["at once", "line", "head"],
)
def test_a_proxy_that_closes_before_it_reads_is_named(
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    waits: list[float],
    *,
    reply: bytes,
    problem: str,
) -> None:
    with Listener(lambda connection: connection.sendall(reply)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"http://{LOGIN}127.0.0.1:{proxy.port}")
        error = fail_to_create(caller, caplog, f"the proxy of ALL_PROXY: ({problem}|Connection reset|Broken pipe)")
        assert (error.attempts, proxy.accepted, len(waits)) == (3, 3, 2)


SILENT: dict[str, Reply] = {
    "says nothing": hang,
    "slow head": drip(OK[:-2] + b"canary: canary\r\n" * 999, every=0.02),
    "1xx for ever": drip(HINTS * 999, every=0.02, at_once=len(HINTS) * 9),
    "half a head": raw(OK[:-2]),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_proxy_that_is_slow_takes_no_longer_than_the_call(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with Server(SILENT[name]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}127.0.0.1:{proxy.port}")
        with ends_after(0.3):
            error = fail_to_create(caller, caplog, "the proxy of HTTPS_PROXY: no complete answer in time", timeout=0.3)
        assert (type(error), error.attempts, len(proxy.requests)) == (APITimeoutError, 1, 1)


def test_each_attempt_through_a_silent_proxy_has_its_time(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: list[float]
) -> None:
    with Server(hang) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}127.0.0.1:{proxy.port}")
        with ends_after(0.6):
            error = fail_to_create(caller, caplog, "the proxy of HTTPS_PROXY", attempt_timeout=0.2)
        assert (type(error), error.attempts, len(proxy.requests), len(waits)) == (APITimeoutError, 3, 3, 2)


def test_a_proxy_whose_name_cannot_be_looked_up_is_named(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: list[float]
) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}proxy.example")
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    error = fail_to_create(caller, caplog, "the proxy of HTTPS_PROXY: cannot look up proxy.example: Name or service")
    assert (error.attempts, len(waits)) == (3, 2)


@pytest.mark.parametrize("value", ["http://", "http://:3128", "http://a:b@", "http://@:3128", "https://a:b@/"])
def test_a_proxy_without_a_host_is_refused(caller: Caller, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(ConfigurationError, match=r"^HTTPS_PROXY: is not the URL of a proxy"):
        caller.client(f"https://{HOST}")


class TestPlain:
    """Requests to an origin without TLS, which the proxy reads and forwards."""

    @pytest.mark.parametrize("host", [HOST, f"{HOST}:8400", "192.0.2.7", f"[{V6}]", f"[{V6}]:8400"])
    def test_the_proxy_gets_the_whole_url_and_its_password(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, host: str
    ) -> None:
        with Server.by(echo) as proxy:
            monkeypatch.setenv("HTTP_PROXY", f"http://{LOGIN}127.0.0.1:{proxy.port}")
            client = caller.client(f"http://{host}/a/b/", allow_http=True)
            for _ in range(2):
                assert caller(client.users.get, "a/ü").id == "a%2F%C3%BC"
            assert caller(client.get, "/v1/users/u1", query={"q": 2})["id"] == "u1"
            urls = [received.target for received in proxy.requests]
            assert urls[:2] == [f"http://{host}/a/b/v1/users/a%2F%C3%BC"] * 2
            assert urls[2] == f"http://{host}/a/b/v1/users/u1?q=2"
            for received in proxy.requests:
                assert received.headers["host"] == host
                assert received.headers["proxy-authorization"] == f"Basic {AS_BASIC}"
                assert received.headers["authorization"] == f"Bearer {KEY}"
            assert proxy.accepted == 1

    def test_a_connection_that_ended_while_idle_is_replaced(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Server(respond(json=[])) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            client = caller.client(f"http://{HOST}", allow_http=True)
            for _ in range(3):
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
                proxy.close_idle()
            assert len(proxy.requests) == proxy.accepted == 3

    def test_a_proxy_that_repeats_its_password_is_redacted(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Its answer cannot be told from the server's, which is shown."""

        def pick(received: Any) -> Reply:
            given = received.headers["proxy-authorization"]
            return respond(
                407, json={"message": f"{given} is wrong, {PASSWORD} too"}, x_request_id=given, x_given=given
            )

        caplog.set_level("DEBUG")
        with Server.by(pick) as proxy:
            monkeypatch.setenv("HTTP_PROXY", f"http://{LOGIN}127.0.0.1:{proxy.port}")
            client = caller.client(f"http://{HOST}", allow_http=True)
            with pytest.raises(APIStatusError, match=r"407: Basic \[redacted\] is wrong, \[redacted\] too") as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
        error = caught.value
        shown = f"{error!s} {vars(error)} {caplog.text}"
        assert "Basic [redacted]" in str(error.headers)
        assert AS_BASIC not in shown
        assert PASSWORD not in shown

    def test_a_proxy_that_fails_before_the_request_is_named(
        self,
        caller: Caller,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        waits: list[float],
        refusing: str,
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", refusing.replace("://", f"://{LOGIN}"))
        problem = f"the proxy of HTTP_PROXY: cannot connect to {refusing.partition('//')[2]}: Connection refused"
        error = fail_to_create(caller, caplog, problem, base_url=f"http://{HOST}")
        assert (error.attempts, len(waits)) == (3, 2)

    @pytest.mark.parametrize("reply", [hang, hang_up, reset, raw(b"canary\r\n\r\n")])
    def test_a_proxy_that_fails_after_the_request_leaves_the_outcome_unknown(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, reply: Reply
    ) -> None:
        with Server(reply) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            client = caller.client(f"http://{HOST}", allow_http=True, timeout=0.5 if reply is hang else 20)
            with pytest.raises(OutcomeUnknownError) as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
            assert (caught.value.sent, caught.value.attempts, len(proxy.requests)) == (True, 1, 1)

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_this_machine_is_reached_without_a_proxy(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, host: str
    ) -> None:
        with Server.by(echo) as proxy, Server.by(echo) as server:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
                monkeypatch.setenv(name, proxy.url)
            assert caller(caller.client(f"http://{host}:{server.port}").users.get, "u1").id == "u1"
            assert (proxy.accepted, len(server.requests)) == (0, 1)
