"""How far an attempt through httpx got, from the events of its `trace` extension."""

from __future__ import annotations

import ssl
from types import SimpleNamespace
from typing import Any

import pytest

from knock_sdk._core.deadline import Deadline
from knock_sdk._core.http_libraries.httpx_errors import failure_of, time_out
from knock_sdk._core.http_libraries.httpx_progress import Progress

OURS = {"request": SimpleNamespace(method=b"POST")}
CONNECT = {"request": SimpleNamespace(method=b"CONNECT")}


class ProtocolError(Exception):
    """An error of h11, h2 or httpcore."""


CONNECTING = [("connection.connect_tcp.started", {}), ("connection.connect_tcp.complete", {})]
TUNNEL = [
    *CONNECTING,
    ("http11.send_request_headers.started", CONNECT),
    ("http11.send_request_headers.complete", {"return_value": None}),
    ("http11.receive_response_headers.complete", {"return_value": None}),
]
TLS = ("connection.start_tls.complete", {"return_value": None})


def after(*events: tuple[str, dict[str, Any]]) -> Progress:
    progress = Progress(Deadline.after(None))
    for event, info in events:
        progress.note(event, info)
    return progress


@pytest.mark.parametrize("version", ["http11", "http2"])
@pytest.mark.parametrize(
    ("events", "sent"),
    [
        ([], False),
        (CONNECTING, False),
        (TUNNEL, False),
        ([*CONNECTING, ("{}.send_connection_init.started", OURS)], False),
        ([*CONNECTING, ("{}.send_request_headers.started", OURS)], True),
        ([*TUNNEL, ("{}.send_request_headers.started", OURS)], True),
        ([("{}.send_request_headers.started", {})], True),
        (
            [
                ("{}.send_request_headers.started", OURS),
                ("{}.send_request_headers.failed", {"exception": ProtocolError()}),
            ],
            False,
        ),
        (
            [("{}.send_request_headers.started", OURS), ("{}.send_request_headers.failed", {"exception": OSError()})],
            True,
        ),
        (
            [
                ("{}.send_request_headers.started", CONNECT),
                ("{}.send_request_headers.failed", {"exception": ProtocolError()}),
                ("{}.send_request_headers.started", OURS),
            ],
            True,
        ),
    ],
)
def test_a_request_counts_as_sent_once_its_head_is_written(
    version: str, events: list[tuple[str, dict[str, Any]]], sent: bool
) -> None:
    progress = after(*((event.format(version), info) for event, info in events))
    assert progress.sent == sent
    failure = time_out(progress)
    assert (failure.sent, failure.timed_out) == (sent or not events, True)


ALERT = ssl.SSLError(1, "x")
ALERT.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
SENT = ("http11.send_request_headers.started", OURS)
HEARD = ("http11.receive_response_headers.complete", {"return_value": None})


@pytest.mark.parametrize(
    ("events", "refused"),
    [
        ([*CONNECTING, TLS, SENT], True),
        ([*TUNNEL, TLS, SENT], True),
        ([SENT], False),
        ([*CONNECTING, TLS, SENT, HEARD], False),
    ],
    ids=["new connection", "new tunnel", "reused connection", "within the response"],
)
def test_an_alert_refuses_a_request_only_on_a_connection_without_a_response(
    events: list[tuple[str, dict[str, Any]]], refused: bool
) -> None:
    failure = failure_of(ALERT, after(*events))
    assert failure is not None
    assert failure.problem == "the server asks for a client certificate"
    assert (failure.sent, failure.permanent) == (not refused, refused)


def test_other_errors_of_tls_after_the_request_do_not_refuse_it() -> None:
    error = ssl.SSLError(1, "x")
    error.reason = "DECRYPTION_FAILED_OR_BAD_RECORD_MAC"
    failure = failure_of(error, after(*CONNECTING, TLS, SENT))
    assert failure is not None
    assert (failure.sent, failure.permanent) == (True, False)


def test_an_error_of_the_machine_is_described() -> None:
    for error, text, permanent in (
        (ValueError("x"), "ValueError: x", True),
        (FileNotFoundError(2, "No such file or directory"), "No such file or directory", False),
        (RuntimeError("x"), "RuntimeError: x", False),
        (ImportError("x"), "ImportError: x", True),
    ):
        failure = failure_of(error, after(*CONNECTING))
        assert failure is not None
        assert (failure.problem, failure.sent) == (f"the HTTP client failed: {text}", False)
        assert failure.permanent is permanent
        failure = failure_of(error, after())  # it tells nothing, as mocks do: the request may have been sent
        assert failure is not None
        assert (failure.sent, failure.permanent) == (True, False)


def test_an_error_in_code_is_none_of_ours() -> None:
    for error in (TypeError("x"), KeyError("x"), AttributeError("x"), RecursionError("x")):
        assert failure_of(error, after()) is None
