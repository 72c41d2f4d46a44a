"""The vendor's client sends the same request for the same call.

Intended differences: a list of objects in a query has indexes here; custom properties are an argument here and
`extra_body` there; the guide methods take the id of a message here; some arguments accept objects and times here, and
only strings there.
"""

from __future__ import annotations

import inspect
import json
import re
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import httpx
import knockapi
import pytest

from knock_sdk import Knock
from knock_sdk.types import User
from tests.support.calls.recording import KEY, NO_CONTENT, Sent, example_response, make_call, parse_request
from tests.support.calls.row import Row
from tests.support.calls.rows import ROWS
from tests.support.methods import reach

COMPARED = [row for row in ROWS if not row.only_ours]
METHODS = sorted({row.call for row in ROWS})
OPTIONS = {"idempotency_key", "extra_headers", "extra_query", "extra_body", "timeout"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

each_compared = pytest.mark.parametrize("row", COMPARED, ids=str)
each_method = pytest.mark.parametrize("method", METHODS)


class Pair(NamedTuple):
    """The requests of both clients for one call."""

    ours: Sent
    theirs: Sent


class Theirs:
    """The vendor's client, with a transport that records requests."""

    def __init__(self) -> None:
        self.response = NO_CONTENT
        self.sent: list[Sent] = []
        http_client = httpx.Client(transport=httpx.MockTransport(self.exchange))
        self.client = knockapi.Knock(api_key=KEY, http_client=http_client)

    def exchange(self, request: httpx.Request) -> httpx.Response:
        """Record a request and return the prepared response."""
        self.sent.append(
            parse_request(request.method, request.url.raw_path.decode(), request.headers.raw, request.content)
        )
        return httpx.Response(self.response.status, headers=self.response.headers, content=self.response.body)

    def make(self, row: Row) -> Sent:
        """Make the call of a row; return the only request that it sent."""
        given = dict(row.given)
        if "properties" in given and "properties" not in self.parameters(row.call):
            given["extra_body"] = given.pop("properties")
        self.response = example_response(row.operation)
        self.sent.clear()
        reach(self.client, row.call)(*row.args, **given)
        (only,) = self.sent
        return only

    def parameters(self, method: str) -> dict[str, inspect.Parameter]:
        """Return the parameters of a method, without the options of a call."""
        parameters = inspect.signature(reach(self.client, method)).parameters
        return {name: parameter for name, parameter in parameters.items() if name not in OPTIONS}


THEIRS = Theirs()


@cache
def call_both(row: Row) -> Pair:
    """Make the call of a row with both clients, once."""
    ours, _ = make_call("Knock", row)
    return Pair(ours, THEIRS.make(row))


@each_compared
def test_verb_and_path_are_the_same(row: Row) -> None:
    ours, theirs = call_both(row)
    assert (ours.verb, ours.path) == (theirs.verb, theirs.path)


@each_compared
def test_the_query_is_the_same(row: Row) -> None:
    ours, theirs = call_both(row)
    # Theirs does not say which id belongs to which collection: `objects[][id]`.
    assert sorted((re.sub(r"\[\d+\]", "[]", name), value) for name, value in ours.query) == theirs.query


@each_compared
def test_the_body_is_the_same(row: Row) -> None:
    ours, theirs = call_both(row)
    if ours.body == b"" or theirs.body == b"":
        assert (ours.body, theirs.body) == (b"", b"")
        return
    our_body, their_body = json.loads(ours.body), json.loads(theirs.body)
    assert our_body.keys() == their_body.keys()
    for field, value in our_body.items():
        # A time at the top level is the same text. A time inside another value is the same instant: ours writes UTC as
        # "Z" there, and theirs as "+00:00".
        assert parse_inner_times(value) == parse_inner_times(their_body[field])


def parse_inner_times(value: Any, depth: int = 0) -> Any:
    """Return a value in which the times below the top level are parsed."""
    if isinstance(value, dict):
        return {key: parse_inner_times(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [parse_inner_times(inner, depth + 1) for inner in value]
    if depth and isinstance(value, str) and TIME.fullmatch(value):
        # `fromisoformat` accepts "Z" from Python 3.11 on.
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value


@each_compared
def test_the_headers_that_authorize_and_identify_are_the_same(row: Row) -> None:
    ours, theirs = call_both(row)
    assert ours.header("authorization") == theirs.header("authorization")
    for name, value in row.headers.items():
        assert ours.header(name) == theirs.header(name) == value
    if ours.body:
        assert ours.header("content-type") == theirs.header("content-type")


def test_the_options_of_a_call_have_the_same_effect() -> None:
    row = Row(
        "PUT /v1/users/{user_id}",
        "users.update",
        ("jhammond",),
        {
            "name": "John",
            "extra_headers": {"X-Trace": "7"},
            "extra_query": {"flags": ["a", "b"], "range": {"gt": 5}, "dry": True},
            "extra_body": {"plan": "pro", "name": "John H."},
            "timeout": 5.0,
        },
        "/v1/users/jhammond",
        User,
        query=[("dry", "true"), ("flags[]", "a"), ("flags[]", "b"), ("range[gt]", "5")],
        body={"plan": "pro", "name": "John H."},
        headers={"x-trace": "7"},
    )
    ours, theirs = call_both(row)
    assert ours.query == theirs.query == row.query
    assert json.loads(ours.body) == json.loads(theirs.body) == row.body
    assert ours.header("x-trace") == theirs.header("x-trace") == "7"


@each_method
def test_every_method_is_compared_with_every_argument_of_theirs(method: str) -> None:
    positional = [name for name, one in THEIRS.parameters(method).items() if one.kind is one.POSITIONAL_OR_KEYWORD]
    given: set[str] = set()
    for row in COMPARED:
        if row.call == method:
            given |= {*positional[: len(row.args)], *row.given}
    assert THEIRS.parameters(method).keys() <= given


@each_method
def test_our_method_accepts_every_argument_of_theirs(method: str) -> None:
    ours = inspect.signature(reach(Knock(api_key=KEY), method)).parameters
    theirs = THEIRS.parameters(method)
    positional = [
        [name for name, one in parameters.items() if one.kind is one.POSITIONAL_OR_KEYWORD]
        for parameters in (ours, theirs)
    ]
    assert positional[0][: len(positional[1])] == positional[1]
    for name, parameter in theirs.items():
        assert name in ours
        assert ours[name].kind is parameter.kind
        # An argument that is optional there is optional here.
        assert ours[name].default is not parameter.empty or parameter.default is parameter.empty


def test_only_times_below_the_top_level_are_compared_as_instants() -> None:
    assert parse_inner_times(["2026-10-12T09:30:00Z"]) == parse_inner_times(["2026-10-12T12:30:00+03:00"])
    assert parse_inner_times(["2026-10-12T09:30:00Z"]) != parse_inner_times(["2026-10-12T09:30:00+03:00"])
    assert parse_inner_times("2026-10-12T09:30:00Z") != parse_inner_times("2026-10-12T09:30:00+00:00")
