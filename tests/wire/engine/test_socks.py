"""SOCKS proxies: what they are asked for, and what becomes of calls through those that misbehave."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, APITimeoutError, ConfigurationError
from tests.support.listener import Listener
from tests.support.server import Server, after
from tests.support.socks import Asked, SocksServer

from ..proxied import HOST, LOGIN, fail_to_create
from ..replies import echo
from ..running import ends_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..caller import Caller
    from ..proxied import Certified

V4, V6 = "192.0.2.7", "2001:db8::7"
KINDS = {4: 1, 6: 4}
NO_LOGIN, BY_LOGIN = b"\x05\x00", b"\x05\x02"
CONNECTED = b"\x05\x00\x00\x01" + bytes(6)


def resolve_to(monkeypatch: pytest.MonkeyPatch, address: str | None) -> None:
    """Give `HOST` one address; with None, fail the test if it is looked up."""
    original = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **named: Any) -> Any:
        if host not in (HOST, HOST.encode()):
            return original(host, *args, **named)
        if named.get("flags", 0) & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "not a literal address")
        assert address is not None
        return original(address, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize(
    "case",
    [
        ("socks5h", HOST, None),
        ("socks5", HOST, V4),
        ("socks5", HOST, V6),
        ("socks5", V4, None),
        ("socks5h", V4, None),
        ("socks5", f"[{V6}]", None),
        ("socks5h", f"[{V6}]", None),
    ],
)
def test_the_proxy_is_asked_for_a_name_or_an_address(
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
    certified: Certified,
    case: tuple[str, str, str | None],
    *,
    secure: bool,
) -> None:
    """socks5 looks names up here, socks5h leaves that to the proxy; the connection is kept."""
    scheme, host, address = case
    resolve_to(monkeypatch, address)
    context = certified(host.strip("[]")) if secure else None
    with Server.by(echo, tls=context) as server, SocksServer(server.port) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{proxy.port}")
        client = caller.client(f"{'https' if secure else 'http'}://{host}/base", allow_http=True)
        for name in ("u1", "u2", "u3"):
            assert caller(client.users.get, name).id == name
        kind, place = 3, HOST.encode()
        if scheme == "socks5" or host != HOST:
            literal = ip_address(address or host.strip("[]"))
            kind, place = KINDS[literal.version], literal.packed
        assert proxy.asked == [Asked(b"\x00", None, place, kind, 443 if secure else 80)]
        assert [received.target for received in server.requests] == [f"/base/v1/users/u{n}" for n in (1, 2, 3)]
        assert {received.headers["host"] for received in server.requests} == {host}
        assert server.accepted == 1


@pytest.mark.parametrize(
    ("written", "login"),
    [
        ("user:password", (b"user", b"password")),
        ("us%3Aer%40:p%2F%20%C3%A4%00", (b"us:er@", "p/ ä\0".encode())),
        ("u" * 255 + ":" + "%41" * 255, (b"u" * 255, b"A" * 255)),
    ],
    ids=["plain", "encoded", "longest"],
)
def test_user_name_and_password_are_given_on_demand(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, written: str, login: tuple[bytes, bytes]
) -> None:
    with Server.by(echo) as server:
        for demanded in (None, login):
            with SocksServer(server.port, login=demanded) as proxy:
                monkeypatch.setenv("ALL_PROXY", f"socks5h://{written}@127.0.0.1:{proxy.port}")
                client = caller.client(f"http://{HOST}:8400", allow_http=True)
                assert caller(client.users.get, "u1").id == "u1"
                assert proxy.asked == [Asked(b"\x00\x02", demanded, HOST.encode(), 3, 8400)]


@pytest.mark.parametrize(
    "value", ["socks5://", "socks5h://:1080", "socks5://a:b@", "socks5h://a:b@:1080", "socks5:///"]
)
def test_a_proxy_without_a_host_is_refused(caller: Caller, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ALL_PROXY", value)
    with pytest.raises(ConfigurationError, match=r"^ALL_PROXY: is not the URL of a proxy"):
        caller.client(f"https://{HOST}")


@pytest.mark.parametrize("kind", [1, 3, 4])
def test_concurrent_calls_share_their_connections(caller: Caller, monkeypatch: pytest.MonkeyPatch, kind: int) -> None:
    """Whatever address the proxy says that it connects from."""
    with (
        Server.by(lambda received: after(0.01, echo(received))) as server,
        SocksServer(server.port, login=(b"u", b"p"), kind=kind) as proxy,
    ):
        monkeypatch.setenv("ALL_PROXY", f"socks5h://u:p@127.0.0.1:{proxy.port}")
        client = caller.client(f"http://{HOST}", allow_http=True, max_connections=8)
        for _ in range(2):
            users = caller.together([lambda n=n: client.users.get(f"u{n}") for n in range(40)])
            assert [user.id for user in users] == [f"u{n}" for n in range(40)]
        assert len(proxy.asked) == server.accepted <= 8


def test_a_connection_that_ended_while_idle_is_replaced(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server.by(echo) as server, SocksServer(server.port) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
        client = caller.client(f"http://{HOST}", allow_http=True)
        for _ in range(3):
            assert caller(client.users.get, "u1").id == "u1"
            server.close_idle()
        assert len(server.requests) == len(proxy.asked) == 3


def say(*replies: bytes, stay: bool = False) -> Callable[[socket.socket], None]:
    """Return a function for `Listener` that sends a reply after each message, then closes the connection or waits."""

    def talk(connection: socket.socket) -> None:
        for reply in replies:
            if not connection.recv(65_536):
                return
            connection.sendall(reply)
        while stay and connection.recv(65_536):
            pass

    return talk


REASONS = {
    1: "general server failure",
    2: "connection not allowed by ruleset",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "ttl expired",
    7: "command not supported",
    8: "address type not supported",
    9: "code 9",
    255: "code 255",
}
BROKEN = "it broke the SOCKS protocol"
CLOSED = "it closed the connection"
BAD = {
    "closes at once": ([], "closed the connection|reset|Broken pipe"),
    "closes after the greeting": ([b""], CLOSED),
    "half a method": ([b"\x05"], CLOSED),
    "no method": ([b"\x05\xff"], "it wants another way to log in"),
    "GSSAPI": ([b"\x05\x01"], "it wants another way to log in"),
    "unknown method": ([b"\x05\x80"], "it wants another way to log in"),
    "SOCKS4": ([b"\x00\x5a"], BROKEN),
    "version 0": ([b"\x00\x00"], BROKEN),
    "HTTP": ([b"HTTP/1.1 400 Bad Request canary\r\n\r\n"], BROKEN),
    "closes after the login": ([BY_LOGIN, b""], CLOSED),
    "half a login": ([BY_LOGIN, b"\x01"], CLOSED),
    "refuses the login": ([BY_LOGIN, b"\x01\x01"], "it refused the user name or the password"),
    "another login": ([BY_LOGIN, b"\x02\x00"], BROKEN),
    "closes after the request": ([NO_LOGIN, b""], CLOSED),
    "half a reply": ([NO_LOGIN, CONNECTED[:4]], CLOSED),
    "reply without its last byte": ([NO_LOGIN, CONNECTED[:-1]], CLOSED),
    "name without its end": ([NO_LOGIN, b"\x05\x00\x00\x03\x09canary"], CLOSED),
    "unknown kind of address": ([NO_LOGIN, b"\x05\x00\x00\x02" + bytes(6)], BROKEN),
    "another version in the reply": ([NO_LOGIN, b"\x04" + CONNECTED[1:]], BROKEN),
    "more than its reply": ([NO_LOGIN, CONNECTED + b"HTTP/1.1 200 OK\r\n\r\n"], "said more than that it has connected"),
    "more than its method": ([NO_LOGIN + CONNECTED + b"canary"], "said more than|broke the SOCKS|closed"),
    **{f"code {code}": ([NO_LOGIN, b"\x05%c\x00\x01" % code + bytes(6)], text) for code, text in REASONS.items()},
    "code without the rest": ([NO_LOGIN, b"\x05\x05"], REASONS[5]),
}
REFUSED_LOGINS = ("no method", "GSSAPI", "unknown method", "refuses the login")
"""What another attempt would meet again."""


@pytest.mark.parametrize("name", BAD)
def test_a_proxy_that_fails_is_named_and_nothing_was_sent(
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    waits: list[float],
    name: str,
) -> None:
    replies, problem = BAD[name]
    with Listener(say(*replies)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://{LOGIN}127.0.0.1:{proxy.port}")
        error = fail_to_create(caller, caplog, f"the proxy of ALL_PROXY: .*({problem})")
        attempts = 1 if name in REFUSED_LOGINS else 3
        assert (error.attempts, proxy.accepted, len(waits)) == (attempts, attempts, attempts - 1)
    assert not isinstance(error, APITimeoutError)


@pytest.mark.parametrize(
    "replies", [[], [b"\x05"], [BY_LOGIN], [NO_LOGIN], [NO_LOGIN, CONNECTED[:5]], [NO_LOGIN, CONNECTED]]
)
def test_a_proxy_that_falls_silent_takes_no_longer_than_the_call(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, replies: list[bytes]
) -> None:
    problem = "TLS handshake" if replies[-1:] == [CONNECTED] else "the proxy of ALL_PROXY: no complete answer in time"
    with Listener(say(*replies, stay=True)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://{LOGIN}127.0.0.1:{proxy.port}")
        with ends_after(0.3):
            error = fail_to_create(caller, caplog, problem, base_url=f"https://{V4}", timeout=0.3)
        assert (type(error), error.attempts, proxy.accepted) == (APITimeoutError, 1, 1)


def test_replies_can_arrive_byte_by_byte(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    name = b"\x05\x00\x00\x03\x03abc\x00\x00"

    def talk(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for reply in (BY_LOGIN, b"\x01\x00", name):
            connection.recv(65_536)
            for byte in reply:
                connection.sendall(bytes([byte]))
        say(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]")(connection)

    with Listener(talk) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://user:password@127.0.0.1:{proxy.port}")
        client = caller.client(f"http://{HOST}", allow_http=True)
        assert caller(client.schedules.create, recipients=["u1"], workflow="flow") == []


def test_a_proxy_that_is_down_is_named(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: list[float], refusing: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", refusing.replace("http://", f"socks5://{LOGIN}"))
    problem = f"the proxy of ALL_PROXY: cannot connect to {refusing.partition('//')[2]}: Connection refused"
    error = fail_to_create(caller, caplog, problem)
    assert (error.attempts, len(waits)) == (3, 2)


def test_close_ends_a_call_whose_proxy_has_not_answered(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener(say(stay=True)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
        client = caller.client(f"https://{HOST}")
        close = caller.when(lambda: proxy.accepted == 1, client.close)
        with ends_after(0):
            error, closed = caller.together([lambda: client.users.get("u1"), close])
    assert isinstance(error, APIConnectionError)
    assert (closed, "the client was closed meanwhile" in str(error)) == (None, True)
    assert (error.sent, error.attempts, proxy.accepted) == (False, 1, 1)


def test_nothing_is_sent_once_the_client_is_closed(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the last step of the connection cannot be interrupted."""
    for stream in ("_sync.engines.stream.Stream", "_async.engines.stream.AsyncStream"):
        monkeypatch.setattr(f"knock_sdk.{stream}.interrupt", lambda _: None)
    with Server.by(echo) as server, SocksServer(server.port, pause=0.5) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
        client = caller.client(f"http://{HOST}", allow_http=True)
        close = caller.when(lambda: bool(proxy.asked), client.close)
        error, closed = caller.together([lambda: client.users.get("u1"), close])
        assert isinstance(error, APIConnectionError)
        assert (error.sent, error.attempts, server.requests) == (False, 1, [])
        assert (closed, "the client was closed meanwhile" in str(error)) == (None, True)
