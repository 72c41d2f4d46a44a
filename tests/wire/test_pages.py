"""Pages: walking forward and backward, ahead of time, from the middle, and over every kind of envelope."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest
import trio

from knock_sdk import (
    APIResponseValidationError,
    AsyncKnock,
    InternalServerError,
    InvalidArgumentError,
    Knock,
    PaginationError,
)

from .caller import KEY, USER
from .server import SECONDS, Server, after, answer

if TYPE_CHECKING:
    from .caller import Caller
    from .server import Received, Reply

SIZE = 2


def page(number: int, last: int, *, key: str = "entries", items: list[Any] | None = None, **more: Any) -> Reply:
    """Answer with one page out of `last`; the cursors are the numbers of its neighbours."""
    if items is None:
        items = [{**USER, "id": f"{number}.{place}"} for place in range(SIZE)]
    info = {
        "__typename": "PageInfo",
        "after": f"c{number + 1}" if number < last else None,
        "before": f"c{number - 1}" if number > 1 else None,
        "page_size": SIZE,
    }
    return answer(json={key: items, "page_info": info, **more})


def listing(last: int, **named: Any) -> Any:
    """Answer as a list of so many pages, whichever is asked for."""

    def pick(received: Received) -> Reply:
        cursor = received.query.get("after") or received.query.get("before") or "c1"
        return page(int(cursor[1:]), last, **named)

    return pick


def ids(items: list[Any]) -> list[str]:
    return [item.id for item in items]


ALL = ["1.0", "1.1", "2.0", "2.1", "3.0", "3.1"]


class TestWalking:
    def test_forward(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            assert ids(caller.walk(lambda: client.users.list(page_size=SIZE, include=["preferences"]))) == ALL
            assert [received.query for received in server.requests] == [
                {"page_size": "2", "include[]": "preferences", **cursor}
                for cursor in ({}, {"after": "c2"}, {"after": "c3"})
            ]
            assert server.accepted == 1

    def test_backward(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            items = ids(caller.walk(lambda: client.users.list(before="c3")))
            assert items == ["3.0", "3.1", "2.0", "2.1", "1.0", "1.1"]
            assert [received.query for received in server.requests] == [{"before": f"c{n}"} for n in (3, 2, 1)]

    def test_one_page(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            first = caller(client.users.list)
            assert ids(first.items) == ids(first.entries) == ALL[:2]
            assert len(first) == 2
            assert (first.page_info.after, first.next_cursor, first.previous_cursor) == ("c2", "c2", None)
            assert first.has_next_page()
            assert first.response_info.status_code == 200
            second = caller(first.get_next_page)
            assert (ids(second.items), second.next_cursor, second.previous_cursor) == (ALL[2:4], "c3", "c1")
            third = caller(second.get_next_page)
            assert not third.has_next_page()
            with pytest.raises(PaginationError, match="last page"):
                caller(third.get_next_page)
            assert len(server.requests) == 3

    def test_page_by_page(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            first = caller(client.users.list)
            assert [ids(each.items) for each in caller.walk(first.pages)] == [ALL[:2], ALL[2:4], ALL[4:]]
            assert len(server.requests) == 3

    def test_from_the_middle(self, caller: Caller) -> None:
        """A cursor that was kept leads on where the walk was left."""
        with Server.by(listing(3)) as server:
            kept = caller(caller.client(server.url).users.list).next_cursor
            again = caller.client(server.url)
            assert ids(caller.walk(lambda: again.users.list(after=kept))) == ALL[2:]

    @pytest.mark.parametrize("count", [0, 1, 2, 3, 6, 99])
    def test_take(self, caller: Caller, count: int) -> None:
        with Server.by(listing(3)) as server:
            first = caller(caller.client(server.url).users.list)
            assert ids(caller(first.take, count)) == ALL[:count]
            assert len(server.requests) == max(1, -(-min(count, 6) // SIZE))

    def test_take_too_few(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            first = caller(caller.client(server.url).users.list)
            with pytest.raises(InvalidArgumentError, match="count"):
                caller(first.take, -1)

    def test_collect(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            first = caller(caller.client(server.url).users.list)
            assert ids(caller(first.collect)) == ALL
            assert ids(caller(first.collect)) == ALL
            assert len(server.requests) == 5

    def test_empty_page_with_a_cursor_goes_on(self, caller: Caller) -> None:
        with Server(page(1, 3, items=[]), page(2, 3, items=[]), page(3, 3)) as server:
            client = caller.client(server.url)
            assert ids(caller.walk(client.users.list)) == ["3.0", "3.1"]

    def test_empty_list(self, caller: Caller) -> None:
        with Server(page(1, 1, items=[])) as server:
            client = caller.client(server.url)
            assert caller.walk(client.users.list) == []
            assert len(server.requests) == 1

    def test_leaving_early_fetches_no_more(self, caller: Caller) -> None:
        with Server.by(listing(99)) as server:
            client = caller.client(server.url)
            assert ids(caller.walk(client.users.list, limit=3)) == ALL[:3]
            gc.collect()
            assert len(server.requests) == 2


class TestRepeatedCursor:
    def test_the_same_again(self, caller: Caller) -> None:
        with Server(page(1, 9), page(1, 9)) as server:
            client = caller.client(server.url)
            with pytest.raises(PaginationError, match="repeats a cursor") as caught:
                caller.walk(client.users.list)
            assert caught.value.cursor == "c2"
            assert len(server.requests) == 2

    def test_a_ring(self, caller: Caller) -> None:
        with Server(page(1, 9), page(2, 9), page(3, 9), page(1, 9)) as server:
            client = caller.client(server.url)
            with pytest.raises(PaginationError, match="c2"):
                caller.walk(client.users.list)
            assert len(server.requests) == 4

    def test_step_by_step(self, caller: Caller) -> None:
        with Server(page(1, 9)) as server:
            first = caller(caller.client(server.url).users.list, after="c2")
            with pytest.raises(PaginationError, match="repeats a cursor"):
                caller(first.get_next_page)
            assert len(server.requests) == 1

    def test_provider(self, caller: Caller) -> None:
        with Server(answer(json={"slack_channels": [], "next_cursor": "n1"})) as server:
            client = caller.client(server.url)
            first = caller(client.providers.slack.list_channels, "c1", access_token_object="{}")
            second = caller(first.get_next_page)
            with pytest.raises(PaginationError, match="n1"):
                caller(second.get_next_page)
            assert len(server.requests) == 2


class TestFailures:
    def test_a_walk_goes_on_after_a_failure(self, caller: Caller, waits: list[float]) -> None:
        with Server(page(1, 2), *[answer(503)] * 3, page(2, 2)) as server:
            first = caller(caller.client(server.url).users.list)
            walk = first.pages()
            step = walk.__next__ if caller.kind == "sync" else walk.__anext__
            assert caller(step) is first
            with pytest.raises(InternalServerError):
                caller(step)
            assert ids(caller(step).items) == ["2.0", "2.1"]
        assert len(waits) == 2

    @pytest.mark.parametrize("body", [b"[]", b"{}", b'{"slack_channels": []}', b""])
    def test_no_page(self, caller: Caller, body: bytes) -> None:
        with Server(answer(body=body)) as server, pytest.raises(APIResponseValidationError):
            caller(caller.client(server.url).users.list)


class TestEnvelopes:
    def test_items(self, caller: Caller) -> None:
        with Server.by(listing(2, key="items", items=[{"id": "m1"}, {"id": "m2"}])) as server:
            client = caller.client(server.url)
            assert ids(caller.walk(client.messages.list)) == ["m1", "m2"] * 2

    def test_feed(self, caller: Caller) -> None:
        meta = {"__typename": "FeedMetadata", "total_count": 4, "unread_count": 2, "unseen_count": 1}
        feed = listing(2, items=[{"id": "f1"}, {"id": "f2"}], meta=meta, vars={"app": "Lumen"})
        with Server.by(feed) as server:
            client = caller.client(server.url)
            first = caller(client.users.feeds.list_items, "u1", "channel")
            for each in caller.walk(first.pages):
                assert (each.meta.total_count, each.meta.unread_count, each.meta.unseen_count) == (4, 2, 1)
                assert each.vars == {"app": "Lumen"}
            assert ids(caller.walk(lambda: client.users.feeds.list_items("u1", "channel"))) == ["f1", "f2"] * 2

    def test_slack(self, caller: Caller) -> None:
        """The cursor goes back inside the provider's own options, beside those that were given."""
        channels = [{"id": "C1", "name": "one", "context_team_id": "T1", "is_private": False, "is_im": False}]
        replies = [answer(json={"slack_channels": channels, "next_cursor": cursor}) for cursor in ("n1", "n2", "")]
        with Server(*replies) as server:
            client = caller.client(server.url)
            walk = caller.walk(
                lambda: client.providers.slack.list_channels(
                    "c1", access_token_object={"object_id": "o1", "collection": "c"}, query_options={"limit": 1}
                )
            )
            assert ids(walk) == ["C1"] * 3
            assert [received.query["query_options[limit]"] for received in server.requests] == ["1"] * 3
            cursors = [received.query.get("query_options[cursor]") for received in server.requests]
            assert cursors == [None, "n1", "n2"]

    def test_teams(self, caller: Caller) -> None:
        teams = [{"id": "T1", "displayName": "Finance"}]
        replies = [answer(json={"ms_teams_teams": teams, "skip_token": token}) for token in ("s1", None)]
        with Server(*replies) as server:
            client = caller.client(server.url)
            walk = caller.walk(
                lambda: client.providers.ms_teams.list_teams(
                    "c1", ms_teams_tenant_object="{}", query_options={"top": 1}
                )
            )
            assert [team.display_name for team in walk] == ["Finance"] * 2
            assert [received.query.get("query_options[$top]") for received in server.requests] == ["1", "1"]
            assert [received.query.get("query_options[$skiptoken]") for received in server.requests] == [None, "s1"]

    def test_provider_pages_go_forward_only(self, caller: Caller) -> None:
        with Server(answer(json={"slack_channels": [], "next_cursor": "n1"})) as server:
            client = caller.client(server.url)
            first = caller(client.providers.slack.list_channels, "c1", access_token_object="{}")
            assert (first.next_cursor, first.previous_cursor, first.page_info) == ("n1", None, None)


