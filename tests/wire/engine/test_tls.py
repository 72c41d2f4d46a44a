"""TLS: trusted certificates, the errors for others, and the reuse of connections."""

from __future__ import annotations

import os
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from knock_sdk import APIConnectionError, APITimeoutError, AsyncKnock, ConfigurationError, Knock, OutcomeUnknownError
from tests.support.certificates import LONG_AGO, make_server_context
from tests.support.listener import Listener, respond_with
from tests.support.server import Server, drip, hang, hang_up, message, respond

from ..caller import KEY, USER
from .test_proxies import tunnel

if TYPE_CHECKING:
    from pathlib import Path

    from ..caller import Caller


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Make an authority trusted through SSL_CERT_FILE."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return authority


def test_a_trusted_server_is_called_over_one_connection(caller: Caller, trusted: trustme.CA) -> None:
    with Server(respond(json=USER), tls=make_server_context(trusted)) as server:
        client = caller.client(server.url)
        for _ in range(5):
            assert caller(client.users.get, "u1").id == "u1"
        assert server.accepted == 1


@pytest.mark.parametrize("through", ["own", "proxy", "httpx", "given httpx"])
def test_a_dot_at_the_end_of_a_host_is_no_part_of_its_certificate(
    caller: Caller, trusted: trustme.CA, monkeypatch: pytest.MonkeyPatch, through: str
) -> None:
    """The server gets it in the header `Host`, and TLS does without it."""
    names: list[str] = []
    context = make_server_context(trusted, "api.knock.example")
    context.sni_callback = lambda _, name, __: names.append(name)
    original = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **named: Any) -> Any:
        host = host.decode() if isinstance(host, bytes) else host
        return original("127.0.0.1" if host == "api.knock.example." else host, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with Server(respond(json=USER), tls=context) as server, Server(tunnel(server.port)) as proxy:
        options: dict[str, Any] = {"http_client": "httpx"} if through == "httpx" else {}
        if through == "given httpx":
            options["http_client"] = caller.httpx(verify=ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"]))
        if through == "proxy":
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        client = caller.client(f"https://api.knock.example.:{server.port}", **options)
        assert caller(client.users.get, "u1").id == "u1"
        assert server.requests[0].headers["host"] == f"api.knock.example.:{server.port}"
        assert names == ["api.knock.example"]


@pytest.mark.parametrize("name", ["unknown", "other host", "expired"])
def test_an_invalid_certificate_is_rejected(caller: Caller, trusted: trustme.CA, name: str) -> None:
    """Nothing is sent, there is no second attempt, and the error gives the reason."""
    context, problem = {
        "unknown": lambda: (make_server_context(trustme.CA()), "unable to get local issuer certificate"),
        "other host": lambda: (make_server_context(trusted, "knock.example"), "IP address mismatch"),
        "expired": lambda: (
            make_server_context(trusted, not_before=LONG_AGO, not_after=LONG_AGO),
            "certificate has expired",
        ),
    }[name]()
    with Server(tls=context) as server:
        with pytest.raises(APIConnectionError, match=f"certificate is refused: .*{problem}") as caught:
            caller(caller.client(server.url).workflows.trigger, "flow", recipients=["u1"])
        assert server.requests == []
    assert caught.value.attempts == 1
    assert not caught.value.sent
    assert caught.value.__cause__ is None


def test_a_server_without_tls_is_a_connection_error(caller: Caller) -> None:
    with Listener(respond_with(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as listener:
        with pytest.raises(APIConnectionError, match=r"TLS failed: .*WRONG.VERSION.NUMBER") as caught:
            caller(caller.client(listener.url).users.get, "u1")
        assert caught.value.attempts == listener.accepted == 1
        assert not caught.value.sent


def test_an_interrupted_handshake_is_retried(caller: Caller, waits: list[float]) -> None:
    """A load balancer does so while servers change. Nothing was sent, so that any request may be repeated."""
    with Listener(respond_with(b"")) as listener:
        with pytest.raises(APIConnectionError) as caught:
            caller(caller.client(listener.url).schedules.create, recipients=["u1"], workflow="flow")
        assert caught.value.attempts == listener.accepted == 3
        assert not caught.value.sent
    assert len(waits) == 2


def test_a_handshake_that_hangs_times_out(caller: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = caller.client(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3)
        with pytest.raises(APITimeoutError, match="TLS handshake took too long") as caught:
            caller(client.users.get, "u1")
    assert not caught.value.sent


def test_large_bodies_are_sent_and_received(caller: Caller, trusted: trustme.CA) -> None:
    """They take many TLS records each way."""
    large = {**USER, "filler": "x" * 2_000_000}
    with Server(respond(json=large), tls=make_server_context(trusted)) as server:
        client = caller.client(server.url)
        for _ in range(2):
            assert caller(client.users.update, "u1", properties={"filler": "y" * 2_000_000}).filler == large["filler"]
        assert [len(received.json["filler"]) for received in server.requests] == [2_000_000] * 2
        assert server.accepted == 1


@pytest.mark.parametrize(
    ("method", "wants"),
    [
        ("do_handshake", ssl.SSLWantWriteError),
        ("recv", ssl.SSLWantWriteError),
        ("send", ssl.SSLWantReadError),
        ("send", ssl.SSLWantWriteError),
    ],
    ids=["handshake-write", "read-write", "write-read", "write-write"],
)
def test_a_tls_read_can_require_a_write_and_a_write_a_read(
    caller: Caller,
    trusted: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    wants: type[ssl.SSLError],
) -> None:
    """Renewing keys makes a read send and a write receive; here, the socket requests that once."""
    raised: list[str] = []
    original = getattr(ssl.SSLSocket, method)

    def once(sock: ssl.SSLSocket, *args: object, **named: object) -> object:
        if not sock.server_side and not raised:
            raised.append(method)
            raise wants
        return original(sock, *args, **named)

    with Server(respond(json=USER), tls=make_server_context(trusted)) as server:
        client = caller.client(server.url, max_retries=0)
        monkeypatch.setattr(ssl.SSLSocket, method, once)
        for _ in range(2):
            assert caller(client.users.update, "u1", properties={"a": 1}).id == "u1"
        assert raised == [method]
        assert server.accepted == 1


def test_a_slow_response_times_out(caller: Caller, trusted: trustme.CA) -> None:
    with Server(drip(message(json=USER)), tls=make_server_context(trusted)) as server:
        with pytest.raises(APITimeoutError):
            caller(caller.client(server.url, timeout=0.3).users.get, "u1")
        assert len(server.requests) == 1


def test_an_idle_connection_closed_by_the_server_is_replaced(caller: Caller, trusted: trustme.CA) -> None:
    with Server(respond(json=[]), tls=make_server_context(trusted)) as server:
        client = caller.client(server.url)
        for _ in range(3):
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
            server.close_idle()
        assert len(server.requests) == server.accepted == 3


def test_a_connection_lost_after_the_request_is_an_unknown_outcome(caller: Caller, trusted: trustme.CA) -> None:
    with Server(respond(json=[]), hang_up, tls=make_server_context(trusted)) as server:
        client = caller.client(server.url)
        caller(client.schedules.create, recipients=["u1"], workflow="flow")
        with pytest.raises(OutcomeUnknownError):
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        assert len(server.requests) == 2


def test_close_ends_a_call_in_progress(trusted: trustme.CA) -> None:
    with Server(hang, tls=make_server_context(trusted)) as server, ThreadPoolExecutor(1) as threads:
        client = Knock(api_key=KEY, base_url=server.url)
        in_progress = threads.submit(client.users.get, "u1")
        server.wait_for(lambda server: len(server.requests) == 1)
        client.close()
        with pytest.raises(APIConnectionError, match="closed"):
            in_progress.result(5)
        server.wait_for(lambda server: server.open == 0)


def test_clients_share_one_context(caller: Caller, trusted: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the authorities takes longer than a typical call."""
    made: list[object] = []
    make = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda **named: made.append(named) or make(**named))
    with Server(respond(json=USER), tls=make_server_context(trusted)) as server:
        clients = [caller.client(server.url) for _ in range(3)]
        assert made == []
        for client in clients:
            caller(client.users.get, "u1")
        assert len(made) == 1
        assert server.accepted == 3


@pytest.mark.parametrize("url", ["http://api.knock.app", "http://10.0.0.1:8080", "http://127.0.0.1.example"])
def test_plain_http_is_rejected_unless_allowed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (Knock, AsyncKnock):
        with pytest.raises(ConfigurationError, match="in the clear"):
            kind(api_key=KEY, base_url=url)
        monkeypatch.setenv("KNOCK_BASE_URL", url)
        with pytest.raises(ConfigurationError, match="in the clear"):
            kind(api_key=KEY)
        kind(api_key=KEY, allow_http=True)
        monkeypatch.setenv("KNOCK_ALLOW_HTTP", "1")
        kind(api_key=KEY)
        monkeypatch.delenv("KNOCK_ALLOW_HTTP")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_a_server_that_demands_a_client_certificate_is_named_and_has_carried_out_nothing(
    caller: Caller, trusted: trustme.CA, version: ssl.TLSVersion
) -> None:
    """In TLS 1.3 the handshake is complete for the client before the server refuses it."""
    context = make_server_context(trusted)
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    trusted.configure_trust(context)

    def talk(connection: socket.socket) -> None:
        # asyncio's server would end the connection without saying why.
        with suppress(ssl.SSLError), context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(65_536)

    with Listener(talk) as listener:
        with pytest.raises(APIConnectionError, match=r"client certificate|HANDSHAKE_FAILURE") as caught:
            caller(caller.client(listener.url).schedules.create, recipients=["u1"], workflow="flow")
        assert (caught.value.sent, caught.value.attempts, listener.accepted) == (False, 1, 1)
