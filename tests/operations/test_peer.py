"""The vendor's own client sends the same for the same call.

What differs, and is meant to: a list of objects in a query carries an index here; custom properties are an argument
here and `extra_body` there; the guide methods take a message's id here; some arguments take objects and times here
where text is asked for there.
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
from tests.support.calls.recording import KEY, NO_CONTENT, Sent, answer_to, make, read
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
    """The requests of both clients."""

    ours: Sent
    theirs: Sent


class Theirs:
    """The vendor's client, with a transport that keeps what is sent."""

    def __init__(self) -> None:
        self.answer = NO_CONTENT
        self.sent: list[Sent] = []
        http_client = httpx.Client(transport=httpx.MockTransport(self.exchange))
        self.client = knockapi.Knock(api_key=KEY, http_client=http_client)

    def exchange(self, request: httpx.Request) -> httpx.Response:
        """Keep a request and answer it."""
        self.sent.append(read(request.method, request.url.raw_path.decode(), request.headers.raw, request.content))
        return httpx.Response(self.answer.status, headers=self.answer.headers, content=self.answer.body)

    def make(self, row: Row) -> Sent:
        """Make a row's call; return the one request that it sent."""
        given = dict(row.given)
        if "properties" in given and "properties" not in self.parameters(row.call):
            given["extra_body"] = given.pop("properties")
        self.answer = answer_to(row.operation)
        self.sent.clear()
        reach(self.client, row.call)(*row.args, **given)
        (only,) = self.sent
        return only

    def parameters(self, method: str) -> dict[str, inspect.Parameter]:
        """The parameters of a method, without the options of a call."""
        parameters = inspect.signature(reach(self.client, method)).parameters
        return {name: parameter for name, parameter in parameters.items() if name not in OPTIONS}


THEIRS = Theirs()


@cache
def both(row: Row) -> Pair:
    """Make a row's call with both clients, once."""
    ours, _ = make("Knock", row)
    return Pair(ours, THEIRS.make(row))


@each_compared
def test_verb_and_path_are_the_same(row: Row) -> None:
    ours, theirs = both(row)
    assert (ours.verb, ours.path) == (theirs.verb, theirs.path)


@each_compared
def test_the_query_is_the_same(row: Row) -> None:
    ours, theirs = both(row)
    # Theirs leaves it open which id goes with which collection: `objects[][id]`.
    assert sorted((re.sub(r"\[\d+\]", "[]", name), value) for name, value in ours.query) == theirs.query


@each_compared
def test_the_body_is_the_same(row: Row) -> None:
    ours, theirs = both(row)
    if ours.body == b"" or theirs.body == b"":
        assert (ours.body, theirs.body) == (b"", b"")
        return
    our_body, their_body = json.loads(ours.body), json.loads(theirs.body)
    assert our_body.keys() == their_body.keys()
    for field, value in our_body.items():
        # A time in a field of its own is the same text; a time inside another value is the same instant, for there
        # ours writes UTC as "Z" and theirs as "+00:00".
        assert inside(value) == inside(their_body[field])


def inside(value: Any, depth: int = 0) -> Any:
    """A value whose texts below the top that are times have become instants."""
    if isinstance(value, dict):
        return {key: inside(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [inside(inner, depth + 1) for inner in value]
    if depth and isinstance(value, str) and TIME.fullmatch(value):
        # `fromisoformat` takes "Z" from Python 3.11 on.
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value


@each_compared
def test_the_headers_that_authorize_and_identify_are_the_same(row: Row) -> None:
    ours, theirs = both(row)
    assert ours.header("authorization") == theirs.header("authorization")
    for name, value in row.headers.items():
        assert ours.header(name) == theirs.header(name) == value
    if ours.body:
        assert ours.header("content-type") == theirs.header("content-type")


def test_the_options_of_a_call_do_the_same() -> None:
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
    ours, theirs = both(row)
    assert ours.query == theirs.query == row.query
    assert json.loads(ours.body) == json.loads(theirs.body) == row.body
    assert ours.header("x-trace") == theirs.header("x-trace") == "7"


@each_method
def test_every_method_is_compared_with_every_argument_that_theirs_takes(method: str) -> None:
    positional = [name for name, one in THEIRS.parameters(method).items() if one.kind is one.POSITIONAL_OR_KEYWORD]
    given: set[str] = set()
    for row in COMPARED:
        if row.call == method:
            given |= {*positional[: len(row.args)], *row.given}
    assert THEIRS.parameters(method).keys() <= given


@each_method
def test_our_method_takes_what_theirs_takes(method: str) -> None:
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
        # What may be left out there may be left out here.
        assert ours[name].default is not parameter.empty or parameter.default is parameter.empty


def test_times_are_compared_as_instants_below_the_top_only() -> None:
    assert inside(["2026-10-12T09:30:00Z"]) == inside(["2026-10-12T12:30:00+03:00"])
    assert inside(["2026-10-12T09:30:00Z"]) != inside(["2026-10-12T09:30:00+03:00"])
    assert inside("2026-10-12T09:30:00Z") != inside("2026-10-12T09:30:00+00:00")
