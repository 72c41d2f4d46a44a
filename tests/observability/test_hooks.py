"""Hooks: what each is told, and when."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from knock_sdk import (
    APIConnectionError,
    APIResponseValidationError,
    APITimeoutError,
    AuthenticationError,
    FailureEvent,
    InternalServerError,
    InvalidArgumentError,
    KnockError,
    OutcomeUnknownError,
    RequestEvent,
    ResponseEvent,
    ResponseTooLargeError,
    RetryEvent,
    Workflow,
)
from tests.support.server import Server, hang, reset, respond
from tests.wire.caller import KEY, USER

from .recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.server import Reply
    from tests.wire.caller import Caller

RUN = respond(json={"workflow_run_id": "r1"}, x_request_id="req_3")
TRIGGER = {
    "operation": "workflows.trigger",
    "method": "POST",
    "path": "/v1/workflows/{key}/trigger",
    "idempotency_key": "order-1",
}


def fields(event: Any) -> dict[str, Any]:
    """Return what an event has besides the call's number."""
    return {name: value for name, value in dataclasses.asdict(event).items() if name != "call_id"}


@pytest.mark.parametrize("asynchronous", [False, True])
def test_each_step_of_a_call_is_told(caller: Caller, waits: list[float], *, asynchronous: bool) -> None:
    recorder = Recorder()
    asynchronous = asynchronous and caller.kind != "sync"
    with Server(respond(503, x_request_id="req_1"), reset, RUN) as server:
        client = caller.client(server.url, **recorder.hooks(asynchronous=asynchronous))
        caller(client.workflows.trigger, "flow", recipients=["u1"], idempotency_key="order-1")
    sent = recorder.of(RequestEvent)
    assert [fields(event) for event in sent] == [{**TRIGGER, "attempt": attempt} for attempt in (1, 2, 3)]
    first, second = recorder.of(ResponseEvent)
    assert 0 < first.elapsed < 10
    assert fields(first) == {
        **TRIGGER,
        "attempt": 1,
        "status_code": 503,
        "request_id": "req_1",
        "elapsed": first.elapsed,
    }
    assert (second.attempt, second.status_code, second.request_id) == (3, 200, "req_3")
    unavailable, broken = recorder.of(RetryEvent)
    assert fields(unavailable) == {
        **TRIGGER,
        "attempt": 1,
        "wait": waits[0],
        "reason": "status 503",
        "status_code": 503,
    }
    assert (broken.attempt, broken.wait, broken.status_code) == (2, waits[1], None)
    assert "reset" in broken.reason.lower()
    kinds = [type(event) for event in recorder.events]
    assert kinds == [
        *(RequestEvent, ResponseEvent, RetryEvent),
        *(RequestEvent, RetryEvent),
        *(RequestEvent, ResponseEvent),
    ]
    assert len({event.call_id for event in recorder.events}) == 1


def test_calls_have_numbers_of_their_own(caller: Caller) -> None:
    recorder = Recorder()
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, **recorder.hooks())
        caller(client.users.get, "u1")
        caller(client.users.get, "u2")
    first, again, second, _ = (event.call_id for event in recorder.events)
    assert first == again < second
    assert {event.idempotency_key for event in recorder.events} == {None}


def test_a_retry_names_the_wait_that_the_server_asks_for(caller: Caller, waits: list[float]) -> None:
    recorder = Recorder()
    with Server(respond(429, retry_after="2"), respond(json=USER)) as server:
        caller(caller.client(server.url, **recorder.hooks()).users.get, "u1")
    (event,) = recorder.of(RetryEvent)
    assert (event.reason, event.status_code, event.attempt) == ("status 429", 429, 1)
    assert [event.wait] == waits
    assert 2 <= event.wait <= 2.2


class Comment(BaseModel):
    text: str