class TestPrefetch:
    @pytest.mark.parametrize("ahead", [1, 2, 9])
    def test_the_same_items(self, caller: Caller, ahead: int) -> None:
        with Server.by(listing(3)) as server:
            first = caller(caller.client(server.url).users.list)
            assert ids(caller.walk(lambda: first.prefetch(ahead))) == ALL
            assert len(server.requests) == 3

    @pytest.mark.parametrize("ahead", [1, 3])
    def test_pages_are_fetched_before_they_are_reached(self, caller: Caller, ahead: int) -> None:
        with Server.by(listing(99)) as server:
            walk = caller(caller.client(server.url).users.list).prefetch(ahead)
            step = walk.__next__ if caller.kind == "sync" else walk.__anext__
            for consumed in (1, 2):
                assert caller(step).id == f"{consumed}.0"
                server.wait_for(lambda server, due=consumed + ahead: len(server.requests) == due)
                time.sleep(0.05)
                assert len(server.requests) == consumed + ahead  # and no further
                assert caller(step).id == f"{consumed}.1"

    def test_errors_arrive_in_their_place(self, caller: Caller, waits: list[float]) -> None:
        with Server(page(1, 9), page(2, 9), *[answer(503)] * 3, page(3, 3)) as server:
            walk = caller(caller.client(server.url).users.list).prefetch(5)
            step = walk.__next__ if caller.kind == "sync" else walk.__anext__
            assert [caller(step).id for _ in range(4)] == ALL[:4]
            with pytest.raises(InternalServerError):
                caller(step)
            assert [caller(step).id for _ in range(2)] == ALL[4:]
            with pytest.raises(StopIteration if caller.kind == "sync" else StopAsyncIteration):
                caller(step)
        assert len(waits) == 2

    def test_too_few(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            first = caller(caller.client(server.url).users.list)
            with pytest.raises(InvalidArgumentError, match="pages"):
                first.prefetch(0)

    def test_leaving_early_leaves_no_thread(self) -> None:
        with Server.by(listing(99)) as server, Knock(api_key=KEY, base_url=server.url) as client:
            before = threading.active_count()
            for user in client.users.list().prefetch(3):
                assert user.id == "1.0"
                break
            limit = time.monotonic() + SECONDS
            while threading.active_count() > before and time.monotonic() < limit:
                time.sleep(0.01)
            assert threading.active_count() == before
            assert len(server.requests) == 4

    def test_leaving_early_leaves_no_task(self) -> None:
        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                async for user in client.users.list().prefetch(3):
                    assert user.id == "1.0"
                    break
                gc.collect()
                limit = time.monotonic() + SECONDS
                while len(asyncio.all_tasks()) > 1 and time.monotonic() < limit:  # noqa: ASYNC110 (no event tells it)
                    await asyncio.sleep(0.01)
                assert len(asyncio.all_tasks()) == 1
                assert len(server.requests) == 4

        with Server.by(listing(99)) as server:
            asyncio.run(main())

    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    def test_the_loop_may_end_meanwhile(self, backend: str) -> None:
        """What is under way when the client or the event loop ends says nothing any more."""

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                async for _ in client.users.list().prefetch(3):
                    break

        with Server.by(lambda received: after(0.05, listing(99)(received))) as server:
            anyio.run(main, backend=backend)
            server.wait_for(lambda server: server.open == 0)
        gc.collect()


class TestBeforeTheFirstPage:
    """What an async list method returns has not sent anything yet."""

    def test_await_and_iterate(self) -> None:
        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                users = client.users.list()
                await trio.lowlevel.checkpoint()
                assert server.requests == []
                assert ids((await users).items) == ALL[:2]
                assert ids([user async for user in users]) == ALL
                assert [ids(each.items) async for each in users.pages()] == [ALL[:2], ALL[2:4], ALL[4:]]
                assert ids(await users.take(3)) == ALL[:3]
                assert ids(await users.collect()) == ALL
                assert ids([user async for user in users.prefetch(2)]) == ALL

        with Server.by(listing(3)) as server:
            trio.run(main)

    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    def test_leaving_early_leaves_nothing(self, backend: str) -> None:
        """No generator waits for a finaliser, which trio would complain of."""

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                async for user in client.users.list():
                    assert user.id == "1.0"
                    break
                async for each in client.users.list().pages():
                    assert len(each) == 2
                    break
                gc.collect()
                await anyio.lowlevel.checkpoint()
                assert len(server.requests) == 2

        with Server.by(listing(3)) as server:
            anyio.run(main, backend=backend)

    def test_a_failed_start_may_be_repeated(self, waits: list[float]) -> None:
        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                walk = client.users.list().pages()
                with pytest.raises(InternalServerError):
                    await walk.__anext__()
                assert ids((await walk.__anext__()).items) == ALL[:2]

        with Server(*[answer(503)] * 3, page(1, 3)) as server:
            asyncio.run(main())
        assert len(waits) == 2
