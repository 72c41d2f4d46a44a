"""Response info, and its capture across tasks and threads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from knock_sdk import AsyncKnock, InternalServerError, Knock, capture_responses
from tests.support.server import Server, after, head, raw, respond

from .caller import KEY, USER
from .replies import listing

if TYPE_CHECKING:
    from collections.abc import Callable

    from knock_sdk import ResponseInfo
    from tests.support.server import Received, Reply

    from .caller import Caller


def respond_with_id(received: Received) -> Reply:
    """Respond with the id in the path, which is the request id too."""
    name = received.path.rpartition("/")[2]
    body = [] if received.path.endswith("schedules") else {**USER, "id": name}
    return respond(204 if received.method == "DELETE" else 200, json=body, x_request_id=f"req_{name}")


def test_a_model_has_the_info_of_its_call(caller: Caller, waits: list[float]) -> None:
    replayed = {"idempotent_replayed": "true", "original_x_request_id": "req_0", "X_Request_Id": "req_1"}
    with Server(respond(503), respond(json={"workflow_run_id": "r1"}, **replayed)) as server:
        info = caller(caller.client(server.url).workflows.trigger, "flow", recipients=["u1"]).response_info
    assert (info.method, info.path, info.status_code) == ("POST", "/v1/workflows/{key}/trigger", 200)
    assert (info.request_id, info.original_request_id, info.replayed) == ("req_1", "req_0", True)
    assert info.attempts == 2
    assert info.idempotency_key == server.requests[0].headers["idempotency-key"]
    assert info.headers["content-type"] == "application/json"
    assert 0 < info.elapsed < 10
    assert len(waits) == 1


def test_each_page_has_the_info_of_its_call(caller: Caller) -> None:
    with Server.by(listing(2)) as server:
        client = caller.client(server.url)
        first = caller(client.users.list)
        second = caller(first.get_next_page)
        assert first.response_info is not second.response_info
        assert (second.response_info.path, second.response_info.status_code) == ("/v1/users", 200)


def test_rate_limited_ids_are_captured(caller: Caller) -> None:
    with Server(raw(head(200, {"X-RateLimited-message_ids": "2, 4"}, length=2) + b"[]")) as server:
        client = caller.client(server.url)
        (info,) = capture(caller, lambda: client.messages.batch.mark_as_read(message_ids=["2", "3", "4"]))
        assert info.rate_limited == {"message_ids": ("2", "4")}


def capture(caller: Caller, function: Callable[[], Any]) -> list[ResponseInfo]:
    """Make a call inside a block, in the same thread or task; return the captured response info."""

    def inside() -> list[ResponseInfo]:
        with capture_responses() as calls:
            function()
        return calls

    async def inside_task() -> list[ResponseInfo]:
        with capture_responses() as calls:
            await function()
        return calls

    calls: list[ResponseInfo] = caller(inside if caller.kind == "sync" else inside_task)
    return calls


def test_calls_that_return_none_or_a_list_are_captured() -> None:
    with Server.by(respond_with_id) as server, Knock(api_key=KEY, base_url=server.url) as client:
        with capture_responses() as calls:
            client.users.get("a")
            client.users.delete("b")
            client.schedules.create(recipients=["u1"], workflow="flow")
            client.get("/v1/users/d")
        client.users.get("e")
        assert [info.request_id for info in calls] == ["req_a", "req_b", "req_schedules", "req_d"]
        assert [info.status_code for info in calls] == [200, 204, 200, 200]


def test_failed_calls_are_not_captured() -> None:
    with Server(respond(501), respond(json=USER)) as server, Knock(api_key=KEY, base_url=server.url) as client:
        with capture_responses() as calls:
            with pytest.raises(InternalServerError):
                client.users.get("a")
            client.users.get("a")
        assert len(calls) == 1


def test_a_nested_block_captures_calls_for_the_outer_one_too() -> None:
    with Server.by(respond_with_id) as server, Knock(api_key=KEY, base_url=server.url) as client:
        with capture_responses() as outer:
            client.users.get("a")
            with capture_responses() as inner:
                client.users.get("b")
            client.users.get("c")
        assert [info.request_id for info in outer] == ["req_a", "req_b", "req_c"]
        assert [info.request_id for info in inner] == ["req_b"]


def test_threads_capture_their_own_calls() -> None:
    seen: dict[str, list[str | None]] = {}

    def work(name: str) -> None:
        with capture_responses() as calls:
            for n in range(5):
                client.users.get(f"{name}{n}")
        seen[name] = [info.request_id for info in calls]

    with Server.by(respond_with_id) as server, Knock(api_key=KEY, base_url=server.url) as client:
        with capture_responses() as mine:
            threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert seen == {name: [f"req_{name}{n}" for n in range(5)] for name in "abc"}
        assert mine == []


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_calls_of_tasks_inside_a_block_are_captured(backend: str) -> None:
    async def main() -> None:
        own: dict[str, list[str | None]] = {}

        async def work(name: str) -> None:
            with capture_responses() as calls:
                for n in range(3):
                    await client.users.get(f"{name}{n}")
            own[name] = [info.request_id for info in calls]

        async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
            with capture_responses() as all_calls:
                async with anyio.create_task_group() as group:
                    for name in "ab":
                        group.start_soon(work, name)
            await client.users.get("later")
        assert own == {name: [f"req_{name}{n}" for n in range(3)] for name in "ab"}
        assert sorted(str(info.request_id) for info in all_calls) == sorted(own["a"] + own["b"])  # type: ignore[type-var]

    with Server.by(lambda received: after(0.002, respond_with_id(received))) as server:
        anyio.run(main, backend=backend)


def test_pages_prefetched_by_a_thread_are_captured() -> None:
    with Server.by(listing(3)) as server, Knock(api_key=KEY, base_url=server.url) as client:
        with capture_responses() as calls:
            assert len(list(client.users.list().prefetch(2))) == 6
        assert len(calls) == 3


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_pages_prefetched_by_a_task_are_captured(backend: str) -> None:
    async def main() -> None:
        async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
            with capture_responses() as calls:
                assert len([user async for user in client.users.list().prefetch(2)]) == 6
            assert len(calls) == 3

    with Server.by(listing(3)) as server:
        anyio.run(main, backend=backend)
