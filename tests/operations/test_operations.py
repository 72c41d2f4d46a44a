"""Each call sends the request of its row, from both clients, and decodes the response."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import AsyncFeedPage, AsyncPage, FeedPage, Page
from knock_sdk._core.responses.model import Model
from tests.support.calls.recording import KEY, OPERATIONS, SIDES, Recorder, example_response, make_call
from tests.support.calls.row import NO_BODY, PageOf, Row
from tests.support.calls.rows import ROWS

if TYPE_CHECKING:
    from codegen.contract.document import Operation

ALWAYS = {"host", "authorization", "accept", "accept-encoding", "user-agent"}
PAGES = {"Knock": (Page, FeedPage), "AsyncKnock": (AsyncPage, AsyncFeedPage)}
WITHOUT_METHOD = [operation for operation in OPERATIONS.values() if not operation.method and not operation.alias_of]

each_side = pytest.mark.parametrize("side", SIDES)
each_row = pytest.mark.parametrize("row", ROWS, ids=str)


@each_side
@each_row
def test_a_call_sends_the_request_of_its_row(side: str, row: Row) -> None:
    sent, _ = make_call(side, row)
    assert sent.verb == OPERATIONS[row.operation].verb
    assert sent.path == row.path
    assert sent.query == sorted(row.query)
    if row.body is NO_BODY:
        assert sent.body == b""
    else:
        assert json.loads(sent.body) == row.body


@each_side
@each_row
def test_a_call_sends_the_expected_headers_only(side: str, row: Row) -> None:
    sent, _ = make_call(side, row)
    operation = OPERATIONS[row.operation]
    expected = ALWAYS | {parameter["name"].lower() for parameter in operation.parameters if parameter["in"] == "header"}
    if row.body is not NO_BODY:
        expected |= {"content-type"}
        assert sent.header("content-type") == "application/json"
    if row.body is not NO_BODY or sent.verb in {"POST", "PUT"}:
        expected |= {"content-length"}
        assert sent.header("content-length") == str(len(sent.body))
    assert {name for name, _ in sent.headers} == expected
    assert sent.header("authorization") == f"Bearer {KEY}"
    assert sent.header("host") == "api.knock.app"
    assert {name: sent.header(name) for name in row.headers} == row.headers


def test_only_a_trigger_has_an_idempotency_key() -> None:
    with_key = {row.call for row in ROWS if make_call("Knock", row)[0].header("idempotency-key")}
    assert with_key == {"workflows.trigger"}


@each_side
@each_row
def test_the_response_is_decoded(side: str, row: Row) -> None:
    operation = OPERATIONS[row.operation]
    _, result = make_call(side, row)
    body = json.loads(example_response(row.operation).body or "null")
    if isinstance(row.returns, PageOf):
        page, feed_page = PAGES[side]
        assert type(result) is (feed_page if row.call == "users.feeds.list_items" else page)
        assert dump(result.items, row.returns.item) == body[operation.node["x-knock-page"]["items"]]
        assert result.response_info.request_id == "F9a1b2c3"
    elif row.returns is None:
        assert result is None
    elif isinstance(row.returns, type) and issubclass(row.returns, Model):
        assert dump([result], row.returns) == [body]
        assert result.response_info.request_id == "F9a1b2c3"
    else:
        assert type(result) is list
        assert dump(result, row.returns.__args__[0]) == body


def dump(models: list[Any], kind: type[Model]) -> list[Any]:
    """Return the JSON that models were decoded from; each must be of class `kind`."""
    assert {type(model) for model in models} == {kind}
    return [json.loads(model.model_dump_json(exclude_unset=True)) for model in models]


@each_side
@pytest.mark.parametrize("operation", WITHOUT_METHOD, ids=lambda operation: operation.id)
def test_an_operation_without_a_method_is_called_by_its_path(side: str, operation: Operation) -> None:
    path = operation.path
    for name, value in {"collection": "invoices", "key": "in%2Fvoice", "type": "email"}.items():
        path = path.replace(f"{{{name}}}", value)
    path = path.replace("{", "some-").replace("}", "")
    given: dict[str, Any] = {} if operation.body is None else {"body": {"name": "digest", "recipients": ["jhammond"]}}
    response = example_response(operation.key)
    recorder = Recorder(response)
    result = SIDES[side](recorder, lambda client: getattr(client, operation.verb.lower())(path, **given))
    (sent,) = recorder.sent
    assert (sent.verb, sent.path, sent.query) == (operation.verb, path, [])
    assert sent.body == (b"" if operation.body is None else b'{"name":"digest","recipients":["jhammond"]}')
    assert sent.header("authorization") == f"Bearer {KEY}"
    assert sent.header("idempotency-key") is None
    assert result == (json.loads(response.body) if response.body else None)


def test_seventeen_operations_have_no_method() -> None:
    assert len(WITHOUT_METHOD) == 17
