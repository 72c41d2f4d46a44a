"""Spans: one for each call, with what the conventions for HTTP clients ask for."""

from __future__ import annotations

import asyncio
import gc
import logging
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from opentelemetry import context, trace
from opentelemetry.trace import SpanKind, StatusCode

from knock_sdk import APIResponseValidationError, AsyncKnock, InvalidArgumentError, KnockError, ResponseTooLargeError
from tests.support.server import Server, hang, reset, respond
from tests.wire.caller import KEY, USER

from .recorder import cancel_when
from .telemetry import attributes_of, events_of

if TYPE_CHECKING:
    from tests.support.server import Reply
    from tests.wire.caller import Caller

    from .telemetry import Telemetry

RUN = respond(json={"workflow_run_id": "r1"}, x_request_id="req_3")
PATH = "/v1/workflows/{key}/trigger"


def test_a_trigger_with_two_retries_is_one_span(caller: Caller, waits: list[float], telemetry: Telemetry) -> None:
    with Server(respond(503, x_request_id="req_1"), reset, RUN) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.workflows.trigger, "comment-created", recipients=["u1"], idempotency_key="order-1")
        port = server.port
    span = telemetry.span
    assert (span.name, span.kind) == (f"POST {PATH}", SpanKind.CLIENT)
    assert (span.status.status_code, span.status.description) == (StatusCode.UNSET, None)
    assert attributes_of(span) == {
        "http.request.method": "POST",
        "http.request.resend_count": 2,
        "http.response.status_code": 200,
        "knock.attempts": 3,
        "knock.idempotency_key": "order-1",
        "knock.operation": "workflows.trigger",
        "knock.request_id": "req_3",
        "knock.workflow.key": "comment-created",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.full": f"http://127.0.0.1:{port}/v1/workflows/comment-created/trigger",
        "url.template": PATH,
    }
    events = events_of(span)
    assert events[2][1].pop("error.message")
    assert events == [
        (
            "knock.attempt",
            {"knock.attempt.number": 1, "http.response.status_code": 503, "error.type": "503"},
        ),
        ("knock.retry", {"knock.attempt.number": 2}),
        ("knock.attempt", {"knock.attempt.number": 2, "error.type": "knock_sdk.errors.APIConnectionError"}),
        ("knock.retry", {"knock.attempt.number": 3}),
        ("knock.attempt", {"knock.attempt.number": 3, "http.response.status_code": 200}),
    ]
    waited = [(event.attributes or {})["knock.retry.wait"] for event in span.events if event.name == "knock.retry"]
    assert waited == waits


def test_a_call_without_retries_has_no_resend_count(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, default_query={"a": "b c"})
        telemetry.instrument(client)
        caller(client.users.get, "ann/e")
        url = f"{server.url}/v1/users/ann%2Fe?a=b+c"
    attributes = attributes_of(telemetry.span)
    assert attributes["url.full"].replace("%20", "+") == url
    assert attributes["knock.attempts"] == 1
    assert attributes.keys().isdisjoint({"http.request.resend_count", "error.type", "knock.idempotency_key"})


