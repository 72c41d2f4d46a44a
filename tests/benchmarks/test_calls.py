"""The calls that are compared: all subjects send the same request, and the server responds as the rows expect."""

from __future__ import annotations

import json
import os
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.server import Server as RecordingServer
from tests.support.server import respond
from tests.support.subjects import SUBJECTS

from .bodies import PAGE_SIZE, RUN_ID
from .by_hand import BODY, post, raw, request_of, trigger, with_headers
from .http_clients import HTTP_CLIENTS, async_clients, post_of, sync_calls
from .measure import event_loop
from .rows import starts
from .server import TRUST, Server, TLSServer
from .subjects import installed_version
from .trigger_calls import by_http_client
from .trigger_calls import sync_calls as all_sync_calls

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

URL = "http://127.0.0.1:4010"
OWN = {"idempotency-key": "another for each call"}


def lower(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by name, without the value that differs for each call."""
    return {name.decode().lower(): value.decode() for name, value in headers} | OWN


def test_code_by_hand_sends_the_same_request() -> None:
    ours = request_of(URL, trigger)
    sent: list[httpx.Request] = []

    def record(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    with with_headers(httpx.Client(transport=httpx.MockTransport(record)), ours) as client:
        post(client, URL + ours.target)
    (theirs,) = sent
    assert lower(theirs.headers.raw) == lower(ours.headers)
    assert (theirs.method, str(theirs.url), theirs.content) == ("POST", URL + ours.target, ours.body)
    assert raw(ours).startswith(b"POST /v1/workflows/comment-created/trigger HTTP/1.1\r\nhost: 127.0.0.1:4010\r\n")
    assert raw(ours).endswith(b"\r\n\r\n" + ours.body)


def test_other_http_clients_get_the_same_request() -> None:
    ours = request_of(URL, trigger)
    theirs = post_of(URL, ours)
    assert (theirs.url, theirs.body(), json.loads(theirs.body())) == (URL + ours.target, ours.body, BODY)
    left_to_the_client = {"host", "content-length"}
    headers = {**theirs.headers, **theirs.own_headers(), **OWN}
    assert headers == {name: text for name, text in lower(ours.headers).items() if name not in left_to_the_client}
    assert theirs.own_headers() != theirs.own_headers()


@pytest.mark.parametrize("name", HTTP_CLIENTS)
def test_an_http_client_sends_the_same_request(name: str) -> None:
    if not installed_version(name):
        pytest.skip(f"{name} is not installed")
    with RecordingServer(respond(json={"workflow_run_id": RUN_ID})) as server, ExitStack() as stack:
        ours = request_of(server.url, trigger)
        if call := sync_calls(post_of(server.url, ours), stack).get(name):
            assert [call(), call()] == [RUN_ID, RUN_ID]
        if client := async_clients().get(name):
            with event_loop() as loop:
                by_http_client(server.url, loop, client)
        for request in server.requests:
            sent = {each.lower(): text for each, text in request.headers.items()} | OWN
            assert sent.items() >= lower(ours.headers).items()
            assert (request.method, request.target, request.body) == ("POST", ours.target, ours.body)
        assert len({request.headers["idempotency-key"] for request in server.requests}) == len(server.requests) > 0


def test_the_server_responds_with_the_requested_list() -> None:
    with Server() as server:
        with SUBJECTS["knock-sdk"]().client(server.url) as client:
            assert len(client.messages.list().items) == PAGE_SIZE
        with SUBJECTS["knock-sdk"]().client(server.with_list(120)) as client:
            assert [len(page.items) for page in client.users.list(page_size=50).pages()] == [50, 50, 20]
            assert client.users.list().response_info.request_id


def test_the_server_takes_the_requested_time() -> None:
    with Server() as server, SUBJECTS["knock-sdk"]().client(server.with_delay(0.05)) as client:
        started = time.monotonic()
        assert trigger(client).workflow_run_id == RUN_ID
        assert time.monotonic() - started >= 0.05


def test_every_subject_trusts_the_server_with_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRUST, "/before.pem")
    with TLSServer() as server, ExitStack() as stack:
        assert server.url.startswith("https://")
        assert set(all_sync_calls(server.url, stack)) >= {"knock-sdk", "bare", "limit"}  # each has made a call
        without = stack.enter_context(httpx.Client(trust_env=False))
        with pytest.raises(httpx.ConnectError, match="unable to get local issuer"):
            without.get(server.url)
    assert os.environ[TRUST] == "/before.pem"


def test_starts_are_not_measured_where_each_process_imports_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starts.sysconfig, "get_path", lambda _: str(tmp_path))
    assert starts.scripts(URL)
    (tmp_path / "urllib3_future.pth").touch()
    for measure in (lambda: starts.scripts(URL), lambda: starts.import_time("knock_sdk", ())):
        with pytest.raises(RuntimeError, match="install niquests as"):
            measure()
