"""Calls wait for their turns: at the rate of their tier, across threads, tasks and clients, until they may not."""

from __future__ import annotations

import asyncio
import os
import traceback
from functools import partial
from itertools import pairwise
from typing import Any

import anyio
import pytest

from knock_sdk import APIConnectionError, APITimeoutError, AsyncKnock, ConfigurationError, Knock, RateLimitError
from knock_sdk._core.rate_limits.clock import SYSTEM_CLOCK
from tests.support.limited_server import ANSWER, LimitedServer
from tests.support.server import Server, reset, respond
from tests.wire.caller import KEY, USER, Caller
from tests.wire.running import fork

SHORTER = 0.85
"""Seconds in a second of the server, so that a busy machine breaks no test."""


def users(client: Any, count: int) -> list[Any]:
    """Return calls of tier 3."""
    return [partial(client.users.update, f"u{number}", name="x") for number in range(count)]


def bulks(client: Any, count: int) -> list[Any]:
    """Return calls of tier 1."""
    return [partial(client.users.bulk.identify, users=[{"id": f"u{number}"}]) for number in range(count)]


def failed(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception)]


class TestRate:
    def test_many_calls_at_once(self, caller: Caller) -> None:
        with LimitedServer(60, second=SHORTER) as server:
            client = caller.client(server.url, rate_limit="tiers", max_retries=0)
            assert not failed(caller.together(users(client, 90)))
            counts = server.counts()
        assert (counts.refused, len(counts.accepted)) == (0, 90)
        assert counts.seconds > 1.3

    def test_without_a_limit_the_same_calls_are_refused(self, caller: Caller) -> None:
        with LimitedServer(60, second=SHORTER) as server:
            client = caller.client(server.url, max_retries=0)
            errors = failed(caller.together(users(client, 90)))
            assert server.counts().refused == len(errors) > 10
        assert all(isinstance(error, RateLimitError) for error in errors)

    def test_calls_of_tier_1_are_a_second_apart_though_the_first_arrives_late(self, caller: Caller) -> None:
        with LimitedServer(1, second=SHORTER, opening=0.3) as server:
            client = caller.client(server.url, rate_limit="tiers", max_retries=0)
            assert not failed(caller.together(bulks(client, 3)))
            counts = server.counts()
        assert (counts.refused, len(counts.accepted)) == (0, 3)
        assert counts.closest > 0.95

    def test_one_call_after_the_other_too(self, caller: Caller) -> None:
        with LimitedServer(1, second=SHORTER, opening=0.3) as server:
            client = caller.client(server.url, rate_limit="tiers", max_retries=0)
            for call in bulks(client, 2):
                caller(call)
            counts = server.counts()
        assert (counts.refused, len(counts.accepted)) == (0, 2)
        assert counts.closest > 0.95

    def test_each_operation_has_a_line_of_its_own(self, caller: Caller, turns: list[float]) -> None:
        with Server(respond(json=USER)) as server:
            client = caller.client(server.url, rate_limit="tiers")
            caller(client.users.get, "u1")
            caller(client.users.update, "u1", name="x")
            caller(client.get, "/v1/nothing")
            caller(client.get, "/v1/nothing")
        assert turns == []
        assert len(server.requests) == 4

    def test_requests_by_path_join_the_line_of_their_operation(self, caller: Caller, turns: list[float]) -> None:
        with Server(respond(json=ANSWER)) as server:
            client = caller.client(server.url, rate_limit="tiers")
            caller(client.users.bulk.identify, users=[{"id": "u1"}])
            with pytest.raises(RuntimeError, match="waits for its turn"):
                caller(client.post, "/v1/users/bulk/identify", body={})
        assert len(turns) == 1
        assert len(server.requests) == 1

    def test_retries_wait_too(self, caller: Caller) -> None:
        with Server(respond(503), respond(json=USER)) as server:
            client = caller.client(server.url, rate_limit="tiers")
            caller(client.users.bulk.identify, users=[{"id": "u1"}])
        first, second = server.requests
        assert second.at - first.at > 0.95

    def test_all_clients_of_a_key_share_the_limit(self) -> None:
        async def in_tasks(url: str) -> None:
            async with AsyncKnock(api_key=KEY, base_url=url, rate_limit="tiers", max_retries=0) as one:
                two = AsyncKnock(api_key=KEY, base_url=url, rate_limit="tiers", max_retries=0)
                await asyncio.gather(
                    asyncio.to_thread(in_a_thread, url),
                    *(call() for call in users(one, 30)),
                    *(call() for call in users(two, 30)),
                )
                await two.close()

        def in_a_thread(url: str) -> None:
            with Knock(api_key=KEY, base_url=url, rate_limit="tiers", max_retries=0) as client:
                for call in users(client, 15):
                    call()

        with LimitedServer(60, second=SHORTER) as server:
            asyncio.run(in_tasks(server.url))
            counts = server.counts()
        assert (counts.refused, len(counts.accepted)) == (0, 75)
        assert counts.seconds > 1.1