COMMENT = Workflow("comment", data=Comment)
REFUSED: dict[str, tuple[Callable[[Any], Any], tuple[str, str, str]]] = {
    "id": (lambda client: client.users.get(""), ("users.get", "GET", "/v1/users/{user_id}")),
    "data": (
        lambda client: client.workflows.trigger("flow", recipients=["u1"], data={"a": b"b"}),
        ("workflows.trigger", "POST", "/v1/workflows/{key}/trigger"),
    ),
    "typed data": (
        lambda client: client.workflows.trigger(COMMENT, recipients=["u1"], data={"txt": "a"}),
        ("workflows.trigger", "POST", "/v1/workflows/{key}/trigger"),
    ),
    "typed data of a schedule": (
        lambda client: client.schedules.create(workflow=COMMENT, recipients=["u1"], data={"txt": "a"}, repeats=[]),
        ("schedules.create", "POST", "/v1/schedules"),
    ),
    "other host": (lambda client: client.get("http://other.example/v1/users"), ("request", "", "")),
    "method": (lambda client: client.request("G T", "/v1/users"), ("request", "", "")),
    "option": (
        lambda client: client.users.get("u1", timeout=-1),
        ("users.get", "GET", "/v1/users/{user_id}"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_failure_is_told_if_the_arguments_are_rejected(caller: Caller, name: str) -> None:
    call, expected = REFUSED[name]
    recorder = Recorder()
    with Server() as server:
        client = caller.client(server.url, **recorder.hooks())
        with pytest.raises(InvalidArgumentError) as caught:
            caller(call, client)
        assert server.requests == []
    (event,) = recorder.events
    assert type(event) is FailureEvent
    assert event.error is caught.value
    assert (event.operation, event.method, event.path) == expected
    assert (event.attempts, event.idempotency_key) == (0, None)
    assert 0 <= event.elapsed < 10


def test_a_misspelt_keyword_is_a_failure_too(caller: Caller) -> None:
    recorder = Recorder()
    client = caller.client("http://127.0.0.1:9", **recorder.hooks())
    with pytest.raises(TypeError, match="unexpected keyword") as caught:
        caller(client.users.get, "u1", timeuot=1)
    assert [event.error for event in recorder.events] == [caught.value]


FAILURES: dict[str, tuple[Reply, dict[str, Any], type[KnockError], int]] = {
    "status": (respond(401), {}, AuthenticationError, 1),
    "status after retries": (respond(503), {}, InternalServerError, 3),
    "connection": (reset, {}, APIConnectionError, 3),
    "timeout": (hang, {"timeout": 0.05}, APITimeoutError, 1),
    "no JSON": (respond(body=b"<p>"), {}, APIResponseValidationError, 1),
    "too large": (respond(body=b" " * 200), {"max_response_size": 100}, ResponseTooLargeError, 1),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_once(caller: Caller, waits: list[float], name: str) -> None:
    reply, settings, kind, attempts = FAILURES[name]
    recorder = Recorder()
    with Server(reply) as server:
        client = caller.client(server.url, **settings, **recorder.hooks())
        with pytest.raises(kind) as caught:
            caller(client.users.get, "u1")
        assert len(server.requests) == attempts
    (event,) = recorder.of(FailureEvent)
    assert recorder.events[-1] is event
    assert event.error is caught.value
    assert event.attempts == attempts == len(recorder.of(RequestEvent))
    assert len(recorder.of(RetryEvent)) == len(waits) == attempts - 1
    assert (event.operation, event.path) == ("users.get", "/v1/users/{user_id}")


def test_an_unknown_outcome_is_a_failure(caller: Caller) -> None:
    recorder = Recorder()
    with Server(reset) as server:
        client = caller.client(server.url, **recorder.hooks())
        with pytest.raises(OutcomeUnknownError):
            caller(client.users.merge, "u1", from_user_id="u2")
    assert recorder.steps == [("Request", "users.merge"), ("Failure", "users.merge")]


def test_a_call_that_ends_before_its_first_attempt_made_none(caller: Caller) -> None:
    """It waits for an earlier write to the same record."""
    recorder = Recorder()
    with Server(hang) as server:
        first = caller.client(server.url, timeout=0.5)
        second = first.with_options(timeout=0.05, **recorder.hooks())
        blocked = caller.when(lambda: bool(server.requests), lambda: second.users.update("u1", name="a"))
        _, error = caller.together([lambda: first.users.update("u1", name="b"), blocked])
    assert isinstance(error, APITimeoutError)
    (event,) = recorder.events
    assert (type(event), event.error, event.attempts) == (FailureEvent, error, 0)


def test_events_are_frozen_and_can_be_copied(caller: Caller, waits: list[float]) -> None:
    recorder = Recorder()
    with Server(respond(503)) as server, pytest.raises(InternalServerError):
        caller(caller.client(server.url, **recorder.hooks()).users.get, "u1")
    assert {type(event) for event in recorder.events} == {RequestEvent, ResponseEvent, RetryEvent, FailureEvent}
    for event in recorder.events:
        with pytest.raises(dataclasses.FrozenInstanceError):
            event.operation = "users.update"
        for twin in (copy.copy(event), copy.deepcopy(event), pickle.loads(pickle.dumps(event))):
            assert type(twin) is type(event)
            assert str(fields(twin)) == str(fields(event))


def test_events_contain_no_secret(caller: Caller, waits: list[float]) -> None:
    recorder = Recorder()
    token = "token.canary.2718281828"
    echo = respond(503, json={"message": KEY}, x_request_id=f"{KEY} {token}")
    with Server(echo) as server:
        client = caller.client(server.url, user_token=token, **recorder.hooks())
        with pytest.raises(InternalServerError):
            caller(client.workflows.trigger, "flow", recipients=[{"id": "u1", "email": "canary@example.com"}])
        for options in ({}, {"timeout": -1}, {"extra_headers": {"x-api-key": "canary-of-a-header"}}):
            with pytest.raises(KnockError):
                caller(client.get, f"/v1/users?token={token}&key={KEY}", **options)
        with pytest.raises(KnockError):
            caller(client.get, "/v1/canary-of-a-header", extra_headers={"x-api-key": "canary-of-a-header"})
    assert {event.request_id for event in recorder.of(ResponseEvent)} == {"[redacted] [redacted]"}
    for event in recorder.events:
        own = event
        if type(event) is FailureEvent:  # errors have the paths of raw calls as they are given
            own = dataclasses.replace(event, error=LookupError())
        shown = repr(own) + str(pickle.dumps(own))
        for secret in (KEY, token, "canary@example.com"):
            assert secret not in shown
