"""`http_client=` and failures: what is said and claimed about them, without a word of the server."""

from __future__ import annotations

import logging
import pickle
import socket
import ssl
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
import trustme

from knock_sdk import APIConnectionError, APITimeoutError, KnockError, OutcomeUnknownError
from tests.support.certificates import make_server_context
from tests.support.listener import Listener
from tests.support.server import Server, hang, hang_up, raw, reset, respond

from ..caller import KEY, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.server import Exchange, Reply

    from ..caller import Caller

HOST = "https://api.knock.example"
"""A host that does not exist, so that only a proxy or a mock can respond."""


def create(caller: Caller, url: str, http_client: Any, **options: Any) -> APIConnectionError:
    """Make a call that must not be repeated, and return its error."""
    client = caller.client(url, http_client=http_client, **options)
    with pytest.raises(APIConnectionError) as caught:
        caller(client.schedules.create, recipients=["u1"], workflow="flow")
    return caught.value


class Facts(NamedTuple):
    sent: bool
    timed_out: bool
    permanent: bool


@pytest.mark.parametrize(
    ("error", "words", "facts"),
    [
        (httpx.ConnectError, "cannot connect", Facts(sent=False, timed_out=False, permanent=False)),
        (httpx.ConnectTimeout, "no connection in time", Facts(sent=False, timed_out=True, permanent=False)),
        (httpx.PoolTimeout, "no free connection in time", Facts(sent=False, timed_out=True, permanent=False)),
        (httpx.ProxyError, "the proxy refused", Facts(sent=False, timed_out=False, permanent=False)),
        (httpx.ReadTimeout, "no complete answer in time", Facts(sent=True, timed_out=True, permanent=False)),
        (httpx.WriteTimeout, "not written in time", Facts(sent=True, timed_out=True, permanent=False)),
        (httpx.ReadError, "the connection broke before", Facts(sent=True, timed_out=False, permanent=False)),
        (httpx.WriteError, "the connection broke while", Facts(sent=True, timed_out=False, permanent=False)),
        (httpx.RemoteProtocolError, "broke the HTTP protocol", Facts(sent=True, timed_out=False, permanent=False)),
        (httpx.DecodingError, "cannot be decompressed", Facts(sent=True, timed_out=False, permanent=False)),
        (httpx.LocalProtocolError, "refuses the request", Facts(sent=False, timed_out=False, permanent=True)),
        (httpx.UnsupportedProtocol, "does not support the scheme", Facts(sent=False, timed_out=False, permanent=True)),
        (httpx.InvalidURL, "does not accept the URL", Facts(sent=False, timed_out=False, permanent=True)),
    ],
)
def test_an_error_of_httpx_is_reported_as_by_the_default_engine(
    caller: Caller, waits: list[float], error: type[Exception], words: str, facts: Facts
) -> None:
    """Each tells, as in the default engine, whether the request was sent, timed out, and may be repeated."""
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        raise error("words of a stranger")

    client = caller.client(HOST, http_client=caller.httpx(httpx.MockTransport(handler)))
    with pytest.raises(APIConnectionError, match=words) as caught:
        caller(client.users.get, "u1")
    assert "stranger" not in str(caught.value)
    assert type(caught.value) is (APITimeoutError if facts.timed_out else APIConnectionError)
    assert caught.value.sent == facts.sent
    assert caught.value.attempts == len(requests) == (1 if facts.permanent else 3)
    requests.clear()
    with pytest.raises(APIConnectionError) as caught:
        caller(client.schedules.create, recipients=["u1"], workflow="flow")
    assert (type(caught.value) is OutcomeUnknownError) == facts.sent
    assert caught.value.attempts == len(requests) == (1 if facts.permanent or facts.sent else 3)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(24, "Too many open files"), "the HTTP client failed: Too many open files"),
        (RuntimeError("Event loop is closed"), "the HTTP client failed: RuntimeError: Event loop is closed"),
        (ImportError("No module named 'h2'"), "the HTTP client failed: ImportError: No module named 'h2'"),
        (ValueError("not a URL"), "the HTTP client failed: ValueError: not a URL"),
        (ssl.SSLError(1, "[SSL] internal error"), "TLS failed"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_of_the_machine_in_a_given_client(
    caller: Caller, waits: list[float], error: Exception, words: str
) -> None:
    """A client that says nothing of its progress may have sent the request."""

    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    client = caller.client(HOST, http_client=caller.httpx(httpx.MockTransport(handler)))
    with pytest.raises(APIConnectionError, match=words) as caught:
        caller(client.users.get, "u1")
    assert (caught.value.attempts, len(waits)) == (3, 2)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    with pytest.raises(OutcomeUnknownError):
        caller(client.schedules.create, recipients=["u1"], workflow="flow")


def test_a_mistake_in_the_code_of_a_given_client_is_left_alone(caller: Caller) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise KeyError("theirs")

    client = caller.client(HOST, http_client=caller.httpx(httpx.MockTransport(handler)))
    with pytest.raises(KeyError, match="theirs"):
        caller(client.users.get, "u1")


@pytest.mark.parametrize("error", [ImportError("No module named 'httpx'"), RuntimeError("cannot start")])
def test_a_client_that_cannot_be_made(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, waits: list[float], error: Exception
) -> None:
    def fail(**_: Any) -> Any:
        raise error

    client = caller.client(HOST, http_client="httpx")
    with monkeypatch.context() as patched:
        patched.setattr(httpx, "Client" if caller.kind == "sync" else "AsyncClient", fail)
        with pytest.raises(APIConnectionError, match=f"cannot make an HTTP client: .*{error}") as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
    assert not caught.value.sent
    assert caught.value.attempts == (1 if isinstance(error, ImportError) else 3)


def test_an_error_that_the_caller_is_handling_is_no_cause(caller: Caller, waits: list[float]) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    client = caller.client(HOST, http_client=caller.httpx(httpx.MockTransport(handler)))

    def call() -> Any:
        try:
            raise ssl.SSLCertVerificationError(1, "not of this call")
        except ssl.SSLCertVerificationError:
            return client.users.get("u1")

    with pytest.raises(APIConnectionError, match="cannot connect") as caught:
        caller(call)
    assert "certificate" not in str(caught.value)
    assert caught.value.attempts == 3


def echo(template: bytes) -> Reply:
    """Reply with the value of the request's header Authorization in the middle."""

    async def reply(exchange: Exchange) -> None:
        await exchange.send(template % exchange.received.headers["authorization"].encode())
        await exchange.hang_up()

    return reply


ECHOES = {
    "malformed status": b"HTTP/1.1 2xx %s\r\n\r\n",
    "reason phrase": b"HTTP/1.1 401 %s\r\ncontent-length: 2\r\n\r\n{}",
    "reason phrase of no error": b"HTTP/1.1 200 %s\r\ncontent-length: 2\r\n\r\n[]",
    "malformed header": b"HTTP/1.1 200 OK\r\n%s\r\n\r\n",
    "malformed chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%s\r\n",
}


class TestSecrets:
    @pytest.mark.parametrize("choice", ["given", "httpx"])
    @pytest.mark.parametrize("name", ECHOES)
    def test_a_key_that_the_server_repeats_is_not_shown(
        self, caller: Caller, caplog: pytest.LogCaptureFixture, waits: list[float], name: str, choice: str
    ) -> None:
        """Not in the error, its traceback with local variables, its pickle, what it is chained to, or any log."""
        caplog.set_level(logging.DEBUG)
        with Server(echo(ECHOES[name])) as server:
            client = caller.client(server.url, http_client=caller.httpx() if choice == "given" else "httpx")
            with pytest.raises(KnockError) as caught:
                caller(client.users.get, "u1")
            assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        error = caught.value
        assert KEY not in "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        assert KEY not in str(error) + repr(error) + repr(vars(error))
        assert KEY.encode() not in pickle.dumps(error)
        assert (error.__cause__, error.__context__) == (None, None)
        assert "[redacted]" in caplog.text
        assert KEY not in caplog.text

    def test_the_password_of_a_proxy_is_not_shown(
        self, caller: Caller, waits: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def repeat(exchange: Exchange) -> None:
            given = exchange.received.headers["proxy-authorization"].encode()
            await exchange.send(b"HTTP/1.1 407 wrong: hunter2 %s\r\n\r\n" % given)
            await exchange.hang_up()

        with Server(repeat) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//me:hunter2@"))
            error = create(caller, HOST, "httpx")
        assert "the proxy refused to connect, with status 407" in str(error)
        assert error.attempts == 1
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        assert "hunter2" not in shown
        assert "bWU6aHVudGVyMg" not in shown

    def test_logs_outside_of_calls_are_left_alone(self, caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        with Server(respond(json=USER)) as server:
            caller(caller.client(server.url, http_client=caller.httpx()).users.get, "u1")
        logging.getLogger("httpx").info("mine: %s", KEY)
        assert caplog.records[-1].getMessage() == f"mine: {KEY}"


@contextmanager
def silent_address() -> Iterator[str]:
    """Provide the URL of a port that does not answer to new connections: its queue is full."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(deaf.getsockname())
        yield f"http://127.0.0.1:{deaf.getsockname()[1]}"
        for each in waiting:
            each.close()


class TestClaims:
    """Whether something was sent is known exactly, from what httpx tells about its steps."""

    @pytest.fixture(params=["given", "httpx"])
    def through(
        self, request: pytest.FixtureRequest, caller: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[str], Any]:
        """Return a function that returns a value for `http_client` that uses a proxy."""

        def choose(proxy: str) -> Any:
            monkeypatch.setenv("HTTPS_PROXY", proxy)
            return caller.httpx(proxy=proxy) if request.param == "given" else "httpx"

        return choose

    def test_a_connection_that_nothing_answers_is_tried_again(self, caller: Caller, waits: list[float]) -> None:
        with silent_address() as url:
            error = create(caller, url, caller.httpx(), attempt_timeout=0.3)
        assert type(error) is APITimeoutError
        assert "no connection in time" in str(error)
        assert (error.sent, error.attempts, len(waits)) == (False, 3, 2)

    def test_a_wait_for_the_pool_of_the_client_is_tried_again(self, caller: Caller, waits: list[float]) -> None:
        """The application itself has taken the only connection."""
        given = caller.httpx(limits=httpx.Limits(max_connections=1))
        with Server(respond(json=USER)) as server:
            held = caller(given.send, given.build_request("GET", server.url), stream=True)
            error = create(caller, server.url, given, attempt_timeout=0.3)
            caller(held.close if caller.kind == "sync" else held.aclose)
            assert len(server.requests) == 1
        assert type(error) is APITimeoutError
        assert "no free connection" in str(error)
        assert (error.sent, error.attempts) == (False, 3)

    @pytest.mark.parametrize(
        ("reply", "kind"),
        [
            (hang, APITimeoutError),
            (hang_up, APIConnectionError),
            (reset, APIConnectionError),
            (raw(b"what?\r\n\r\n", then_close=True), APIConnectionError),
            (respond(403), APIConnectionError),
        ],
        ids=["hangs", "hangs up", "resets", "no HTTP", "refuses"],
    )
    def test_a_proxy_that_fails_before_it_has_connected_gets_nothing(
        self, caller: Caller, waits: list[float], through: Callable[[str], Any], reply: Reply, kind: type
    ) -> None:
        with Server(reply) as proxy:
            error = create(caller, HOST, through(proxy.url), attempt_timeout=0.5)
            assert [received.method for received in proxy.requests] == ["CONNECT"] * 3
        assert type(error) is kind
        assert (error.sent, error.attempts, len(waits)) == (False, 3, 2)

    @pytest.mark.parametrize("reply", [hang, hang_up, reset], ids=["hangs", "hangs up", "resets"])
    def test_a_request_that_was_sent_is_not_sent_again(self, caller: Caller, reply: Reply) -> None:
        with Server(reply) as server:
            error = create(caller, server.url, caller.httpx(), attempt_timeout=0.3)
            assert len(server.requests) == 1
        assert type(error) is OutcomeUnknownError
        assert (error.sent, error.attempts) == (True, 1)

    def test_a_request_that_httpx_refuses_was_not_sent(self, caller: Caller) -> None:
        """A hook of the client adds a header that is not HTTP."""

        def spoil(request: httpx.Request) -> None:
            request.headers["bad name"] = "x"

        async def spoil_async(request: httpx.Request) -> None:
            spoil(request)

        hook = spoil if caller.kind == "sync" else spoil_async
        with Server(respond(json=[])) as server:
            error = create(caller, server.url, caller.httpx(event_hooks={"request": [hook]}))
            server.wait_for(lambda server: server.accepted == 1 and server.open == 0)
            assert server.requests == []
        assert type(error) is APIConnectionError
        assert (error.sent, error.attempts) == (False, 1)

    def test_a_client_that_is_closed_meanwhile_sends_nothing(self, caller: Caller) -> None:
        given = caller.httpx()
        with Server(respond(json=USER)) as server:
            client = caller.client(server.url, http_client=given)
            assert caller(client.users.get, "u1").id == "u1"
            caller(given.close if caller.kind == "sync" else given.aclose)
            with pytest.raises(APIConnectionError, match="the HTTP client was closed meanwhile") as caught:
                caller(client.users.get, "u1")
            assert len(server.requests) == 1
        assert (caught.value.sent, caught.value.attempts) == (False, 1)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


class TestTLS:
    def test_a_certificate_that_is_not_trusted_is_refused_once(self, caller: Caller, trusting: ssl.SSLContext) -> None:
        with Server(tls=make_server_context(trustme.CA())) as server:
            error = create(caller, server.url, caller.httpx(verify=trusting))
        assert "the server's certificate is refused: unable to get local issuer certificate" in str(error)
        assert (type(error), error.sent, error.attempts) == (APIConnectionError, False, 1)

    @pytest.mark.parametrize(
        ("version", "words", "closes", "times"),
        [
            ("TLSv1_2", "TLS failed: .*HANDSHAKE_FAILURE", False, 1),
            ("TLSv1_3", "the server asks for a client certificate", False, 1),
            ("TLSv1_3", "the server asks for a client certificate", True, 25),
        ],
    )
    @pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")  # trio's, about the body that is not sent
    def test_a_server_that_demands_a_client_certificate_is_asked_once(
        self,
        caller: Caller,
        authority: trustme.CA,
        trusting: ssl.SSLContext,
        version: str,
        words: str,
        *,
        closes: bool,
        times: int,
    ) -> None:
        """In TLS 1.3 its refusal arrives with or after the request, which it has not looked at.

        A server that closes the connection at once has the system reset it.
        """
        context = make_server_context(authority)
        context.verify_mode = ssl.CERT_REQUIRED
        context.minimum_version = context.maximum_version = ssl.TLSVersion[version]

        def refuse(connection: socket.socket) -> None:
            with (
                connection.dup() as below,
                context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as wrapped,
            ):
                with pytest.raises(ssl.SSLError):
                    wrapped.do_handshake()
                while not closes and below.recv(65_536):
                    pass

        with Listener(refuse) as listener:
            client = caller.client(listener.url, http_client=caller.httpx(verify=trusting))
            for _ in range(times):
                with pytest.raises(APIConnectionError, match=words) as caught:
                    caller(client.schedules.create, recipients=["u1"], workflow="flow")
                error = caught.value
                assert (type(error), error.sent, error.attempts) == (APIConnectionError, False, 1)
            assert listener.accepted == times