FAILURES: dict[str, tuple[Reply, dict[str, Any], int | None, str]] = {
    "404": (respond(404), {}, 404, "404"),
    "302": (respond(302), {}, 302, "302"),
    "503": (respond(503), {}, 503, "503"),
    "reset": (reset, {}, None, "knock_sdk.errors.APIConnectionError"),
    "timeout": (hang, {"timeout": 0.05}, None, "knock_sdk.errors.APITimeoutError"),
    "no JSON": (respond(body=b"<p>"), {}, 200, "knock_sdk.errors.APIResponseValidationError"),
    "too large": (respond(body=b" " * 200), {"max_response_size": 100}, 200, "knock_sdk.errors.ResponseTooLargeError"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_call_has_an_error_status(caller: Caller, waits: list[float], telemetry: Telemetry, name: str) -> None:
    reply, settings, status, kind = FAILURES[name]
    with Server(reply) as server:
        client = caller.client(server.url, **settings)
        telemetry.instrument(client)
        with pytest.raises(KnockError) as caught:
            caller(client.users.get, "u1")
    span = telemetry.span
    attributes = attributes_of(span)
    assert span.status.status_code is StatusCode.ERROR
    assert attributes.get("http.response.status_code") == status
    assert attributes["error.type"] == kind
    assert attributes["knock.attempts"] == len(waits) + 1
    # What can be inferred from the status needs no description, and other texts repeat what the server says.
    assert span.status.description == (None if status else str(caught.value))
    assert {event.name for event in span.events} <= {"knock.attempt", "knock.retry"}


def test_the_request_id_of_a_response_that_is_too_large(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(body=b" " * 200, x_request_id="req_9")) as server:
        client = caller.client(server.url, max_response_size=100)
        telemetry.instrument(client)
        with pytest.raises(ResponseTooLargeError):
            caller(client.users.get, "u1")
    assert attributes_of(telemetry.span)["knock.request_id"] == "req_9"


def test_a_call_without_an_attempt_has_none(caller: Caller, telemetry: Telemetry) -> None:
    """It waits for an earlier write to the same record."""
    with Server(hang) as server:
        first = caller.client(server.url, timeout=0.5)
        second = first.with_options(timeout=0.05)
        telemetry.instrument(second)
        blocked = caller.when(lambda: bool(server.requests), lambda: second.users.update("u1", name="a"))
        caller.together([lambda: first.users.update("u1", name="b"), blocked])
    assert attributes_of(telemetry.span)["knock.attempts"] == 0
    assert telemetry.span.events == ()
    assert telemetry.points("http.client.request.duration") == []


def test_rejected_arguments_are_no_span(caller: Caller, telemetry: Telemetry) -> None:
    client = caller.client("http://127.0.0.1:9")
    telemetry.instrument(client)
    with pytest.raises(InvalidArgumentError):
        caller(client.users.get, "")
    assert telemetry.spans == ()


def test_raw_calls_have_no_template(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.get, "/v1/users/u1?x=1")
        caller(client.request, "patch", "/v1/users/u1")
        caller(client.request, "purge", "/v1/users/u1")
    assert [span.name for span in telemetry.spans] == ["GET", "PATCH", "HTTP"]
    first, _, last = (attributes_of(span) for span in telemetry.spans)
    assert first["knock.operation"] == "request"
    assert first["url.full"].endswith("/v1/users/u1?x=1")
    assert "url.template" not in first
    assert (last["http.request.method"], last["http.request.method_original"]) == ("_OTHER", "PURGE")


def test_the_description_of_a_raw_call_has_no_path(caller: Caller, refusing: str, telemetry: Telemetry) -> None:
    client = caller.client(refusing, max_retries=0)
    telemetry.instrument(client, record_urls=False)
    with pytest.raises(KnockError):
        caller(client.get, "/v1/users/canary")
    assert telemetry.span.status.description is None
    assert "canary" not in telemetry.span.to_json()


def test_a_path_before_v1_is_part_of_the_template(caller: Caller, telemetry: Telemetry) -> None:
    with Server(RUN) as server:
        client = caller.client(f"{server.url}/knock")
        telemetry.instrument(client)
        caller(client.workflows.trigger, "a b", recipients=["u1"])
    attributes = attributes_of(telemetry.span)
    assert attributes["url.template"] == f"/knock{PATH}"
    assert attributes["url.full"].endswith("/knock/v1/workflows/a%20b/trigger")
    assert attributes["knock.workflow.key"] == "a b"


def test_urls_can_be_left_out(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client, record_urls=False)
        caller(client.users.get, "canary-id", extra_query={"email": "canary"})
    attributes = attributes_of(telemetry.span)
    assert "url.full" not in attributes
    assert attributes["url.template"] == "/v1/users/{user_id}"
    assert "canary" not in telemetry.span.to_json()


def test_no_secret_is_recorded(caller: Caller, waits: list[float], telemetry: Telemetry) -> None:
    token = "token.canary.2718281828"
    echo = respond(503, json={"message": f"{KEY} {token} canary-data"}, x_request_id=f"{KEY} {token}")
    with Server(echo) as server:
        client = caller.client(server.url, user_token=token, default_query={"key": KEY})
        telemetry.instrument(client)
        with pytest.raises(KnockError):
            caller(client.workflows.trigger, "flow", recipients=["u1"], data={"a": "canary-data"})
        with pytest.raises(KnockError):
            caller(client.get, f"/v1/users?token={token}")
        with pytest.raises(KnockError):  # where it is percent-encoded
            caller(client.get, "/v1/users", query={"a": "canary+key/="}, extra_headers={"x-api-key": "canary+key/="})
    for span in telemetry.spans:
        for secret in (KEY, token, "canary-data", "canary%2B"):
            assert secret not in span.to_json()
    assert attributes_of(telemetry.spans[0])["knock.request_id"] == "[redacted] [redacted]"


def test_a_replayed_trigger_is_marked(caller: Caller, telemetry: Telemetry) -> None:
    with Server(respond(json={"workflow_run_id": "r1"}, idempotent_replayed="true")) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.workflows.trigger, "flow", recipients=["u1"])
    assert attributes_of(telemetry.span)["knock.replayed"] is True


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_call_has_an_error_status(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture, backend: str
) -> None:
    async def call(client: AsyncKnock) -> None:
        try:
            await client.users.get("u1")
        finally:
            assert trace.get_current_span() is trace.INVALID_SPAN

    async def main(server: Server) -> None:
        async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
            telemetry.instrument(client)
            await cancel_when(lambda: bool(server.requests), lambda: call(client))

    with Server(hang) as server:
        anyio.run(main, server, backend=backend)
        server.wait_for(lambda server: not server.open)
    span = telemetry.span
    assert span.status.status_code is StatusCode.ERROR
    assert attributes_of(span)["error.type"].rpartition(".")[2] in {"CancelledError", "Cancelled"}
    assert caplog.records == []


def test_a_call_that_nothing_awaits_any_more_ends_its_span(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """Its event loop has ended, and the coroutine is closed in another context than that of its task."""

    async def main(url: str) -> Any:
        client = AsyncKnock(api_key=KEY, base_url=url)
        telemetry.instrument(client)
        call = client.users.get("u1")
        call.send(None)  # begins it, up to where it waits
        return call

    with Server(hang) as server:
        loop = asyncio.new_event_loop()
        call = loop.run_until_complete(main(server.url))
        context.attach(context.Context())
        call.close()
        del call
        gc.collect()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        server.wait_for(lambda server: server.accepted == 1 and not server.open)
    assert attributes_of(telemetry.span)["error.type"] == "GeneratorExit"
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_the_span_is_current_during_the_call_and_child_of_the_callers(caller: Caller, telemetry: Telemetry) -> None:
    seen: list[int] = []

    def note(_: object) -> None:
        seen.append(trace.get_current_span().get_span_context().span_id)

    def call(client: Any) -> None:
        with telemetry.tracer.start_as_current_span("request of a user"):
            client.users.get("u1")
            assert trace.get_current_span().get_span_context().span_id not in seen

    async def call_in_task(client: Any) -> None:
        with telemetry.tracer.start_as_current_span("request of a user"):
            await client.users.get("u1")
            assert trace.get_current_span().get_span_context().span_id not in seen

    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, on_request=note, on_response=note)
        telemetry.instrument(client)
        caller(call if caller.kind == "sync" else call_in_task, client)
    (parent,) = telemetry.all("application")
    child = telemetry.span
    assert child.parent is not None
    assert parent.context is not None
    assert child.context is not None
    assert (child.parent.span_id, child.context.trace_id) == (parent.context.span_id, parent.context.trace_id)
    assert seen == [child.context.span_id] * 2


def test_on_failure_can_add_to_the_span(caller: Caller, telemetry: Telemetry) -> None:
    def add(event: Any) -> None:
        trace.get_current_span().set_attribute("app.code", event.error.code)

    with Server(respond(404, json={"code": "resource_missing", "message": "no"})) as server:
        client = caller.client(server.url, on_failure=add)
        telemetry.instrument(client)
        with pytest.raises(KnockError):
            caller(client.users.get, "u1")
    assert attributes_of(telemetry.span)["app.code"] == "resource_missing"


def test_a_span_processor_that_fails_breaks_no_call(
    caller: Caller, telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def on_start(self, *_: object, **__: object) -> None:
            raise LookupError("start")

        def on_end(self, *_: object) -> None:
            raise LookupError("end")

        _on_ending = on_end

    processor: Any = Broken()
    telemetry.traces.add_span_processor(processor)
    processor.shutdown = processor.force_flush = lambda *_: None
    with Server(respond(json=USER), respond(body=b"<p>")) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.users.get, "u1")
        with pytest.raises(APIResponseValidationError):
            caller(client.users.get, "u1")
    assert trace.get_current_span() is trace.INVALID_SPAN
    assert len(caplog.records) == 2
