"""Errors of calls without a response, and of successful responses that cannot be read."""

from __future__ import annotations

import pytest

from knock_sdk._core.outcome import Failure
from knock_sdk._core.responses.error_factory import connection_error, too_large_error, validation_error
from knock_sdk.errors import APIConnectionError, APITimeoutError, OutcomeUnknownError

from ..support import KEY, get_user, make_config, make_response, merge_users, trigger

PROBLEM = "the connection was reset"
FAILURES: list[tuple[str, Failure, type[APIConnectionError], str]] = [
    ("read", Failure(PROBLEM, sent=False), APIConnectionError, "not sent"),
    ("read", Failure(PROBLEM, sent=True), APIConnectionError, "may have been received"),
    ("read", Failure(PROBLEM, sent=False, timed_out=True), APITimeoutError, "not sent"),
    ("read", Failure(PROBLEM, sent=True, timed_out=True), APITimeoutError, "may have been received"),
    ("trigger", Failure(PROBLEM, sent=True), APIConnectionError, "may have been received"),
    ("trigger", Failure(PROBLEM, sent=True, timed_out=True), APITimeoutError, "may have been received"),
    ("merge", Failure(PROBLEM, sent=False), APIConnectionError, "not sent"),
    ("merge", Failure(PROBLEM, sent=False, timed_out=True), APITimeoutError, "not sent"),
    ("merge", Failure(PROBLEM, sent=True), OutcomeUnknownError, "may have been received"),
    ("merge", Failure(PROBLEM, sent=True, timed_out=True), OutcomeUnknownError, "may have been received"),
]
REQUESTS = {"read": get_user(), "trigger": trigger(idempotency_key="k1"), "merge": merge_users()}


@pytest.mark.parametrize(("name", "failure", "kind", "state"), FAILURES)
def test_a_call_without_a_response_raises_a_connection_error(
    name: str, failure: Failure, kind: type[APIConnectionError], state: str
) -> None:
    outgoing = REQUESTS[name]
    error = connection_error(outgoing, failure, 2)
    assert type(error) is kind
    assert (error.sent, error.attempts, error.path) == (failure.sent, 2, outgoing.operation.path)
    assert error.idempotency_key == ("k1" if name == "trigger" else None)
    unknown = "; the server may have carried it out, so it was not sent again" if kind is OutcomeUnknownError else ""
    path = f"{outgoing.operation.method} {outgoing.operation.path}"
    assert str(error) == f"{path}: {PROBLEM}{unknown} (request {state}; 2 attempts)"
    assert str(connection_error(outgoing, failure, 1)).endswith("; 1 attempt)")


def test_a_secret_in_a_problem_is_redacted() -> None:
    error = connection_error(get_user(), Failure(f"Bearer {KEY}", sent=False), 1)
    assert str(error) == "GET /v1/users/{user_id}: Bearer [redacted] (request not sent; 1 attempt)"


def test_an_unreadable_success_raises_a_validation_error() -> None:
    response = make_response(201, f"\xff{KEY}".encode("latin-1") + b"x" * 600, {"X-Request-Id": f"r-{KEY}"})
    error = validation_error("is not JSON", get_user(), response, 2)
    assert (error.status_code, error.request_id, error.attempts) == (201, "r-[redacted]", 2)
    assert error.start == (b"\xff[redacted]" + b"x" * 600)[: 512 - len(KEY) + len("[redacted]")]
    assert str(error).startswith(
        "GET /v1/users/{user_id}: the server accepted the request (201), but its response is not JSON ("
    )
    assert "CANARY" not in str(error)


def test_a_success_that_is_too_large_is_reported_with_its_limit() -> None:
    error = too_large_error(get_user(make_config(max_response_size=4096)), make_response(200, b"start"), 1)
    assert str(error) == (
        "GET /v1/users/{user_id}: the server accepted the request (200), but its response is larger than 4,096 bytes"
        " (request id unknown; it starts with 'start')"
    )
