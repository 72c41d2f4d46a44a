"""Declared faults, and how the client reacts to them; no test waits in real time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseTooLargeError,
    UnprocessableEntityError,
    capture_responses,
)
from knock_sdk.testing import ConnectionDropped, HTTPRequest, Simulator
from knock_sdk.testing.state.clock import START
from tests.simulator.support.pair import SECRET, header, http

if TYPE_CHECKING:
    from collections.abc import Iterator

ANA = {"id": "ana", "email": "ana@x.example"}
LIMITED = "x-ratelimited-message_ids"


@pytest.fixture(autouse=True)
def _forbid_waiting() -> Iterator[None]:
    started = monotonic()
    yield
    assert monotonic() - started < 2


def test_a_trigger_is_retried_through_a_short_outage(knock: Any, sim: Simulator) -> None:
    fault = sim.fail("workflows.trigger", next=2)
    run = knock.workflows.trigger("w", recipients=[ANA])
    assert run.response_info.attempts == 3
    assert [(request.status, request.fault) for request in sim.requests] == [(503, "fail"), (503, "fail"), (200, None)]
    assert len({request.headers["idempotency-key"] for request in sim.requests}) == 1
    assert len({request.body for request in sim.requests}) == 1
    assert len(sim.messages()) == len(sim.triggers) == 1
    assert fault.times == 2
    assert sim.now == START


def test_a_lasting_outage_raises_after_three_attempts(knock: Any, sim: Simulator) -> None:
    sim.fail(next=None, status=502)
    with pytest.raises(InternalServerError) as caught:
        knock.users.get("ana")
    assert (caught.value.status_code, caught.value.code, caught.value.attempts) == (502, "bad_gateway", 3)
    assert caught.value.request_id == sim.requests[-1].request_id
    sim.clear_faults()
    assert knock.users.update("ana").id == "ana"


def test_a_fault_applies_only_to_its_operation(knock: Any, sim: Simulator) -> None:
    fault = sim.fail("users.get", next=None)
    knock.users.update("ana")
    knock.workflows.trigger("w", recipients=["ana"])
    with pytest.raises(InternalServerError):
        knock.users.get("ana")
    assert fault.times == 3
    sim.fail("identifyUser", code="workflow_missing")
    with pytest.raises(NotFoundError) as caught:
        knock.users.update("ana")
    assert caught.value.code == "workflow_missing"


def test_a_function_can_select_the_requests_that_fail(knock: Any, sim: Simulator) -> None:
    sim.fail(lambda request: request.operation == "triggerWorkflow" and "ben" in request.json["recipients"], status=422)
    knock.users.update("ana")
    knock.workflows.trigger("w", recipients=["ana"])
    with pytest.raises(UnprocessableEntityError):
        knock.workflows.trigger("w", recipients=["ana", "ben"])
    knock.workflows.trigger("w", recipients=["ana", "ben"])
    assert [request.status for request in sim.requests] == [200, 200, 422, 200]


def test_a_method_with_two_operations_selects_both(sim: Simulator) -> None:
    sim.fail("users.guides.mark_message_as_seen", next=2, status=500)
    body = {"channel_id": "c", "guide_id": "g", "guide_key": "g", "guide_step_ref": "s", "content": {}}
    assert http(sim, "PUT", "/v1/users/ana/guides/messages/seen", body)[0].status == 500
    assert http(sim, "PUT", "/v1/users/ana/guides/messages/m/seen", body)[0].status == 500


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("workflows.triger", "did you mean 'workflows.trigger'"),
        ("triggerWorkflows", "'triggerWorkflow'"),
        ("???", "an example is"),
        ("", "an example is"),
    ],
)
def test_an_unknown_operation_is_rejected_with_a_hint(sim: Simulator, name: str, hint: str) -> None:
    with pytest.raises(ValueError, match="no method of the client") as caught:
        sim.fail(name)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("fail", {"next": 0}),
        ("fail", {"status": 200}),
        ("fail", {"status": 600}),
        ("slow", {"seconds": 0}),
        ("slow", {"seconds": -1}),
        ("drop", {"when": "later"}),
        ("malform", {"kind": "wet"}),
        ("limit_batch", {}),
        ("limit_batch", {"ids": "m1"}),
        ("limit_batch", {"ids": ["m1"], "share": 0.5}),
        ("limit_batch", {"share": 0}),
        ("limit_batch", {"share": 1.1}),
        ("limit_batch", {"share": 1, "operation": "users.get"}),
    ],
)
def test_invalid_arguments_are_rejected_and_declare_no_fault(
    sim: Simulator, method: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r":|takes|operation"):
        getattr(sim, method)(**arguments)
    assert http(sim, "GET", "/v1/users")[0].status == 200


def test_a_fault_ends_with_its_block(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    with sim.fail(next=None) as fault, pytest.raises(InternalServerError):
        knock.users.get("ana")
    assert knock.users.get("ana").id == "ana"
    assert fault.times == 3
    other = sim.fail(next=None)
    other.end()
    assert knock.users.get("ana").id == "ana"


def test_faults_apply_in_the_order_of_their_declaration(sim: Simulator) -> None:
    sim.fail(status=500)
    sim.fail("listUsers", status=429, retry_after=1.5)
    sim.malform(kind="empty")
    responses = [http(sim, "GET", "/v1/users") for _ in range(4)]
    assert [(response.status, len(response.body) > 0) for response, _ in responses] == [
        (500, True),
        (429, True),
        (200, False),
        (200, True),
    ]
    assert header(responses[1][0], "retry-after") == "1.5"
    assert [request.fault for request in sim.requests] == ["fail", "fail", "malform", None]
    assert "fail" in repr(sim.requests[0])


def test_a_declared_error_can_have_any_status_code_and_body(knock: Any, sim: Simulator) -> None:
    sim.fail(status=418, code="teapot", message="Short and stout.")
    with pytest.raises(APIStatusError, match="Short and stout") as caught:
        knock.users.get("ana")
    assert (caught.value.status_code, caught.value.code) == (418, "teapot")
    sim.fail(status=404, body={"code": "other", "extra": [1]})
    with pytest.raises(NotFoundError) as missing:
        knock.users.get("ana")
    assert missing.value.body == {"code": "other", "extra": [1]}
    sim.fail(next=None, body="<html>Bad gateway</html>")
    with pytest.raises(InternalServerError, match="HTML page"):
        knock.users.get("ana")


def test_retry_after_passes_in_simulated_time(knock: Any, sim: Simulator) -> None:
    sim.fail(status=429, retry_after=5)
    knock.users.update("ana")
    assert [request.status for request in sim.requests] == [429, 200]
    assert sim.now - START == timedelta(seconds=5)


def test_a_long_retry_after_raises_without_waiting(knock: Any, sim: Simulator) -> None:
    sim.fail(status=429, retry_after=3600)
    with pytest.raises(RateLimitError) as caught:
        knock.users.update("ana")
    assert caught.value.retry_after == 3600
    assert (len(sim.requests), sim.now) == (1, START)


def test_a_slow_response_takes_simulated_time(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"])
    sim.slow(3)
    knock.workflows.trigger("w", recipients=[ANA])
    assert sim.now - START == timedelta(seconds=3)
    assert [(message.status, message.inserted_at) for message in sim.messages()] == [("sent", START)]
    assert [(request.status, request.fault) for request in sim.requests] == [(200, "slow")]


def test_a_response_slower_than_the_timeout_raises(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    fault = sim.slow(31, "users.get", next=None)
    with pytest.raises(APITimeoutError) as caught:
        knock.users.get("ana")
    assert (caught.value.sent, caught.value.attempts, fault.times) == (True, 3, 3)
    sim.clear_faults()
    sim.slow(4, "users.get")
    assert knock.users.get("ana", timeout=5).id == "ana"
    sim.slow(6, "users.get")
    with pytest.raises(APITimeoutError):
        knock.users.get("ana", timeout=5, max_retries=0)


def test_a_trigger_retried_after_a_timeout_runs_once(knock: Any, sim: Simulator) -> None:
    sim.slow(40)
    run = knock.workflows.trigger("w", recipients=[ANA])
    assert run.response_info.replayed
    assert [request.replayed for request in sim.requests] == [False, True]
    assert len(sim.messages()) == len(sim.triggers) == 1


def test_slow_faults_add_up_and_combine_with_others(sim: Simulator) -> None:
    sim.slow(2, next=None)
    sim.slow(3)
    sim.fail(status=500)
    response, _ = http(sim, "GET", "/v1/users")
    assert (response.status, response.delay) == (500, 5)
    assert sim.requests[0].fault == "slow, slow, fail"
    assert http(sim, "GET", "/v1/users")[0].delay == 2
    sim.drop()
    with pytest.raises(ConnectionDropped) as dropped:
        http(sim, "GET", "/v1/users")
    assert dropped.value.delay == 2


@pytest.mark.parametrize("when", ["connect", "before", "after"])
def test_a_trigger_survives_a_dropped_connection(knock: Any, sim: Simulator, when: Any) -> None:
    sim.drop("workflows.trigger", when=when)
    run = knock.workflows.trigger("w", recipients=[ANA])
    assert len(sim.messages()) == len(sim.triggers) == 1
    assert run.response_info.replayed == (when == "after")
    assert [(request.status, request.fault, request.carried_out) for request in sim.requests] == [
        (None, "drop", when == "after"),
        (200, None, True),
    ]
    assert "no response" in repr(sim.requests[0])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_dropped_call_that_must_not_be_repeated_has_an_unknown_outcome(knock: Any, sim: Simulator, when: Any) -> None:
    sim.workflow("w")
    repeats = [{"frequency": "daily", "hours": 9}]
    sim.drop("schedules.create", when=when)
    with pytest.raises(OutcomeUnknownError) as caught:
        knock.schedules.create(workflow="w", recipients=[ANA], repeats=repeats)
    assert (caught.value.sent, caught.value.attempts, len(sim.requests)) == (True, 1, 1)
    assert len(knock.schedules.list(workflow="w").items) == (when == "after")
    sim.drop("schedules.create", when="connect")
    knock.schedules.create(workflow="w", recipients=[ANA], repeats=repeats)
    assert [request.status for request in sim.requests][-2:] == [None, 200]


def test_permanently_dropped_connections_raise_after_three_attempts(knock: Any, sim: Simulator) -> None:
    sim.drop(next=None, when="connect")
    with pytest.raises(APIConnectionError, match="as declared with drop") as caught:
        knock.users.update("ana")
    assert (caught.value.sent, caught.value.attempts) == (False, 3)
    assert not isinstance(caught.value, APITimeoutError)


@pytest.mark.parametrize(
    "arguments",
    [
        {"kind": "truncated"},
        {"kind": "html"},
        {"kind": "empty"},
        {"body": b"\xff\xfe"},
        {"body": "null"},
        {"body": "[]"},
    ],
)
def test_a_malformed_response_raises_a_validation_error(knock: Any, sim: Simulator, arguments: dict[str, Any]) -> None:
    sim.malform("users.update", **arguments)
    with pytest.raises(APIResponseValidationError) as caught:
        knock.users.update("ana", name="Ana")
    assert caught.value.status_code == 200
    assert knock.users.get("ana").name == "Ana"
    assert sim.requests[0].fault == "malform"


def test_a_malformed_error_response_raises_by_its_status(knock: Any, sim: Simulator) -> None:
    sim.malform(kind="html")
    with pytest.raises(NotFoundError, match="HTML page"):
        knock.users.get("nobody")


def test_an_empty_response_can_be_malformed_as_html(sim: Simulator) -> None:
    http(sim, "PUT", "/v1/users/ana", {})
    sim.malform(kind="html")
    response = sim.handle(HTTPRequest("DELETE", "/v1/users/ana", [(b"authorization", SECRET.encode())]))
    assert (response.status, header(response, "content-type")) == (200, "text/html")
    assert header(response, "content-length") == str(len(response.body))
    assert http(sim, "GET", "/v1/users/ana")[0].status == 404


def test_a_too_large_response_raises(sim: Simulator) -> None:
    http(sim, "PUT", "/v1/users/ana", {})
    sim.malform(body=b"[" + b"1," * 600 + b"1]")
    with sim.client(max_response_size=1000) as client, pytest.raises(ResponseTooLargeError):
        client.users.get("ana")


def test_rate_limited_messages_of_a_batch_are_not_changed(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("w", recipients=[{"id": name} for name in "abcd"])
    ids = [message.id for message in sim.messages()]
    sim.limit_batch([ids[1], ids[3], "other"])
    marked = knock.messages.batch.mark_as_read(message_ids=ids)
    assert [message.id for message in marked] == ids
    assert [message.read_at is not None for message in marked] == [True, False, True, False]
    assert [message.read_at is not None for message in sim.messages()] == [True, False, True, False]
    assert sim.requests[-1].fault == "limit_batch"
    knock.messages.batch.mark_as_read(message_ids=ids)
    assert all(message.read_at for message in sim.messages())


def test_the_client_reports_rate_limited_messages(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("w", recipients=[{"id": name} for name in "ab"])
    ids = [message.id for message in sim.messages()]
    sim.limit_batch(share=1)
    with capture_responses() as calls:
        knock.messages.batch.archive(message_ids=ids)
    assert calls[0].rate_limited == {"message_ids": tuple(ids)}
    assert not any(message.archived_at for message in sim.messages())


def test_a_header_lists_the_rate_limited_messages(sim: Simulator) -> None:
    sim.client().workflows.trigger("w", recipients=[{"id": name} for name in "abcd"])
    ids = [message.id for message in sim.messages()]
    sim.limit_batch(share=0.5, operation="messages.batch.mark_as_seen")
    assert header(http(sim, "POST", "/v1/messages/batch/read", {"message_ids": ids})[0], LIMITED) is None
    response, body = http(sim, "POST", "/v1/messages/batch/seen", {"message_ids": ids})
    assert header(response, LIMITED) == f"{ids[1]},{ids[3]}"
    assert [entry["seen_at"] is None for entry in body] == [False, True, False, True]
    assert http(sim, "POST", "/v1/messages/batch/seen", {"message_ids": "no list"})[0].status == 422
    assert http(sim, "POST", "/v1/messages/batch/seen", b"no JSON")[0].status == 422


def test_a_batch_limit_applies_to_the_first_batch_with_its_ids(sim: Simulator) -> None:
    fault = sim.limit_batch(["m1"])
    http(sim, "POST", "/v1/messages/batch/read", {"message_ids": ["m2"]})
    http(sim, "GET", "/v1/users")
    assert fault.times == 0
    response, _ = http(sim, "POST", "/v1/messages/batch/read", {"message_ids": ["m1"]})
    assert (fault.times, header(response, LIMITED)) == (1, "m1")


def test_concurrent_waits_advance_the_clock_once(sim: Simulator) -> None:
    sim.fail(status=429, retry_after=2, next=20)

    async def main() -> None:
        async with sim.async_client() as client:
            await asyncio.gather(*(client.users.update(f"u{number}") for number in range(20)))

    asyncio.run(main())
    assert [request.status for request in sim.requests].count(200) == 20
    assert sim.now - START == timedelta(seconds=2)


def test_a_selecting_function_may_query_the_simulator(sim: Simulator) -> None:
    fault = sim.fail(lambda _: len(sim.requests) == 1, next=None)
    assert [http(sim, "GET", "/v1/users")[0].status for _ in range(3)] == [200, 503, 200]
    assert fault.times == 1


def test_faults_do_not_apply_to_unknown_paths(sim: Simulator) -> None:
    fault = sim.fail(next=None)
    assert http(sim, "GET", "/v1/nowhere")[0].status == 404
    assert fault.times == 0
