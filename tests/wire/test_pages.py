"""Pages: walking forward and backward, from the middle, and over every kind of envelope."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

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
        with Server(respond(json={"slack_channels": [], "next_cursor": "n1"})) as server:
            client = caller.client(server.url)
            first = caller(client.providers.slack.list_channels, "c1", access_token_object="{}")
            second = caller(first.get_next_page)
            with pytest.raises(PaginationError, match="n1"):
                caller(second.get_next_page)
            assert len(server.requests) == 2


class TestFailures:
    def test_a_walk_goes_on_after_a_failure(self, caller: Caller, waits: list[float]) -> None:
        with Server(page(1, 2), *[respond(503)] * 3, page(2, 2)) as server:
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
        with Server(respond(body=body)) as server, pytest.raises(APIResponseValidationError):
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
        replies = [respond(json={"slack_channels": channels, "next_cursor": cursor}) for cursor in ("n1", "n2", "")]
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
        replies = [respond(json={"ms_teams_teams": teams, "skip_token": token}) for token in ("s1", None)]
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
        with Server(respond(json={"slack_channels": [], "next_cursor": "n1"})) as server:
            client = caller.client(server.url)
            first = caller(client.providers.slack.list_channels, "c1", access_token_object="{}")
            assert (first.next_cursor, first.previous_cursor, first.page_info) == ("n1", None, None)


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

        with Server(*[respond(503)] * 3, page(1, 3)) as server:
            asyncio.run(main())
        assert len(waits) == 2
