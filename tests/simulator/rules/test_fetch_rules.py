"""Rules of HTTP fetches and AI agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Agent, Fetch, FetchRequest, FetchResponse, Send, UpdateData

from .scenes import DAY, refs, status, subjects, trigger
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

FETCH = "dw/fetch-function"
AGENT = "dw/ai-agent-function"
URL = "https://api.x.example/u/{{ recipient.id }}"
SHOWN = Send("email", {"subject": "{{ data.a.b }} {{ data.c }}", "body": "x"})


@rule(FETCH, "the statuses 200, 201 and 204 are successes; each other one fails the step")
@pytest.mark.parametrize(
    ("code", "sent"), [(200, 1), (201, 1), (204, 1), (202, 0), (301, 0), (400, 0), (404, 0), (429, 0)]
)
def test_statuses(knock: Any, sim: Simulator, code: int, sent: int) -> None:
    sim.workflow("w", steps=[Fetch(URL), Send("email")])
    sim.http("http_fetch_1", None if code == 204 else {"a": 1}, status=code)
    trigger(knock)
    sim.advance(DAY)
    assert (len(sim.messages()), len(sim.fetches)) == (sent, 1)
    if not sent:
        (skip,) = sim.skips()
        assert (skip.reason, skip.detail) == (
            "error",
            f"http_fetch_1: GET https://api.x.example/u/ana got the status {code}",
        )


@rule(FETCH, "the JSON object is merged over the data at its top level; nested objects are replaced")
def test_the_response_is_merged_shallowly(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Fetch(URL), SHOWN])
    sim.http("http_fetch_1", {"a": {"x": 1}, "c": 2})
    trigger(knock, data={"a": {"b": 1}, "c": 1})
    assert subjects(knock, sim) == [" 2"]
    assert sim.messages()[0].data == {"a": {"x": 1}, "c": 2}


@rule(FETCH, "with a response path, the response is put there, whatever it is")
@pytest.mark.parametrize("body", [7, [1], {"x": 1}, "text"])
def test_the_response_path(knock: Any, sim: Simulator, body: Any) -> None:
    sim.workflow("w", steps=[Fetch(URL, response_path="a.b"), Send("in_app_feed")])
    sim.http("http_fetch_1", body)
    trigger(knock, data={"a": {"c": 1}})
    assert sim.messages()[0].data == {"a": {"b": body, "c": 1}}


@rule(FETCH, "5xx and timeouts are tried again after 30 s and after 60 s, and then the run halts")
@pytest.mark.parametrize("code", [500, 503, None])
def test_a_failed_fetch_is_tried_three_times(knock: Any, sim: Simulator, code: int | None) -> None:
    sim.workflow("w", steps=[Fetch(URL), Send("email")])
    sim.http("http_fetch_1", status=code)
    trigger(knock)
    seen = [len(sim.fetches)]
    for seconds in (29, 1, 59, 1, 1000):
        sim.advance(seconds=seconds)
        seen.append(len(sim.fetches))
    assert seen == [1, 1, 2, 2, 3, 3]
    assert [fetch.attempt for fetch in sim.fetches] == [1, 2, 3]
    assert (status(knock), refs(sim)) == ("completed", [])
    (skip,) = sim.skips()
    assert skip.detail.startswith("http_fetch_1: GET https://api.x.example/u/ana ")


@rule(FETCH, "a later attempt that succeeds lets the run go on")
def test_a_later_attempt_can_succeed(knock: Any, sim: Simulator) -> None:
    def answer(request: FetchRequest) -> object:
        return FetchResponse(status=502) if request.attempt == 1 else {"c": request.attempt}

    sim.workflow("w", steps=[Fetch(URL), SHOWN])
    sim.http("http_fetch_1", answer)
    trigger(knock)
    sim.advance(seconds=30)
    assert subjects(knock, sim) == [" 2"]


@rule("sn/canceling-workflows", "a run can be cancelled between two attempts")
def test_a_fetch_can_be_cancelled(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Fetch(URL), Send("email")])
    sim.http("http_fetch_1", status=500)
    trigger(knock, cancellation_key="k")
    assert status(knock) == "paused"
    knock.workflows.cancel("w", cancellation_key="k")
    sim.http("http_fetch_1", {})
    sim.advance(DAY)
    assert (status(knock), refs(sim), len(sim.fetches)) == ("cancelled", [], 1)


@rule("mapi/WorkflowFetchStep", "URL, headers, query and body are Liquid; a body is sent with post and put alone")
@pytest.mark.parametrize(("method", "sends"), [("get", 0), ("delete", 0), ("patch", 0), ("post", 1), ("put", 1)])
def test_the_request_is_rendered(knock: Any, sim: Simulator, method: Any, sends: int) -> None:
    sim.set_variables({"token": "t"})
    step = Fetch(
        URL,
        method,
        headers={"Authorization": "Bearer {{ vars.token }}"},
        query='{"page": "{{ data.page }}"}',
        body='{"ids": {{ data.ids | json }}}',
    )
    sim.workflow("w", steps=[step])
    sim.http("http_fetch_1", {})
    trigger(knock, data={"page": 3, "ids": [1, 2]})
    (fetch,) = sim.fetches
    assert fetch == FetchRequest(
        workflow="w",
        ref="http_fetch_1",
        method=method,
        url="https://api.x.example/u/ana",
        query={"page": "3"},
        headers={"Authorization": "Bearer t"},
        body={"ids": [1, 2]} if sends else None,
    )


@rule(FETCH, "a bad URL, a body that is no JSON and a response that is no JSON fail the step at once")
@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Fetch("{{ data.nothing }}"), "url renders to '', which is no URL"),
        (Fetch("ftp://x.example"), "which is no URL"),
        (Fetch(URL, "post", body="{{ data.text }}"), "body does not render to JSON"),
        (Fetch(URL, headers="{{ data.text }}"), "headers does not render to JSON"),
        (Fetch(URL, headers="[1]"), "headers renders to list, not to a JSON object"),
    ],
)
def test_a_request_that_cannot_be_made_fails(knock: Any, sim: Simulator, step: Fetch, message: str) -> None:
    sim.workflow("w", steps=[step, Send("email")])
    sim.http("http_fetch_1", {})
    trigger(knock, data={"text": "{"})
    (skip,) = sim.skips()
    assert message in skip.detail
    assert (status(knock), refs(sim)) == ("completed", [])


@rule("dw/update-data-function", "fetched data is seen by all later steps, and by conditions")
def test_fetched_data_is_seen_by_conditions(knock: Any, sim: Simulator) -> None:
    pro = [{"variable": "data.plan", "operator": "equal_to", "argument": "pro"}]
    sim.workflow("w", steps=[Fetch(URL), Send("email", conditions=pro), UpdateData({"plan": "free"}), Send("sms")])
    sim.http("http_fetch_1", lambda request: {"plan": "pro" if request.url.endswith("ana") else "free"})
    knock.workflows.trigger("w", recipients=["ana", "ben"])
    assert refs(sim, to="ana") == ["email_1", "sms_1"]
    assert refs(sim, to="ben") == ["sms_1"]


@rule(AGENT, "a text is put at data.<ref>.text, the fields of JSON at data.<ref>")
@pytest.mark.parametrize(
    ("step", "answer", "data"),
    [
        (Agent("Sum up {{ data.text }}"), "Short", {"ai_agent_1": {"text": "Short"}}),
        (
            Agent("x", response_type="json", response_schema={"type": "object"}),
            {"mood": "good"},
            {"ai_agent_1": {"mood": "good"}},
        ),
    ],
)
def test_where_an_answer_goes(knock: Any, sim: Simulator, step: Agent, answer: Any, data: Any) -> None:
    sim.workflow("w", steps=[step, Send("in_app_feed")])
    sim.agent("ai_agent_1", answer)
    trigger(knock)
    assert sim.messages()[0].data == data


@rule(AGENT, "an error is tried three more times; then `halt_on_error` halts the run, or it goes on")
@pytest.mark.parametrize(("halts", "sent"), [(True, []), (False, ["email_1"])])
def test_an_agent_can_fail(knock: Any, sim: Simulator, halts: bool, sent: list[str]) -> None:
    def fail(_: object) -> object:
        raise TimeoutError("too slow")

    sim.workflow("w", steps=[Agent("x", halt_on_error=halts), Send("email")])
    sim.agent("ai_agent_1", fail)
    trigger(knock)
    assert (refs(sim), status(knock)) == (sent, "completed")
    assert knock.workflow_recipient_runs.list().items[0].error_count == 4


@rule("mapi/WorkflowAIAgentStep", "a response schema is required for JSON, and forbidden for text")
@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Agent("x", response_type="json"), "response_schema: is required"),
        (Agent("x", response_schema={}), "response_schema: needs response_type='json'"),
        (Agent("x", model="gpt"), "the provider and the model"),
        (Agent(""), "prompt: is empty"),
    ],
)
def test_agents_are_checked(sim: Simulator, step: Agent, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.workflow("w", steps=[step])


@rule(AGENT, "an answer that does not match the schema is an error")
@pytest.mark.parametrize(("answer", "message"), [("text", "is no JSON object"), ({"n": "x"}, "does not match")])
def test_answers_are_checked(knock: Any, sim: Simulator, answer: Any, message: str) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    sim.workflow("w", steps=[Agent("x", response_type="json", response_schema=schema), Send("email")])
    sim.agent("ai_agent_1", answer)
    trigger(knock)
    assert message in sim.skips()[0].detail
