"""Pages: iteration forward and backward, from any cursor, over every kind of envelope."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import anyio
import pytest
import trio

from knock_sdk import (
    APIResponseValidationError,
    AsyncKnock,
    InternalServerError,
    InvalidArgumentError,
    PaginationError,
)
from tests.support.server import Server, respond

from .caller import KEY
from .replies import ALL, SIZE, ids, listing, page

if TYPE_CHECKING:
    from .caller import Caller


class TestIteration:
    def test_forward_iteration_follows_after(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            assert ids(caller.iterate(lambda: client.users.list(page_size=SIZE, include=["preferences"]))) == ALL
            assert [received.query for received in server.requests] == [
                {"page_size": "2", "include[]": "preferences", **cursor}
                for cursor in ({}, {"after": "c2"}, {"after": "c3"})
            ]
            assert server.accepted == 1

    def test_backward_iteration_follows_before(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            items = ids(caller.iterate(lambda: client.users.list(before="c3")))
            assert items == ["3.0", "3.1", "2.0", "2.1", "1.0", "1.1"]
            assert [received.query for received in server.requests] == [{"before": f"c{n}"} for n in (3, 2, 1)]

    def test_get_next_page_returns_the_pages_one_by_one(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            first = caller(client.users.list)
            assert ids(first.items) == ids(first.entries) == ALL[:2]
            assert len(first.items) == 2
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

    def test_pages_iterates_the_pages(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            first = caller(client.users.list)
            assert [ids(each.items) for each in caller.iterate(first.pages)] == [ALL[:2], ALL[2:4], ALL[4:]]
            assert len(server.requests) == 3

    def test_a_page_fetched_with_before_exchanges_its_cursors(self, caller: Caller) -> None:
        """Its next page is the one before it, and its previous page the one after it."""
        with Server.by(listing(3)) as server:
            client = caller.client(server.url)
            middle = caller(client.users.list, before="c2")
            assert (ids(middle.items), middle.next_cursor, middle.previous_cursor) == (ALL[2:4], "c1", "c3")
            last = caller(client.users.list, before="c3")
            assert (last.next_cursor, last.previous_cursor) == ("c2", None)
            assert ids(caller(client.users.list, after=middle.previous_cursor).items) == ALL[4:]

    def test_repr_shows_neither_cursors_nor_items(self, caller: Caller) -> None:
        before = "" if caller.kind == "sync" else "Async"
        with Server(page(1, 2), page(2, 2, items=[]), page(1, 1, items=[{"id": "f1"}])) as server:
            client = caller.client(server.url)
            first = caller(client.users.list)
            last = caller(first.get_next_page)
            feed = caller(client.users.feeds.list_items, "u1", "channel")
            assert [repr(each) for each in (first, last, feed)] == [
                f"<{before}Page of 2 items, more follow>",
                f"<{before}Page of 0 items, the last page>",
                f"<{before}FeedPage of 1 items, the last page>",
            ]

    def test_an_exhausted_iteration_stays_exhausted(self, caller: Caller) -> None:
        with Server.by(listing(2)) as server:
            first = caller(caller.client(server.url).users.list)
            for make, steps in ((first.pages, 2), (first.__iter__ if caller.kind == "sync" else first.__aiter__, 4)):
                iterator = make()
                step = iterator.__next__ if caller.kind == "sync" else iterator.__anext__
                for _ in range(steps):
                    caller(step)
                sent = len(server.requests)
                for _ in range(3):
                    with pytest.raises(StopIteration if caller.kind == "sync" else StopAsyncIteration):
                        caller(step)
                assert len(server.requests) == sent

    def test_a_stored_cursor_continues_an_iteration(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            cursor = caller(caller.client(server.url).users.list).next_cursor
            again = caller.client(server.url)
            assert ids(caller.iterate(lambda: again.users.list(after=cursor))) == ALL[2:]

    @pytest.mark.parametrize("count", [0, 1, 2, 3, 6, 99])
    def test_take_returns_at_most_count_items(self, caller: Caller, count: int) -> None:
        with Server.by(listing(3)) as server:
            first = caller(caller.client(server.url).users.list)
            assert ids(caller(first.take, count)) == ALL[:count]
            assert len(server.requests) == max(1, -(-min(count, 6) // SIZE))

    @pytest.mark.parametrize("number", [-1, "3", None, 2.5, float("nan"), True])
    def test_a_number_of_items_or_pages_is_whole(self, caller: Caller, number: Any) -> None:
        with Server.by(listing(3)) as server:
            first = caller(caller.client(server.url).users.list)
            with pytest.raises(InvalidArgumentError, match="count: must be a whole number, 0 or more"):
                caller(first.take, number)
            with pytest.raises(InvalidArgumentError, match="pages: must be a whole number, 1 or more"):
                caller(first.prefetch, number)
            assert len(server.requests) == 1

    def test_collect_returns_all_items(self, caller: Caller) -> None:
        with Server.by(listing(3)) as server:
            first = caller(caller.client(server.url).users.list)
            assert ids(caller(first.collect)) == ALL
            assert ids(caller(first.collect)) == ALL
            assert len(server.requests) == 5

    def test_an_empty_page_with_a_cursor_is_followed(self, caller: Caller) -> None:
        with Server(page(1, 3, items=[]), page(2, 3, items=[]), page(3, 3)) as server:
            client = caller.client(server.url)
            assert ids(caller.iterate(client.users.list)) == ["3.0", "3.1"]

    def test_an_empty_list_has_no_items(self, caller: Caller) -> None:
        with Server(page(1, 1, items=[])) as server:
            client = caller.client(server.url)
            assert caller.iterate(client.users.list) == []
            assert len(server.requests) == 1

    def test_leaving_the_loop_fetches_no_more_pages(self, caller: Caller) -> None:
        with Server.by(listing(99)) as server:
            client = caller.client(server.url)
            assert ids(caller.iterate(client.users.list, limit=3)) == ALL[:3]
            gc.collect()
            assert len(server.requests) == 2


class TestRepeatedCursor:
    def test_a_repeated_page_is_an_error(self, caller: Caller) -> None:
        with Server(page(1, 9), page(1, 9)) as server:
            client = caller.client(server.url)
            with pytest.raises(PaginationError, match="repeats a cursor") as caught:
                caller.iterate(client.users.list)
            assert caught.value.cursor == "c2"
            assert len(server.requests) == 2

    def test_a_cursor_repeated_later_is_an_error(self, caller: Caller) -> None:
        with Server(page(1, 9), page(2, 9), page(3, 9), page(1, 9)) as server:
            client = caller.client(server.url)
            with pytest.raises(PaginationError, match="c2"):
                caller.iterate(client.users.list)
            assert len(server.requests) == 4

    def test_get_next_page_detects_a_repeated_cursor(self, caller: Caller) -> None:
        with Server(page(1, 9)) as server:
            first = caller(caller.client(server.url).users.list, after="c2")
            with pytest.raises(PaginationError, match="repeats a cursor"):
                caller(first.get_next_page)
            assert len(server.requests) == 1

    def test_a_repeated_cursor_of_a_provider_is_an_error(self, caller: Caller) -> None:
        with Server(respond(json={"slack_channels": [], "next_cursor": "n1"})) as server:
            client = caller.client(server.url)
            first = caller(client.providers.slack.list_channels, "c1", access_token_object="{}")
            second = caller(first.get_next_page)
            with pytest.raises(PaginationError, match="n1"):
                caller(second.get_next_page)
            assert len(server.requests) == 2


class TestFailures:
    def test_an_iteration_continues_after_a_failure(self, caller: Caller, waits: list[float]) -> None:
        with Server(page(1, 2), *[respond(503)] * 3, page(2, 2)) as server:
            first = caller(caller.client(server.url).users.list)
            pages = first.pages()
            step = pages.__next__ if caller.kind == "sync" else pages.__anext__
            assert caller(step) is first
            with pytest.raises(InternalServerError):
                caller(step)
            assert ids(caller(step).items) == ["2.0", "2.1"]
        assert len(waits) == 2

    @pytest.mark.parametrize("body", [b"[]", b"{}", b'{"slack_channels": []}', b""])
    def test_a_body_that_is_not_a_page_is_a_validation_error(self, caller: Caller, body: bytes) -> None:
        with Server(respond(body=body)) as server, pytest.raises(APIResponseValidationError):
            caller(caller.client(server.url).users.list)


class TestEnvelopes:
    def test_pages_with_items_are_iterated(self, caller: Caller) -> None:
        with Server.by(listing(2, key="items", items=[{"id": "m1"}, {"id": "m2"}])) as server:
            client = caller.client(server.url)
            assert ids(caller.iterate(client.messages.list)) == ["m1", "m2"] * 2

    def test_feed_pages_have_metadata_and_variables(self, caller: Caller) -> None:
        meta = {"__typename": "FeedMetadata", "total_count": 4, "unread_count": 2, "unseen_count": 1}
        feed = listing(2, items=[{"id": "f1"}, {"id": "f2"}], meta=meta, vars={"app": "Lumen"})
        with Server.by(feed) as server:
            client = caller.client(server.url)
            first = caller(client.users.feeds.list_items, "u1", "channel")
            for each in caller.iterate(first.pages):
                assert (each.meta.total_count, each.meta.unread_count, each.meta.unseen_count) == (4, 2, 1)
                assert each.vars == {"app": "Lumen"}
            assert ids(caller.iterate(lambda: client.users.feeds.list_items("u1", "channel"))) == ["f1", "f2"] * 2

    @pytest.mark.parametrize("more", [{"vars": None}, {}], ids=["null", "absent"])
    def test_a_feed_without_variables_has_none(self, caller: Caller, more: dict[str, Any]) -> None:
        with Server.by(listing(1, items=[{"id": "f1"}], meta=None, **more)) as server:
            feed = caller(caller.client(server.url).users.feeds.list_items, "u1", "channel")
            assert (feed.vars, feed.meta, ids(feed.items)) == ({}, None, ["f1"])

    @pytest.mark.parametrize("trigger_data", [None, ""], ids=["none", "empty"])
    def test_empty_trigger_data_is_not_sent(self, caller: Caller, trigger_data: str | None) -> None:
        with Server.by(listing(2, key="items", items=[{"id": "m1"}])) as server:
            client = caller.client(server.url)
            assert ids(caller.iterate(lambda: client.messages.list(trigger_data=trigger_data))) == ["m1"] * 2
            assert [received.query for received in server.requests] == [{}, {"after": "c2"}]

    def test_slack_pages_are_iterated(self, caller: Caller) -> None:
        """The cursor is sent inside the provider's own options, beside the given ones."""
        channels = [{"id": "C1", "name": "one", "context_team_id": "T1", "is_private": False, "is_im": False}]
        replies = [respond(json={"slack_channels": channels, "next_cursor": cursor}) for cursor in ("n1", "n2", "")]
        with Server(*replies) as server:
            client = caller.client(server.url)
            items = caller.iterate(
                lambda: client.providers.slack.list_channels(
                    "c1", access_token_object={"object_id": "o1", "collection": "c"}, query_options={"limit": 1}
                )
            )
            assert ids(items) == ["C1"] * 3
            assert [received.query["query_options[limit]"] for received in server.requests] == ["1"] * 3
            cursors = [received.query.get("query_options[cursor]") for received in server.requests]
            assert cursors == [None, "n1", "n2"]

    def test_teams_pages_are_iterated(self, caller: Caller) -> None:
        teams = [{"id": "T1", "displayName": "Finance"}]
        replies = [respond(json={"ms_teams_teams": teams, "skip_token": token}) for token in ("s1", None)]
        with Server(*replies) as server:
            client = caller.client(server.url)
            items = caller.iterate(
                lambda: client.providers.ms_teams.list_teams(
                    "c1", ms_teams_tenant_object="{}", query_options={"top": 1}
                )
            )
            assert [team.display_name for team in items] == ["Finance"] * 2
            assert [received.query.get("query_options[$top]") for received in server.requests] == ["1", "1"]
            assert [received.query.get("query_options[$skiptoken]") for received in server.requests] == [None, "s1"]

    def test_provider_pages_go_forward_only(self, caller: Caller) -> None:
        with Server(respond(json={"slack_channels": [], "next_cursor": "n1"})) as server:
            client = caller.client(server.url)
            first = caller(client.providers.slack.list_channels, "c1", access_token_object="{}")
            assert (first.next_cursor, first.previous_cursor, first.page_info) == ("n1", None, None)


class TestBeforeTheFirstPage:
    """The result of an async list method, which has not sent a request yet."""

    def test_the_result_can_be_awaited_and_iterated(self) -> None:
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
    def test_leaving_the_loop_leaves_no_generator(self, backend: str) -> None:
        """No generator waits for a finaliser, of which trio would warn."""

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                async for user in client.users.list():
                    assert user.id == "1.0"
                    break
                async for each in client.users.list().pages():
                    assert len(each.items) == 2
                    break
                gc.collect()
                await anyio.lowlevel.checkpoint()
                assert len(server.requests) == 2

        with Server.by(listing(3)) as server:
            anyio.run(main, backend=backend)

    def test_a_first_page_that_failed_can_be_fetched_again(self, waits: list[float]) -> None:
        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                pages = client.users.list().pages()
                with pytest.raises(InternalServerError):
                    await pages.__anext__()
                assert ids((await pages.__anext__()).items) == ALL[:2]

        with Server(*[respond(503)] * 3, page(1, 3)) as server:
            asyncio.run(main())
        assert len(waits) == 2
