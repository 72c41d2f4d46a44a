"""Pages: where each shape keeps its items and cursors, and that a walk ends."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from knock_sdk import types as t
from knock_sdk._core import operations as op
from knock_sdk._core.cursor import check_new, is_backward, items_of, next_cursor, previous_cursor, query_at
from knock_sdk._core.operation import Operation
from knock_sdk.errors import PaginationError

PAGED = [value for value in vars(op).values() if isinstance(value, Operation) and value.page]


def envelope(after: str | None = None, before: str | None = None, **items: Any) -> t.ListUsersResponse:
    return t.ListUsersResponse.model_validate(
        {**items, "page_info": {"__typename": "PageInfo", "after": after, "before": before, "page_size": 50}}
    )


def test_every_shape_is_known() -> None:
    assert {operation.page for operation in PAGED} == {
        ("entries", "page_info.after", "after"),
        ("items", "page_info.after", "after"),
        ("slack_channels", "next_cursor", "query_options.cursor"),
        ("ms_teams_teams", "skip_token", "query_options.$skiptoken"),
    }


def test_forward() -> None:
    page = envelope("next", "back")
    assert next_cursor(op.LIST_USERS, {}, page) == "next"
    assert next_cursor(op.LIST_USERS, {"after": "x", "before": None}, page) == "next"
    assert previous_cursor(op.LIST_USERS, {}, page) == "back"
    assert query_at(op.LIST_USERS, {"page_size": 5}, "next") == {"after": "next"}


def test_backward() -> None:
    page = envelope("forth", "further back")
    query = {"before": "x", "page_size": 5}
    assert next_cursor(op.LIST_USERS, query, page) == "further back"
    assert previous_cursor(op.LIST_USERS, query, page) == "forth"
    assert query_at(op.LIST_USERS, query, "further back") == {"before": "further back"}


@pytest.mark.parametrize(
    ("query", "backward"),
    [
        ({}, False),
        ({"before": None}, False),
        ({"before": ""}, False),
        ({"before": "x"}, True),
        ({"before": "x", "after": None}, True),
        ({"before": "x", "after": "y"}, False),
        ({"after": "y"}, False),
    ],
)
def test_direction(query: dict[str, object], backward: bool) -> None:
    assert is_backward(query) is backward


@pytest.mark.parametrize("page_info", [None, {}, {"after": None}, {"after": ""}, {"after": 5}, "text", []])
def test_the_end(page_info: Any) -> None:
    page = t.ListUsersResponse.model_construct(entries=[], page_info=page_info)
    assert next_cursor(op.LIST_USERS, {}, page) is None
    assert next_cursor(op.LIST_USERS, {}, envelope(None)) is None
    assert previous_cursor(op.LIST_USERS, {}, page) is None


def test_items_whatever_they_are_called() -> None:
    user = {"__typename": "User", "id": "u1", "updated_at": "2030-03-17T12:00:00Z"}
    assert [item.id for item in items_of(op.LIST_USERS, envelope(entries=[user]))] == ["u1"]
    assert items_of(op.LIST_USERS, envelope()) == []
    slack = t.ChannelsForSlackProviderResponse.model_construct(slack_channels=["c1"], next_cursor="n")
    assert items_of(op.LIST_CHANNELS_FOR_SLACK_PROVIDER, slack) == ["c1"]


@pytest.mark.parametrize("entries", [None, {"a": 1}, "text", 5, True])
def test_items_of_another_kind_are_none(entries: Any) -> None:
    assert items_of(op.LIST_USERS, t.ListUsersResponse.model_construct(entries=entries)) == []


def test_slack() -> None:
    operation = op.LIST_CHANNELS_FOR_SLACK_PROVIDER
    page = t.ChannelsForSlackProviderResponse.model_construct(slack_channels=[], next_cursor="n")
    assert next_cursor(operation, {}, page) == "n"
    assert previous_cursor(operation, {}, page) is None
    assert query_at(operation, {}, "n") == {"query_options": {"cursor": "n"}}
    last = t.ChannelsForSlackProviderResponse.model_construct(slack_channels=[], next_cursor="")
    assert next_cursor(operation, {}, last) is None


@pytest.mark.parametrize("options", [{"$top": 5, "$skiptoken": "old"}, MappingProxyType({"$top": 5})])
def test_teams(options: Any) -> None:
    operation = op.LIST_TEAMS_FOR_MS_TEAMS_PROVIDER
    page = t.TeamsForMsTeamsProviderResponse.model_construct(ms_teams_teams=[], skip_token="n")
    assert next_cursor(operation, {}, page) == "n"
    assert query_at(operation, {"query_options": options}, "n") == {"query_options": {"$top": 5, "$skiptoken": "n"}}
    assert "n" not in options.values()


def test_a_repeated_cursor_is_an_error() -> None:
    seen: set[str] = set()
    check_new(seen, "a")
    check_new(seen, "b")
    assert seen == {"a", "b"}
    with pytest.raises(PaginationError) as caught:
        check_new(seen, "a")
    assert caught.value.cursor == "a"
    assert str(caught.value) == "the server repeats a cursor, so iteration would never end: 'a'"


def test_operations_without_pages() -> None:
    with pytest.raises(TypeError, match=r"^getUser does not return pages$"):
        items_of(op.GET_USER, envelope())
