"""Pages whose items keep their text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knock_sdk import APIResponseValidationError, Knock
from knock_sdk._core.outcome import Response
from knock_sdk._core.requests import operations as op
from knock_sdk._core.requests.request import PageRequest
from knock_sdk._core.responses.raw_page import RawItem, RawPage
from knock_sdk._sync.pages import Page
from tests.costs.engines import InMemory


class Entries(RawPage):
    """A page of a list."""

    key = "entries"


INFO = '"page_info":{"after":"c","before":null}'


def texts(body: str) -> list[str]:
    return [item.text for item in Entries.validate_json(body.encode()).items]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'{{"entries":[],{INFO}}}', []),
        (f'{{"entries":[{{}}],{INFO}}}', ["{}"]),
        (f'{{{INFO},"entries":[{{"a":1.0}},{{"b":"]}}"}}]}}', ['{"a":1.0}', '{"b":"]}"}']),
        (f' \r\n{{ "x" : [1, {{}}] , "entries" :\t[ {{"a" :1}} , {{}} ] , {INFO} }} \n', ['{"a" :1}', "{}"]),
        (f'{{"entries":[{{"a":\n[1,\r\n2]}}],{INFO}}}', ['{"a": [1,  2]}']),
        (f'{{"entries":[{{"a":"\\n"}}],{INFO}}}', ['{"a":"\\n"}']),
        (f'{{"meta":{{"entries":[{{"a":1}}]}},"entries":[{{"b":1}}],{INFO}}}', ['{"b":1}']),
    ],
)
def test_items_keep_their_text(body: str, expected: list[str]) -> None:
    page = Entries.validate_json(body.encode())
    assert texts(body) == expected
    assert [item.fields for item in page.items] == json.loads(body)["entries"]
    assert page.entries is page.items
    assert page.page_info == ("c", None)


NOT_JSON = [
    "",
    "{",
    "<html>",
    '{"entries":[{}]',
    f'{{"entries":[{{}},],{INFO}}}',
    f'{{"entries":[{{}} {{}}],{INFO}}}',
    f'{{"entries":[,{{}}],{INFO}}}',
    f'{{"entries":[{{}}],{INFO}}} x',
    f'{{"entries":[{{}}],{INFO},}}',
    f'{{1:2,"entries":[],{INFO}}}',
    f'{{"entries" [],{INFO}}}',
    f'{{"entries":[{{"a":"\n"}}],{INFO}}}',
]


@pytest.mark.parametrize("body", NOT_JSON)
def test_what_is_not_json_is_refused(body: str) -> None:
    with pytest.raises(ValueError) as caught:
        Entries.validate_json(body.encode())
    assert not isinstance(caught.value, ValidationError)


MISMATCHES = [
    ("[]", ": Input should be a valid dictionary"),
    ("5", ": Input should be a valid dictionary"),
    ("{}", "entries: Field required"),
    ('{"entries":null,"page_info":{}}', "entries: Input should be a valid list"),
    ('{"entries":{},"page_info":{}}', "entries: Input should be a valid list"),
    ('{"entries":[{},5],"page_info":{}}', "entries.1: Input should be a valid dictionary"),
    ('{"entries":[]}', "page_info: Field required"),
    ('{"entries":[],"page_info":[]}', "page_info: Input should be a valid dictionary"),
]


def fetch(body: bytes) -> Page[RawItem]:
    request: PageRequest[RawItem] = PageRequest(op.LIST_USERS, Entries, query={}, options={})
    with Knock(api_key="sk_test", http_client=InMemory(lambda _: body)) as client:
        return Page[RawItem].fetch(client._transport, request)


@pytest.mark.parametrize(("body", "problem"), MISMATCHES)
def test_other_json_is_an_error_of_the_response(body: str, problem: str) -> None:
    with pytest.raises(APIResponseValidationError, match=f"does not match Entries: {problem.removeprefix(': ')}"):
        fetch(body.encode())


@pytest.mark.parametrize("body", [*(each.encode() for each in NOT_JSON), b'{"entries":[{"a":NaN}]}', b"\xff"])
def test_no_json_is_an_error_of_the_response(body: bytes) -> None:
    with pytest.raises(APIResponseValidationError, match="is not JSON"):
        fetch(body)


def test_a_page_of_the_client_has_them() -> None:
    page = fetch(b"\xef\xbb\xbf" + f'{{"entries":[{{"id":"a"}}],{INFO}}}'.encode())
    assert page.items == [RawItem('{"id":"a"}', {"id": "a"})]
    assert page.next_cursor == "c"
    assert Response(200, [], b"").status == page.response_info.status_code


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    items=st.lists(st.dictionaries(st.text(), VALUES, max_size=3), max_size=4),
    more=st.dictionaries(st.text(), VALUES, max_size=2),
    indent=st.sampled_from([None, 0, 2]),
    ascii_only=st.booleans(),
)
def test_any_page_is_read(items: Any, more: Any, indent: int | None, ascii_only: bool) -> None:
    envelope = {**more, "entries": items, "page_info": {"after": None}}
    body = json.dumps(envelope, indent=indent, ensure_ascii=ascii_only).encode("utf-8")
    page = Entries.validate_json(body)
    assert [item.fields for item in page.items] == items
    assert [json.loads(item.text) for item in page.items] == items
    assert not any("\n" in item.text for item in page.items)


@given(body=st.binary(max_size=60) | st.text('{}[]",: 1entries\\n').map(str.encode))
def test_any_bytes_are_a_page_or_an_error(body: bytes) -> None:
    try:
        page = Entries.validate_json(body)
    except ValueError:
        return
    assert json.loads(body)["entries"] == [item.fields for item in page.items]
