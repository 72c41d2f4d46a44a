"""Event loops that watch the client's sockets, are dropped without being closed, or cannot watch sockets at all."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, APITimeoutError, AsyncKnock
from knock_sdk.testing import Simulator
from tests.support.process_usage import descriptors
from tests.support.server import SECONDS, Server, after, hang, message, raw, respond

from ..caller import KEY, USER
from ..replies import echo
from ..running import asyncio_run, ends_after, fork

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")


class WithoutReaders(asyncio.SelectorEventLoop):
    """A loop that cannot watch sockets, as Windows' proactor."""

    def add_reader(self, *_: Any) -> Any:
        raise NotImplementedError

    def add_writer(self, *_: Any) -> Any:
        raise NotImplementedError


@pytest.fixture
def server() -> Iterator[Server]:
    with Server.by(echo) as made:
        yield made


def watched_by(loop: Any) -> set[int]:
    """Return the descriptors that a loop's selector watches, apart from its own."""
    return set(loop._selector.get_map()) - {loop._ssock.fileno()}


@needs_proc
class TestDroppedLoops:
    def run_in_new_loops(self, client: AsyncKnock, times: int, server: Server | None = None) -> int:
        """Use a client in loops that are not closed; return how many descriptors stay open."""
        counts = []
        for each in (1, times):
            for _ in range(each):
                loop = asyncio.new_event_loop()
                loop.run_until_complete(client.users.get("u1"))
                del loop
            gc.collect()
            if server is not None:
                server.wait_for(lambda server: server.open == 0 and not server._tasks)
            counts.append(descriptors())
        return counts[1] - counts[0]

    @pytest.mark.filterwarnings("ignore:unclosed event loop:ResourceWarning")
    def test_nothing_stays_of_a_loop_that_nobody_refers_to(self, server: Server) -> None:
        client = AsyncKnock(api_key=KEY, base_url=server.url)
        assert self.run_in_new_loops(client, 60, server) == 0
        assert client._transport.engine._pools._values == {}

    @pytest.mark.filterwarnings("ignore:unclosed event loop:ResourceWarning")
    def test_the_same_holds_for_a_simulator(self) -> None:
        simulator = Simulator()
        simulator.client().users.update("u1")
        assert self.run_in_new_loops(simulator.async_client(), 20) == 0

    def test_writes_to_one_record_leave_nothing_either(self, server: Server) -> None:
        client = AsyncKnock(api_key=KEY, base_url=server.url)
        for _ in range(3):
            asyncio_run(lambda: client.users.update("u1", name="x"))
        gc.collect()
        assert client._transport.record_locks._values == {}


