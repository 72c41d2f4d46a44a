"""Query strings in the forms that clients send, and the typed values that are read from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing.http.errors import Problem
from knock_sdk.testing.http.query import Query, parse_query
from knock_sdk.testing.state.records import Reference

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Callable

A, B = {"id": "a", "collection": "c"}, {"id": "b", "collection": "d"}


@rule("py/_qs", "lists are `name[]=`, objects `name[key]=`")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("a=1&b=", {"a": "1", "b": ""}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[1]=2&a[0]=1", {"a": ["1", "2"]}),
        ("a%5B%5D=%C3%A9+x", {"a": ["é x"]}),
        ("at[gte]=1&at.lt=2", {"at": {"gte": "1", "lt": "2"}}),
        ("a[0][id]=a&a[0][collection]=c&a[1][id]=b&a[1][collection]=d", {"a": [A, B]}),
        ("a[][id]=a&a[][collection]=c&a[][id]=b&a[][collection]=d", {"a": [A, B]}),
        ("a[][id]=a&a[][id]=b&a[][collection]=c&a[][collection]=d", {"a": [A, B]}),
        ("a[]=u&a[][id]=a&a[][collection]=c", {"a": ["u", A]}),
        ("a[][id]=a&a[][collection]=c&a[]=u", {"a": [A, "u"]}),
    ],
)
def test_parameters_are_parsed(text: str, expected: dict[str, Any]) -> None:
    assert parse_query(text) == expected


@pytest.mark.parametrize("text", ["a[=1", "[a]=1", "a=1&a[b]=2", "a[b]=2&a=1", "a[b][c][d][e]=1"])
def test_malformed_names(text: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_query(text)
    assert caught.value.status == 422


@rule("py/_qs", "a recipient in a query is its id, or its id and collection")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("who=u", Reference("u")),
        ("who[id]=o&who[collection]=c", Reference("o", "c")),
        ("who[id]=u", Reference("u")),
    ],
)
def test_a_reference(text: str, expected: Reference | None) -> None:
    assert Query(parse_query(text)).reference("who") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("who[]=u&who[]=v", [Reference("u"), Reference("v")]),
        ("who[0]=u&who[1][id]=o&who[1][collection]=c", [Reference("u"), Reference("o", "c")]),
        ("who[][id]=o&who[][collection]=c", [Reference("o", "c")]),
    ],
)
def test_references(text: str, expected: list[Reference]) -> None:
    assert Query(parse_query(text)).references("who") == expected


@pytest.mark.parametrize(
    ("read", "text", "field"),
    [
        (Query.reference, "who[]=u", "who"),
        (Query.reference, "who[collection]=c", "who.id"),
        (Query.reference, "who[id]=u&who[name]=n", "who"),
        (Query.references, "who=u", "who"),
        (Query.references, "who[0][id]=u&who[1][collection]=c", "who.1.id"),
        (Query.references, "who[0][]=u", "who.0"),
        (Query.flag, "who=yes", "who"),
    ],
)
def test_invalid_values_are_rejected(read: Callable[[Query, str], object], text: str, field: str) -> None:
    with pytest.raises(Problem) as caught:
        read(Query(parse_query(text)), "who")
    assert [error.field for error in caught.value.errors] == [field]


@pytest.mark.parametrize(("text", "expected"), [("", None), ("who=false", False), ("who=true", True)])
def test_a_flag(text: str, expected: bool | None) -> None:
    assert Query(parse_query(text)).flag("who") is expected
