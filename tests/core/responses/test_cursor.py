"""Pages: their items and cursors, by page shape and direction, and the detection of repeated cursors."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from knock_sdk import types as t
from knock_sdk._core.requests import operations as op
from knock_sdk._core.requests.operation import Operation
from knock_sdk._core.responses.cursor import check_new, is_backward, items_of, next_cursor, previous_cursor, query_at
from knock_sdk.errors import PaginationError

PAGED = [value for value in vars(op).values() if isinstance(value, Operation) and value.page]


def envelope(after: str | None = None, before: str | None = None, **items: Any) -> t.ListUsersResponse:
    return t.ListUsersResponse.model_validate(
        {
            "entries": [],
            **items,
            "page_info": {"__typename": "PageInfo", "after": after, "before": before, "page_size": 50},
        }
    )


def test_the_api_has_four_page_shapes() -> None:
    assert {operation.page for operation in PAGED} == {
        ("entries", "page_info.after", "after"),
        ("items", "page_info.after", "after"),
        ("slack_channels", "next_cursor", "query_options.cursor"),
        ("ms_teams_teams", "skip_token", "query_options.$skiptoken"),
    }


def test_cursors_of_a_forward_iteration() -> None:
    page = envelope("next", "back")
    assert next_cursor(op.LIST_USERS, {}, page) == "next"
    assert next_cursor(op.LIST_USERS, {"after": "x", "before": None}, page) == "next"
    assert previous_cursor(op.LIST_USERS, {}, page) == "back"
    assert query_at(op.LIST_USERS, {"page_size": 5}, "next") == {"after": "next"}


def test_cursors_of_a_backward_iteration() -> None:
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
def test_before_without_after_iterates_backward(query: dict[str, object], backward: bool) -> None:
    assert is_backward(query) is backward


@pytest.mark.parametrize("page_info", [None, {}, {"after": None}, {"after": ""}, {"after": 5}, "text", []])
def test_a_missing_or_empty_cursor_ends_the_iteration(page_info: Any) -> None:
    page = t.ListUsersResponse.model_construct(entries=[], page_info=page_info)
    assert next_cursor(op.LIST_USERS, {}, page) is None
    assert next_cursor(op.LIST_USERS, {}, envelope(None)) is None
    assert previous_cursor(op.LIST_USERS, {}, page) is None


def test_items_are_read_from_the_field_of_the_operation() -> None:
    user = {"__typename": "User", "id": "u1", "updated_at": "2030-03-17T12:00:00Z"}
    assert [item.id for item in items_of(op.LIST_USERS, envelope(entries=[user]))] == ["u1"]
    assert items_of(op.LIST_USERS, envelope()) == []
    slack = t.ChannelsForSlackProviderResponse.model_construct(slack_channels=["c1"], next_cursor="n")
    assert items_of(op.LIST_CHANNELS_FOR_SLACK_PROVIDER, slack) == ["c1"]


@pytest.mark.parametrize("entries", [None, {"a": 1}, "text", 5, True])
def test_items_that_are_not_a_list_read_as_empty(entries: Any) -> None:
    assert items_of(op.LIST_USERS, t.ListUsersResponse.model_construct(entries=entries)) == []


def test_slack_pages_go_forward_with_the_cursor_in_query_options() -> None:
    operation = op.LIST_CHANNELS_FOR_SLACK_PROVIDER
    page = t.ChannelsForSlackProviderResponse.model_construct(slack_channels=[], next_cursor="n")
    assert next_cursor(operation, {}, page) == "n"
    assert previous_cursor(operation, {}, page) is None
    assert query_at(operation, {}, "n") == {"query_options": {"cursor": "n"}}
    last = t.ChannelsForSlackProviderResponse.model_construct(slack_channels=[], next_cursor="")
    assert next_cursor(operation, {}, last) is None


@pytest.mark.parametrize("options", [{"$top": 5, "$skiptoken": "old"}, MappingProxyType({"$top": 5})])
def test_teams_pages_add_skiptoken_to_the_query_options(options: Any) -> None:
    operation = op.LIST_TEAMS_FOR_MS_TEAMS_PROVIDER
    page = t.TeamsForMsTeamsProviderResponse.model_construct(ms_teams_teams=[], skip_token="n")
    assert next_cursor(operation, {}, page) == "n"
    assert query_at(operation, {"query_options": options}, "n") == {"query_options": {"$top": 5, "$skiptoken": "n"}}
    assert "n" not in options.values()


def test_a_repeated_cursor_is_an_error() -> None:
    seen = {"a", "b"}
    check_new(seen, "c")
    with pytest.raises(PaginationError) as caught:
        check_new(seen, "a")
    assert caught.value.cursor == "a"
    assert (
        str(caught.value)
        == "the server repeats a cursor, so iteration would never end (fetch the first page again): 'a'"
    )


def test_items_of_an_operation_without_pages_are_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^getUser does not return pages$"):
        items_of(op.GET_USER, envelope())
