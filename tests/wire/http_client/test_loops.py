"""`http_client=` and event loops: several one after another, and loops that are dropped without being closed."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import APIConnectionError, AsyncKnock, Knock
from tests.support.process_usage import descriptors
from tests.support.server import SECONDS, Server

from ..caller import KEY, USER
from ..replies import echo
from ..running import asyncio_run, fork, trio_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS: list[Callable[[Callable[[], Any]], Any]] = [asyncio_run, trio_run]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server.by(echo) as made:
        yield made


@pytest.fixture
def client(server: Server) -> AsyncKnock:
    return AsyncKnock(api_key=KEY, base_url=server.url, http_client="httpx")


def kept_for(client: AsyncKnock) -> int:
    """Return for how many event loops a client has something."""
    engine: Any = client._transport.engine
    return len(engine._places._keepers._values)


class TestDropped:
    pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

    @pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
    def test_nothing_stays_of_a_loop_that_nobody_refers_to(self, server: Server, client: AsyncKnock) -> None:
        counts = []
        for times in (1, 60):
            for _ in range(times):
                loop = asyncio.new_event_loop()
                loop.run_until_complete(client.users.get("u1"))
                del loop
            gc.collect()
            server.wait_for(lambda server: server.open == 0 and not server._tasks)
            counts.append(descriptors())
        assert counts[0] == counts[1]
        assert kept_for(client) == 0

    def test_a_loop_keeps_nothing_for_a_client_that_is_dropped(self, server: Server) -> None:
        async def main() -> None:
            for _ in range(3):
                client = AsyncKnock(api_key=KEY, base_url=server.url, http_client="httpx")
                await client.users.get("u1")
                del client
            await asyncio.sleep(0.01)  # the task of the last call ends
            for _ in range(2):  # the clients, and then what they had
                gc.collect()
            server.wait_for(lambda server: server.open == 0)
            assert len(vars(asyncio.get_running_loop())[f"_knock_sdk_{os.getpid()}"]) == 0

        asyncio_run(main)


@pytest.mark.parametrize("first", RUNS)
@pytest.mark.parametrize("second", RUNS)
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_each_loop_gets_a_client_of_its_own(
    server: Server, client: AsyncKnock, first: Callable[..., Any], second: Callable[..., Any]
) -> None:
    async def closing() -> None:
        assert (await client.users.get("u2")).id == "u2"
        await client.close()

    for _ in range(2):
        assert first(lambda: client.users.get("u1")).id == "u1"
        second(closing)
    assert kept_for(client) <= 1  # what the first has left is dropped when there is another loop
    gc.collect()


def test_loops_of_several_threads_at_once(server: Server, client: AsyncKnock) -> None:
    seen: list[str] = []
    finished = threading.Barrier(5)

    async def main() -> None:
        seen.extend([(await client.users.get(f"u{number}")).id for number in range(5)])
        finished.wait(SECONDS)  # `close` ends the calls of all threads
        await client.close()

    threads = [threading.Thread(target=asyncio_run, args=(main,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert sorted(seen) == sorted([f"u{number}" for number in range(5)] * 5)
    assert kept_for(client) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_child_gets_a_client_of_its_own(server: Server, client: AsyncKnock) -> None:
    """Its copy of the loop of its parent has what that one keeps, and connections that are the parent's."""
    engine: Any = client._transport.engine

    async def used() -> Any:
        await client.users.get("u1")
        return engine._places.get()[1]

    loop = asyncio.new_event_loop()
    try:
        ours = loop.run_until_complete(used())
        pid = fork(lambda: loop.run_until_complete(used()) is not ours)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert loop.run_until_complete(used()) is ours
        loop.run_until_complete(client.close())
    finally:
        loop.close()
    assert [received.connection for received in server.requests] == [1, 2, 1]


class TestGiven:
    """A given client that another loop, or another process, has used before: its connections cannot be used here."""

    @pytest.fixture(autouse=True)
    def collect(self) -> Iterator[None]:
        """Collect what is left over here, and not in a later test."""
        yield
        gc.collect()

    @pytest.mark.parametrize(
        ("first", "second"), [(asyncio_run, asyncio_run), (asyncio_run, trio_run), (trio_run, asyncio_run)]
    )
    @pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
    def test_the_next_loop_is_told_to_use_its_own(
        self, server: Server, first: Callable[..., Any], second: Callable[..., Any]
    ) -> None:
        given = httpx.AsyncClient()

        def client() -> AsyncKnock:
            return AsyncKnock(api_key=KEY, base_url=server.url, http_client=given)

        first(lambda: client().users.get("u1"))
        for _ in range(2):
            with pytest.raises(APIConnectionError, match="give each event loop a client of its own") as caught:
                second(lambda: client().schedules.create(recipients=["u1"], workflow="flow"))
            assert (type(caught.value), caught.value.sent, caught.value.attempts) == (APIConnectionError, False, 1)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("run", RUNS)
    def test_a_client_that_keeps_no_connections_works_everywhere(self, server: Server, run: Callable[..., Any]) -> None:
        """Everywhere in one library: httpx remembers whether it is used in asyncio or in trio."""
        given = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0))
        client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given)
        for _ in range(3):
            assert run(lambda: client.users.get("u1")).id == "u1"
        run(given.aclose)

    def test_a_mock_works_everywhere(self) -> None:
        given = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=USER)))
        client = AsyncKnock(api_key=KEY, base_url="https://api.knock.example", http_client=given)
        for run in (asyncio_run, trio_run, asyncio_run):
            assert run(lambda: client.users.get("u1")).id == "u1"

    @pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
    def test_what_the_application_has_done_with_it_is_noticed_late(self, server: Server) -> None:
        """Its connection breaks in use; the text is the same."""
        given = httpx.AsyncClient()
        client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given, max_retries=0)
        asyncio_run(lambda: given.get(server.url))
        with pytest.raises(APIConnectionError, match="give each event loop a client of its own"):
            asyncio_run(lambda: client.schedules.create(recipients=["u1"], workflow="flow"))

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
    @pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
    def test_a_child_is_told_to_use_its_own(self, server: Server) -> None:
        """Two processes that share a connection would get each other's responses."""
        with httpx.Client() as given:
            client = Knock(api_key=KEY, base_url=server.url, http_client=given)
            assert client.users.get("u1").id == "u1"

            def child() -> bool:
                with pytest.raises(APIConnectionError, match="give each process a client of its own") as caught:
                    client.users.get("u2")
                return caught.value.sent is False

            assert os.waitstatus_to_exitcode(os.waitpid(fork(child), 0)[1]) == 0
            assert client.users.get("u3").id == "u3"
        assert [received.path.rpartition("/")[2] for received in server.requests] == ["u1", "u3"]
