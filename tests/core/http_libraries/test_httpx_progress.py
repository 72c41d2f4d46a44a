"""Attempts through httpx: what their events say beside an error, and the time that each step gets."""

from __future__ import annotations

from types import SimpleNamespace

import httpx
import pytest

from knock_sdk._core.deadline import Deadline
from knock_sdk._core.http_libraries.httpx_errors import failure_of
from knock_sdk._core.http_libraries.httpx_progress import Progress

OURS: dict[str, object] = {"request": SimpleNamespace(method=b"POST")}
CONNECT: dict[str, object] = {"request": SimpleNamespace(method=b"CONNECT")}


def progress(*events: tuple[str, dict[str, object]]) -> Progress:
    made = Progress(Deadline.after(None))
    for event, info in events:
        made.note(event, info)
    return made


def test_a_request_of_http2_that_was_sent_is_not_what_broke_the_protocol() -> None:
    """httpcore blames the client for all that its HTTP/2 library raises, also about what the server has sent."""
    error = httpx.LocalProtocolError("words of a stranger")
    failure = failure_of(error, progress(("http2.send_request_headers.started", OURS)))
    assert failure is not None
    assert (failure.sent, failure.permanent, failure.problem) == (True, False, "the HTTP protocol was broken")
    unsent = failure_of(error, progress(("http2.send_connection_init.started", OURS)))
    assert unsent is not None
    assert (unsent.sent, unsent.permanent) == (False, True)
    assert "the HTTP client refuses the request" in unsent.problem


@pytest.mark.parametrize(
    ("events", "sent"),
    [
        ([("connection.connect_tcp.started", {})], False),
        ([("http11.send_request_headers.started", CONNECT)], False),
        ([("http11.send_request_headers.started", CONNECT), ("http11.send_request_headers.started", OURS)], True),
        # A flow of authentication sends two requests; the second is refused by the client itself.
        (
            [
                ("http11.send_request_headers.started", OURS),
                ("http11.send_request_headers.started", OURS),
                ("http11.send_request_headers.failed", {"exception": httpx.LocalProtocolError("no")}),
            ],
            True,
        ),
    ],
)
@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.ConnectError])
def test_events_tell_what_was_sent_whatever_the_error_is(
    events: list[tuple[str, dict[str, object]]], error: type[httpx.TransportError], *, sent: bool
) -> None:
    failure = failure_of(error("words of a stranger"), progress(*events))
    assert failure is not None
    assert failure.sent is sent
    assert "stranger" not in failure.problem


def test_limits_of_later_steps_shrink_to_what_is_left() -> None:
    limits = {"connect": 5.0, "read": None, "write": 0.001, "pool": 5.0}
    info: dict[str, object] = {"request": SimpleNamespace(method=b"GET", extensions={"timeout": limits}), "timeout": 9}
    Progress(Deadline.after(2)).note("connection.start_tls.started", info)
    assert 0 < limits["connect"] <= 2
    assert limits["read"] == info["timeout"] == limits["connect"]
    assert (limits["write"], limits["pool"]) == (0.001, 5.0)
    Progress(Deadline.after(None)).note("connection.start_tls.started", {"timeout": None})


@pytest.mark.parametrize(
    ("event", "within"),
    [
        ("connection.connect_tcp.started", True),
        ("http11.receive_response_headers.started", True),
        ("http11.receive_response_headers.complete", False),
        ("http2.receive_response_headers.started", False),
        (None, False),
    ],
)
def test_an_attempt_that_nobody_waits_for_is_cancelled_within_a_step_and_sends_nothing_later(
    event: str | None, *, within: bool
) -> None:
    """Outside of a step it may wait for httpx's pool; a connection of HTTP/2 has other requests too."""
    made = progress() if event is None else progress((event, OURS))
    assert made.leave() is within
    for step in ("connection.connect_tcp", "http11.send_request_headers", "http2.send_request_headers"):
        with pytest.raises(TimeoutError):
            made.note(f"{step}.started", OURS)
    made.note("http11.response_closed.started", OURS)  # what ends a request goes on
    assert not made.sent
