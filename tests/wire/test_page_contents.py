"""Pages as values: indexing, dumps, copies and pickles, and what progress bars and web frameworks make of them."""

from __future__ import annotations

import copy
import json
import operator
import pickle
from collections.abc import Sized
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from knock_sdk import AsyncFeedPage, AsyncPage, FeedPage, Page, PaginationError
from knock_sdk.types import User
from tests.support.examples import example
from tests.support.server import Server, respond

from .caller import KEY
from .replies import ALL, ids, listing, page

if TYPE_CHECKING:
    from .caller import Caller


async def read(app: FastAPI, *paths: str) -> list[Any]:
    """Return what a web application responds with at some paths."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as web:
        return [(await web.get(path)).json() for path in paths]


def first_page(caller: Caller, server: Server, **query: Any) -> Any:
    return caller(caller.client(server.url).users.list, **query)


def test_a_list_has_no_length_because_it_goes_on(caller: Caller) -> None:
    with Server.by(listing(3)) as server:
        client = caller.client(server.url)
        first = caller(client.users.list)
        for value in (first, client.users.list(), first.pages(), first.prefetch()):
            assert not isinstance(value, Sized)
            with pytest.raises(TypeError, match="no len"):
                len(value)
        assert operator.length_hint(first, 7) == 7
        assert len(first.items) == 2


def test_a_progress_bar_does_not_end_with_the_first_page() -> None:
    from rich.progress import Progress

    from knock_sdk import Knock

    with Server.by(listing(3)) as server, Knock(api_key=KEY, base_url=server.url) as client:
        progress = Progress(disable=True)
        assert ids(list(progress.track(client.users.list()))) == ALL
        assert progress.tasks[0].total in (None, len(ALL))


def test_indices_are_of_this_page(caller: Caller) -> None:
    with Server.by(listing(3)) as server:
        first = first_page(caller, server)
        assert [first[0].id, first[1].id, first[-1].id] == [*ALL[:2], ALL[1]]
        assert (ids(first[:1]), ids(first[1:]), ids(first[::-1])) == (ALL[:1], ALL[1:2], ALL[1::-1])
        with pytest.raises(IndexError):
            _ = first[2]
        assert len(server.requests) == 1


def test_a_page_is_true_if_it_has_items(caller: Caller) -> None:
    with Server(page(1, 2, items=[])) as server:
        assert not first_page(caller, server)
    with Server.by(listing(1)) as server:
        assert first_page(caller, server)


def test_a_page_of_the_asynchronous_client_is_not_iterated_without_async(caller: Caller) -> None:
    with Server.by(listing(3)) as server:
        first = first_page(caller, server)
        if isinstance(first, AsyncPage):
            with pytest.raises(TypeError, match="'AsyncPage' object is not iterable"):
                iter(first)  # type: ignore[call-overload]
        else:
            assert ids(list(first)) == ALL


def test_a_page_is_dumped_as_its_response(caller: Caller) -> None:
    body = json.loads(example("ListUsersResponse"))
    with Server(respond(json=body)) as server:
        first = first_page(caller, server)
        assert first.model_dump(mode="json") == body
        assert first.model_dump()["entries"][0]["id"] == body["entries"][0]["id"]
        assert first.model_dump(include={"page_info"}) == {"page_info": body["page_info"]}
        assert json.loads(first.model_dump_json()) == body
        assert "\n  " in first.model_dump_json(indent=2)
        assert TypeAdapter(Any).dump_python(dict(first), mode="json") == body
        assert (first["entries"], first["page_info"]) == (first.items, first.page_info)
        with pytest.raises(KeyError, match="nothing"):
            _ = first["nothing"]
        assert len(server.requests) == 1


def test_a_page_with_gaps_is_dumped_as_its_response(caller: Caller) -> None:
    body = {"entries": [{"__typename": "User", "id": 5}], "page_info": {"after": "c2"}}
    with Server(respond(json=body)) as server:
        first = first_page(caller, server)
        assert first.model_dump() == body
        assert json.loads(first.model_dump_json()) == body
        assert pickle.loads(pickle.dumps(first)).model_dump() == body


def test_a_feed_page_is_dumped_with_its_counts(caller: Caller) -> None:
    body = json.loads(example("UserInAppFeedResponse"))
    with Server(respond(json=body)) as server:
        client = caller.client(server.url)
        feed = caller(client.users.feeds.list_items, "ellie", "feed")
        assert isinstance(feed, FeedPage | AsyncFeedPage)
        assert feed.model_dump(mode="json").keys() == body.keys()
        made = pickle.loads(pickle.dumps(feed))
        assert (type(made), made.meta, made.vars) == (type(feed), feed.meta, feed.vars)


@pytest.mark.parametrize("query", [{}, {"before": "c3"}], ids=str)
def test_a_page_is_pickled_without_its_client(caller: Caller, query: dict[str, Any]) -> None:
    secret = "a-users-token"
    with Server.by(listing(3)) as server:
        options = {"extra_headers": {"X-Knock-User-Token": secret}}
        first = first_page(caller, server, **query, **options)
        pickled = pickle.dumps(first)
        assert KEY.encode() not in pickled
        assert secret.encode() not in pickled
        made = pickle.loads(pickled)
        assert type(made) is type(first)
        assert made.items == first.items
        assert made.page_info == first.page_info
        assert (made.next_cursor, made.previous_cursor) == (first.next_cursor, first.previous_cursor)
        assert made.has_next_page()
        assert repr(made) == repr(first)
        assert made.response_info.status_code == 200
        name = "before" if query else "after"
        with pytest.raises(
            PaginationError, match=f"pickled and has no client; call the list method with {name}="
        ) as no:
            caller(made.get_next_page)
        assert no.value.cursor == first.next_cursor
        taken: list[Any] = []
        with pytest.raises(PaginationError, match="has no client"):
            take_all(caller, made, taken)
        assert ids(taken) == ids(first.items)
        assert caller(made.take, 1) == [first.items[0]]
        assert len(server.requests) == 1
        resumed = first_page(caller, server, **{name: made.next_cursor})
        assert ids(resumed.items) == ALL[2:4] if not query else ALL[:2]


def take_all(caller: Caller, made: Any, taken: list[Any]) -> None:
    """Iterate over a page, and keep what came before a failure."""

    async def asynchronously() -> None:
        async for item in made:
            taken.append(item)  # noqa: PERF401 (what was taken before a failure must be left)

    if isinstance(made, AsyncPage):
        caller(asynchronously)
    else:
        taken.extend(iter(made))


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy])
def test_a_copy_of_a_page_fetches_the_next_one(caller: Caller, copier: Any) -> None:
    with Server.by(listing(3)) as server:
        first = first_page(caller, server)
        made = copier(first)
        assert made.items == first.items
        assert ids(caller(made.get_next_page).items) == ALL[2:4]


@pytest.mark.parametrize("annotated", [False, True])
def test_a_web_framework_returns_a_page_as_json(caller: Caller, annotated: bool) -> None:
    body = json.loads(example("ListUsersResponse"))
    app = FastAPI()
    with Server(respond(json=body)) as server:
        first = first_page(caller, server)
        kind: Any = AsyncPage[User] if isinstance(first, AsyncPage) else Page[User]

        def handler() -> Any:
            return first

        app.get("/users", response_model=kind if annotated else None)(handler)
        found, described = anyio.run(read, app, "/users", "/openapi.json")
        assert found == body
        shown = described["paths"]["/users"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert ("type" in shown or "$ref" in shown) is annotated
        assert len(server.requests) == 1
