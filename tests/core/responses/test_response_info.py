"""Response info, and the blocks that capture it."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading

import pytest

from knock_sdk import capture_responses
from knock_sdk._core.responses.response_info import ResponseInfo, record

from ..support import get_user, make_response, trigger


def info(headers: dict[str, str] | None = None, *, name: str = "r1") -> ResponseInfo:
    return ResponseInfo(get_user(), make_response(200, b"body", {"X-Request-Id": name, **(headers or {})}), 2, 0.5)


def names(calls: list[ResponseInfo]) -> list[str | None]:
    return [call.request_id for call in calls]


def test_info_describes_the_call() -> None:
    facts = info({"X-A": "1", "x-a": "2"})
    assert (facts.method, facts.path, facts.status_code) == ("GET", "/v1/users/{user_id}", 200)
    assert (facts.attempts, facts.elapsed, facts.request_id, facts.idempotency_key) == (2, 0.5, "r1", None)
    assert facts.headers == {"x-request-id": "r1", "x-a": "1, 2"}
    assert repr(facts) == (
        "ResponseInfo(GET /v1/users/{user_id}, status_code=200, request_id='r1', attempts=2, elapsed=0.500)"
    )


def test_info_does_not_hold_the_body() -> None:
    response = make_response(200, b"canary of a body", {"X-Request-Id": "r1"})
    facts = ResponseInfo(get_user(), response, 2, 0.5)
    seen: list[object] = [facts]
    for held in seen:  # the list grows meanwhile
        if isinstance(held, ResponseInfo | list | tuple):
            seen.extend(gc.get_referents(held))
    assert b"r1" in seen
    assert response.body not in seen
    assert b"" in seen


def test_info_reports_the_idempotency_key_and_replays() -> None:
    sent = trigger(idempotency_key="k1")
    fresh = ResponseInfo(sent, make_response(), 1, 0.1)
    assert (fresh.idempotency_key, fresh.replayed, fresh.original_request_id) == ("k1", False, None)
    headers = {"Idempotent-Replayed": "true", "Original-X-Request-Id": "r0"}
    stored = ResponseInfo(sent, make_response(headers=headers), 1, 0.1)
    assert (stored.replayed, stored.original_request_id) == (True, "r0")
    assert not ResponseInfo(sent, make_response(headers={"idempotent-replayed": "false"}), 1, 0.1).replayed


@pytest.mark.parametrize(
    ("headers", "skipped"),
    [
        ({}, {}),
        ({"X-RateLimited-Message_Ids": "2,4"}, {"message_ids": ("2", "4")}),
        ({"x-ratelimited-message_ids": " 2 , 4 ,"}, {"message_ids": ("2", "4")}),
        ({"x-ratelimited-a": "1", "x-ratelimited-b": "", "x-ratelimit-limit": "5"}, {"a": ("1",), "b": ()}),
        ({"X-Ratelimited-Ids": "1", "x-ratelimited-ids": "2"}, {"ids": ("1", "2")}),
    ],
    ids=str,
)
def test_items_skipped_by_a_rate_limit_are_read_from_the_headers(
    headers: dict[str, str], skipped: dict[str, tuple[str, ...]]
) -> None:
    assert info(headers).rate_limited == skipped


def test_a_call_outside_of_the_block_is_not_captured() -> None:
    with capture_responses() as calls:
        pass
    record(info())
    assert calls == []


def test_a_nested_block_captures_calls_for_the_outer_one_too() -> None:
    with capture_responses() as outer:
        record(info(name="1"))
        with capture_responses() as inner:
            record(info(name="2"))
        record(info(name="3"))
    assert names(outer) == ["1", "2", "3"]
    assert names(inner) == ["2"]


def test_an_exception_ends_a_block() -> None:
    collected: list[list[ResponseInfo]] = []

    def fail() -> None:
        with capture_responses() as calls:
            collected.append(calls)
            record(info(name="1"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    record(info(name="2"))
    assert names(collected[0]) == ["1"]


def test_calls_of_other_threads_are_not_captured() -> None:
    with capture_responses() as calls:
        thread = threading.Thread(target=record, args=(info(name="thread"),))
        thread.start()
        thread.join()
        record(info(name="here"))
    assert names(calls) == ["here"]


def test_calls_of_tasks_started_inside_are_captured() -> None:
    async def call(name: str) -> None:
        await asyncio.sleep(0)
        record(info(name=name))

    async def main() -> tuple[list[ResponseInfo], list[ResponseInfo]]:
        before = asyncio.create_task(call("started before"))
        with capture_responses() as first:
            await asyncio.gather(call("a"), call("b"))
            await before
        with capture_responses() as second:
            await call("c")
        return first, second

    first, second = asyncio.run(main())
    assert sorted(map(str, names(first))) == ["a", "b"]
    assert names(second) == ["c"]


def test_concurrent_tasks_capture_their_own_calls() -> None:
    async def work(name: str) -> list[str | None]:
        with capture_responses() as calls:
            await asyncio.sleep(0)
            record(info(name=name))
            await asyncio.sleep(0)
        return names(calls)

    async def main() -> list[list[str | None]]:
        return await asyncio.gather(*(work(str(number)) for number in range(20)))

    assert asyncio.run(main()) == [[str(number)] for number in range(20)]


def test_a_block_can_be_left_in_another_context() -> None:
    block = capture_responses()
    here = contextvars.copy_context()
    calls = here.run(block.__enter__)
    here.run(record, info(name="1"))
    contextvars.copy_context().run(block.__exit__, None, None, None)
    assert names(calls) == ["1"]


def test_blocks_can_be_left_in_any_order() -> None:
    first, second = capture_responses(), capture_responses()
    one, two = first.__enter__(), second.__enter__()
    first.__exit__(None, None, None)
    record(info(name="1"))
    second.__exit__(None, None, None)
    record(info(name="2"))
    assert (names(one), names(two)) == ([], ["1"])