class TestRefusals:
    @pytest.mark.parametrize(("retry_after", "seconds"), [("", 1.0), ("2", 2.0)])
    def test_all_wait_after_one(self, caller: Caller, retry_after: str, seconds: float) -> None:
        with LimitedServer(60, second=SHORTER, retry_after=retry_after, refuse=2) as server:
            client = caller.client(server.url, rate_limit="tiers")
            assert not failed(caller.together(users(client, 12)))
            counts = server.counts()
        assert counts.refused == 1
        longest = max(after - before for before, after in pairwise(counts.accepted))
        assert longest > seconds - 0.1
        # The others follow at 0.7 of the rate: 0.024 instead of 0.017 s.
        rest = [at for at in counts.accepted if at > longest]
        assert rest[-1] - rest[0] > 0.9 * (len(rest) - 1) * 0.024

    def test_a_call_without_retries_raises_it(self, caller: Caller) -> None:
        with Server(respond(429, json={"message": "no"}, retry_after="3")) as server:
            client = caller.client(server.url, rate_limit="tiers", max_retries=0)
            with pytest.raises(RateLimitError) as caught:
                caller(client.users.get, "u1")
            assert caught.value.retry_after == 3
            with pytest.raises(APITimeoutError) as too_late:
                caller(client.users.get, "u1", timeout=2.5)
        assert too_late.value.sent is False
        assert len(server.requests) == 1


