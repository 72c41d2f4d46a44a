"""pytest-httpx, vcrpy and respx, which replace methods of httpx or httpcore: they see every request."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx
import vcr
from vcr.errors import CannotOverwriteExistingCassetteException

from knock_sdk import APIConnectionError, APITimeoutError, Knock, OutcomeUnknownError
from knock_sdk._core import mocks
from tests.support.server import Server, respond

from ..caller import KEY, USER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..caller import Caller

MOCKED = {**USER, "id": "mocked"}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(respond(json=USER)) as made:
        yield made


def test_pytest_httpx_sees_calls_of_a_client_that_is_already_connected(
    caller: Caller, server: Server, request: pytest.FixtureRequest
) -> None:
    client = caller.client(server.url)
    assert caller(client.users.get, "u1").id == "u1"
    httpx_mock = request.getfixturevalue("httpx_mock")
    httpx_mock.add_response(url=f"{server.url}/v1/users/u1", json=MOCKED)
    httpx_mock.add_response(method="POST", url=f"{server.url}/v1/workflows/f/trigger", json={"workflow_run_id": "r1"})
    assert caller(client.users.get, "u1").id == "mocked"
    assert caller(client.workflows.trigger, "f", recipients=["u1"]).workflow_run_id == "r1"
    assert len(server.requests) == 1
    first, second = httpx_mock.get_requests()
    assert first.headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(second.content) == {"recipients": ["u1"]}


def test_threads_share_the_connections_that_a_recorder_watches(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    original, used = httpx.HTTPTransport.handle_request, set[httpx.HTTPTransport]()

    def recorded(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        used.add(self)
        return original(self, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", recorded)
    client, start = Knock(api_key=KEY, base_url=server.url), Barrier(8)

    def call(_: int) -> None:
        start.wait()
        client.users.get("u1")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(call, range(8)))
    client.close()  # closes the connections of one client of httpx, and could not find those of others
    assert len(used) == 1


def test_errors_of_pytest_httpx_are_reported_like_those_of_a_server(
    caller: Caller, httpx_mock: Any, waits: list[float]
) -> None:
    client = caller.client("https://api.knock.app")
    httpx_mock.add_exception(httpx.ConnectError("refused"), is_reusable=True)
    with pytest.raises(APIConnectionError) as caught:
        caller(client.users.get, "u1")
    assert (caught.value.sent, caught.value.attempts, len(waits)) == (False, 3, 2)
    httpx_mock.reset()
    httpx_mock.add_exception(httpx.ReadTimeout("slow"))
    with pytest.raises(OutcomeUnknownError) as unknown:
        caller(client.schedules.create, recipients=["u1"], workflow="flow")
    assert isinstance(unknown.value, APITimeoutError) or unknown.value.sent


def test_vcrpy_records_calls_and_plays_them(caller: Caller, tmp_path: Path) -> None:
    """The cassette is put in while the client has a connection; later the server is gone."""
    cassette = str(tmp_path / "cassette.yaml")
    with Server(respond(json=USER), respond(json=MOCKED), respond(json=USER)) as server:
        client = caller.client(server.url, max_retries=0)
        assert caller(client.users.get, "u1").id == "u1"
        with vcr.use_cassette(cassette, filter_headers=["authorization"]) as tape:
            assert caller(client.users.get, "u1").id == "mocked"
            assert len(tape) == 1
        assert caller(client.users.get, "u1").id == "u1"
        assert len(server.requests) == 3
    with vcr.use_cassette(cassette, record_mode="none") as tape:
        assert caller(client.users.get, "u1").id == "mocked"
        assert tape.play_count == 1
        with pytest.raises(CannotOverwriteExistingCassetteException):
            caller(client.users.get, "u2")
    with pytest.raises(APIConnectionError):
        caller(client.users.get, "u1")


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
def test_respx_sees_calls_of_a_client_that_is_already_connected(caller: Caller, server: Server, using: str) -> None:
    client = caller.client(server.url)
    assert caller(client.users.get, "u1").id == "u1"
    for _ in range(2):
        with respx.mock(using=using) as router:
            route = router.get(f"{server.url}/v1/users/u1").respond(json=MOCKED)
            assert caller(client.users.get, "u1").id == "mocked"
            assert route.call_count == 1
        assert caller(client.users.get, "u1").id == "u1"
    assert (len(server.requests), server.accepted) == (3, 1)


class TestDetection:
    @pytest.fixture(autouse=True)
    def unknown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Start without what was found out before."""
        monkeypatch.setattr(mocks, "_known", {})

    def test_nothing_is_active_at_first(self) -> None:
        assert not mocks.are_active()
        assert {library: len(owners) for library, (owners, *_) in mocks._known.items()} == {"httpx": 4, "httpcore": 4}

    @pytest.mark.parametrize("known", [False, True])
    @pytest.mark.parametrize(
        "target",
        [
            "httpx.HTTPTransport.handle_request",
            "httpx.AsyncHTTPTransport.handle_async_request",
            "httpx.Client._transport_for_url",
            "httpcore.ConnectionPool.handle_request",
            "httpcore.AsyncConnectionPool.handle_async_request",
            "httpcore.HTTPConnection.handle_request",
        ],
    )
    def test_each_method_is_watched(self, monkeypatch: pytest.MonkeyPatch, target: str, *, known: bool) -> None:
        if known:
            assert not mocks.are_active()
        with monkeypatch.context() as patched:
            patched.setattr(target, lambda *_: None)
            assert mocks.are_active()
        assert not mocks.are_active()

    def test_a_wrapper_that_takes_over_the_names_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        original = httpx.HTTPTransport.handle_request

        def wrapper(*args: Any) -> Any:
            return original(*args)

        wrapper.__module__, wrapper.__qualname__ = original.__module__, original.__qualname__
        monkeypatch.setattr(httpx.HTTPTransport, "handle_request", wrapper)
        assert mocks.are_active()

    def test_a_wrapper_that_shows_the_code_of_what_it_wraps_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """wrapt, with which instrumentation is written, returns another wrapper each time."""
        wrapt: Any = pytest.importorskip("wrapt")
        original = httpx.HTTPTransport.handle_request
        wrapper = wrapt.FunctionWrapper(original, lambda wrapped, _, args, named: wrapped(*args, **named))
        assert wrapper.__code__ is original.__code__
        with monkeypatch.context() as patched:
            patched.setattr(httpx.HTTPTransport, "handle_request", wrapper)
            assert mocks.are_active()
        assert not mocks.are_active()

    def test_a_library_that_is_not_loaded_is_not_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for library in ("httpx", "httpcore"):
            monkeypatch.delitem(mocks.sys.modules, library)
        assert not mocks.are_active()
        assert mocks._known == {}