class TestWatching:
    def test_a_kept_connection_is_watched_until_it_is_closed(self, server: Server) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                for _ in range(3):
                    assert (await client.users.get("u1")).id == "u1"
                    assert len(watched_by(loop)) == 1
            assert watched_by(loop) == set()

        asyncio_run(main)

    def test_a_connection_that_the_server_closes_is_watched_no_longer(self, server: Server) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                await client.users.get("u1")
                server.close_idle()
                await asyncio.sleep(0.05)
                assert watched_by(loop) == set()
                assert (await client.users.get("u1")).response_info.attempts == 1

        asyncio_run(main)
        assert server.accepted == 2

    def test_bytes_that_come_while_nothing_is_asked_are_nobodys(self) -> None:
        stray = message(json={**USER, "id": "stray"})

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                assert (await client.users.get("u1")).id == "u1"
                await asyncio.sleep(0.05)
                assert (await client.users.get("u1")).id == "u1"

        async def late(exchange: Any) -> None:
            await exchange.send(message(json=USER))
            await asyncio.sleep(0.01)
            await exchange.send(stray)

        with Server(late, raw(message(json=USER))) as server:
            asyncio_run(main)
            assert server.accepted == 2

    def test_a_client_that_is_dropped_is_watched_no_longer(self, server: Server) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            client = AsyncKnock(api_key=KEY, base_url=server.url)
            await client.users.get("u1")
            assert len(watched_by(loop)) == 1
            del client
            gc.collect()
            assert watched_by(loop) == set()

        asyncio_run(main)
        server.wait_for(lambda server: server.open == 0)

    def test_a_client_can_be_closed_from_another_loop(self, server: Server) -> None:
        """The connections of the first loop are closed in that loop, whose selector would otherwise go wrong."""
        used, closed = threading.Event(), threading.Event()
        client = AsyncKnock(api_key=KEY, base_url=server.url)

        async def user() -> None:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(client.users.get("u1") for _ in range(3)))
            used.set()
            await loop.run_in_executor(None, closed.wait, SECONDS)
            await asyncio.sleep(0.05)
            assert watched_by(loop) == set()
            assert (await client.users.get("u1")).id == "u1"
            await client.close()

        def closer() -> None:
            assert used.wait(SECONDS)
            asyncio_run(client.close)
            closed.set()

        thread = threading.Thread(target=closer)
        thread.start()
        asyncio_run(user)
        thread.join()
        server.wait_for(lambda server: server.open == 0)

    def test_a_loop_that_is_not_running_is_left_alone(self, server: Server) -> None:
        """It may run again, and then its selector must not watch a descriptor that belongs to somebody else."""
        client = AsyncKnock(api_key=KEY, base_url=server.url)
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(client.users.get("u1"))
            asyncio_run(client.close)
            assert watched_by(loop) == set()
            assert loop.run_until_complete(client.users.get("u2")).id == "u2"
            loop.run_until_complete(client.close())
        finally:
            loop.close()

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
    @pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
    def test_a_child_does_not_disturb_the_selector_of_its_parent(self, server: Server) -> None:
        """The child's copy of the loop shares its selector with the parent."""

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                await client.users.get("parent")

                def child() -> bool:
                    # A new loop in a thread: the one of the parent counts as running in this thread.
                    done: list[str] = []

                    def use() -> None:
                        done.append(asyncio_run(lambda: client.users.get("child")).id)

                    thread = threading.Thread(target=use)
                    thread.start()
                    thread.join()
                    return done == ["child"]

                process = fork(child)
                status = await asyncio.get_running_loop().run_in_executor(None, os.waitpid, process, 0)
                assert status[1] == 0
                assert (await client.users.get("parent")).response_info.attempts == 1

        asyncio_run(main)
        assert server.accepted == 2

    def test_a_short_timeout_ends_after_a_long_one_was_set(self) -> None:
        """One timer serves a connection: it is set again if a call must end before it rings."""

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url, timeout=30) as client:
                await client.users.get("u1")
                with ends_after(0.2), pytest.raises(APITimeoutError):
                    await client.users.get("u1", timeout=0.2)

        with Server(respond(json=USER), hang) as server:
            asyncio_run(main)

    def test_a_timer_that_rings_too_early_is_set_again(self) -> None:
        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                await client.users.get("u1", timeout=0.2)
                with ends_after(0.5), pytest.raises(APITimeoutError):
                    await client.users.get("u1", timeout=0.5)

        with Server(respond(json=USER), hang) as server:
            asyncio_run(main)


def test_a_loop_that_cannot_watch_sockets_waits_through_anyio(server: Server) -> None:
    async def main() -> None:
        async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
            names = [f"u{number}" for number in range(50)]
            users = await asyncio.gather(*map(client.users.get, names))
            assert [user.id for user in users] == names
            with pytest.raises(APIConnectionError):
                await client.users.get("u1", timeout=1e-9)

    loop = WithoutReaders()
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()


def test_uvloop_watches_sockets(server: Server) -> None:
    uvloop: Any = pytest.importorskip("uvloop")

    async def main() -> None:
        async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
            for _ in range(2):
                names = [f"u{number}" for number in range(50)]
                users = await asyncio.gather(*map(client.users.get, names))
                assert [user.id for user in users] == names
            server.close_idle()
            assert (await client.users.get("u1")).id == "u1"

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        loop = uvloop.new_event_loop()
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()
    server.wait_for(lambda server: server.open == 0)


def test_a_task_that_nobody_refers_to_goes_on() -> None:
    """The event loop itself refers to tasks weakly, and to their calls while they wait."""
    ended: list[str] = []

    async def main(url: str) -> None:
        async with AsyncKnock(
            api_key=KEY, base_url=url, max_connections=3, timeout=None, attempt_timeout=None
        ) as client:

            async def call() -> None:
                ended.append((await client.users.get("u1")).id)

            await client.users.get("u1")
            for _ in range(9):
                asyncio.get_running_loop().create_task(call())
                await asyncio.sleep(0.01)
                gc.collect()
            limit = time.monotonic() + SECONDS
            while len(ended) < 9 and time.monotonic() < limit:
                gc.collect()
                await asyncio.sleep(0.02)

    with Server(after(0.05, respond(json=USER))) as server:
        asyncio.run(main(server.url))
        assert len(server.requests) == 10
    assert ended == ["u1"] * 9