class TestEnd:
    def test_a_turn_beyond_the_time_limit_is_not_waited_for(self, caller: Caller, turns: list[float]) -> None:
        with Server(respond(json={"id": "b", **USER})) as server:
            client = caller.client(server.url, rate_limit="tiers")
            caller(client.request, "POST", "/v1/users/bulk/identify", body={})
            with pytest.raises(APITimeoutError, match="rate limit") as caught:
                caller(client.request, "POST", "/v1/users/bulk/identify", body={}, timeout=0.5)
        assert (caught.value.sent, caught.value.attempts, turns) == (False, 0, [])
        assert len(server.requests) == 1

    def test_close_ends_the_wait(self, caller: Caller) -> None:
        with Server(respond(429, json={}, retry_after="60")) as server:
            client = caller.client(server.url, rate_limit="tiers", max_retries=0, timeout=None)
            with pytest.raises(RateLimitError):
                caller(client.users.get, "u1")
            waiting, _ = caller.together(
                [partial(client.users.get, "u1"), caller.when(lambda: True, client.close)],
            )
        assert isinstance(waiting, APIConnectionError)
        assert "closed" in str(waiting)
        assert waiting.sent is False
        assert len(server.requests) == 1

    def test_a_request_that_was_not_sent_leaves_its_slot(
        self, caller: Caller, refusing: str, turns: list[float]
    ) -> None:
        client = caller.client(refusing, rate_limit="tiers")
        with pytest.raises(APIConnectionError) as caught:
            caller(client.users.bulk.identify, users=[{"id": "u1"}])
        assert (caught.value.attempts, turns) == (3, [])

    def test_a_request_that_may_have_been_received_does_not(self, caller: Caller, turns: list[float]) -> None:
        with Server(reset, respond(json=USER)) as server:
            client = caller.client(server.url, rate_limit="tiers")
            with pytest.raises(RuntimeError, match="waits for its turn"):
                caller(client.users.bulk.identify, users=[{"id": "u1"}])
        assert len(server.requests) == 1
        assert turns

    def test_a_wait_that_an_exception_ends_leaves_its_slot(self, caller: Caller, turns: list[float]) -> None:
        with Server(respond(json=USER)) as server:
            client = caller.client(server.url, rate_limit="tiers")
            caller(client.request, "POST", "/v1/users/bulk/identify", body={})
            for _ in range(5):
                with pytest.raises(RuntimeError, match="waits for its turn"):
                    caller(client.request, "POST", "/v1/users/bulk/identify", body={})
        assert len(turns) == 5
        assert max(turns) < 3  # the slots of the others were not lost

    @pytest.mark.parametrize("kind", ["asyncio", "trio"])
    def test_cancelled_calls_leave_their_slots(self, kind: str) -> None:
        async def main() -> list[Any]:
            done: list[Any] = []

            async def call(number: int) -> None:
                done.append(await client.put(f"/v1/users/v{number}", timeout=30))

            async with AsyncKnock(api_key=KEY, base_url=server.url, rate_limit="tiers", timeout=None) as client:
                async with anyio.create_task_group() as group:
                    for number in range(5000):
                        group.start_soon(client.put, f"/v1/users/u{number}")
                    while len(server.requests) < 5:  # noqa: ASYNC110 (another thread receives them)
                        await anyio.sleep(0.01)
                    group.cancel_scope.cancel()
                before = len(server.requests)
                async with anyio.create_task_group() as group:
                    for number in range(20):
                        group.start_soon(call, number)
            assert len(server.requests) - before <= 21
            return done

        with Server(respond(json=USER)) as server:
            assert len(anyio.run(main, backend=kind)) == 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_child_of_fork_goes_on_after_the_last_request() -> None:
    with Server(respond(json=USER)) as server, Knock(api_key=KEY, base_url=server.url, rate_limit="tiers") as client:
        client.request("POST", "/v1/users/bulk/identify", body={})
        # Others of the parent wait.
        ((scope, line),) = SYSTEM_CLOCK.lines.items()
        for _ in range(100):
            assert line.reserve(SYSTEM_CLOCK.monotonic(), 1000)

        def child() -> bool:
            client.request("POST", "/v1/users/bulk/identify", body={}, timeout=10)
            return SYSTEM_CLOCK.lines[scope] is line

        assert os.waitpid(fork(child), 0)[1] == 0
        server.wait_for(lambda server: len(server.requests) == 2)
        first, second = server.requests
    assert second.at - first.at > 0.95
    assert line.reserve(SYSTEM_CLOCK.monotonic(), 1000) is not None


class TestSettings:
    def test_copies_keep_the_limit_or_change_it(self, caller: Caller, turns: list[float]) -> None:
        with Server(respond(json=ANSWER)) as server:
            client = caller.client(server.url, rate_limit="tiers")
            free = client.with_options(rate_limit=None)
            again = free.with_options(rate_limit="tiers")
            kept = client.with_options(timeout=5)
            caller(client.users.bulk.identify, users=[{"id": "u1"}])
            caller(free.users.bulk.identify, users=[{"id": "u1"}])
            for each in (kept, again):
                with pytest.raises(RuntimeError, match="waits for its turn"):
                    caller(each.users.bulk.identify, users=[{"id": "u1"}])
        assert len(turns) == 2
        assert len(server.requests) == 2

    @pytest.mark.parametrize("kind", [Knock, AsyncKnock])
    @pytest.mark.parametrize("setting", ["tier", "", 5, True, object(), ["tiers"], "redis://:canary-pw@localhost:6379"])
    def test_others_are_refused(self, kind: Any, setting: Any) -> None:
        client = kind(api_key=KEY)
        for make in (partial(kind, api_key=KEY), client.with_options):
            with pytest.raises(ConfigurationError, match=r"rate_limit: takes 'tiers'") as caught:
                make(rate_limit=setting)
            # Without the frame of the test itself, which knows the setting.
            trace = caught.value.__traceback__
            assert trace is not None
            shown = traceback.TracebackException(ConfigurationError, caught.value, trace.tb_next, capture_locals=True)
            assert "canary-pw" not in "".join(shown.format())

    @pytest.mark.parametrize("kind", [Knock, AsyncKnock])
    def test_a_misspelt_one_is_named(self, kind: Any) -> None:
        with pytest.raises(TypeError, match="did you mean 'rate_limit'"):
            kind(api_key=KEY).with_options(rate_limits="tiers")
