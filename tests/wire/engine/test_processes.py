"""Event loops, threads and processes: one client serves all of them, each with its own connections."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import anyio
import pytest
import trio

from knock_sdk import AsyncKnock, Knock
from tests.support.server import SECONDS, Server, after

from ..caller import KEY
from ..replies import echo
from ..running import asyncio_run, fork, trio_run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class TestEventLoops:
    def test_successive_event_loops_have_their_own_connections(self) -> None:
        """Connections of a loop that has ended are closed without a warning."""
        with Server.by(echo) as server:
            client = AsyncKnock(api_key=KEY, base_url=server.url)

            async def main() -> None:
                assert [(await client.users.get(f"u{n}")).id for n in range(3)] == ["u0", "u1", "u2"]

            for run in (asyncio_run, asyncio_run, trio_run, trio_run, asyncio_run):
                run(main)
                gc.collect()
                server.wait_for(lambda server: server.open == 0)
            asyncio_run(client.close)
            assert (server.accepted, len(server.requests)) == (5, 15)

    def test_concurrent_event_loops_have_their_own_connections(self) -> None:
        with Server.by(lambda received: after(0.002, echo(received))) as server:
            client = AsyncKnock(api_key=KEY, base_url=server.url)

            async def main(name: str) -> None:
                for n in range(50):
                    assert (await client.users.get(f"{name}{n}")).id == f"{name}{n}"

            with ThreadPoolExecutor(4) as threads:
                runs = [threads.submit(anyio.run, main, name, backend=backend) for name, backend in _LOOPS]
                for each in runs:
                    each.result()
            asyncio_run(client.close)
            server.wait_for(lambda server: server.open == 0)
            # Each loop had its own connection.
            used = {(received.path[10], received.connection) for received in server.requests}
            assert len(used) == server.accepted == 4


_LOOPS = [("a", "asyncio"), ("b", "asyncio"), ("c", "trio"), ("d", "trio")]


class TestThreads:
    def test_many_threads_can_share_a_client(self) -> None:
        with Server.by(echo) as server, Knock(api_key=KEY, base_url=server.url, max_connections=8) as client:

            def work(name: int) -> bool:
                return all(client.users.get(f"{name}-{n}").id == f"{name}-{n}" for n in range(25))

            with ThreadPoolExecutor(16) as threads:
                assert all(threads.map(work, range(16)))
            assert len(server.requests) == 400
            assert server.accepted <= 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # the server is a thread
class TestFork:
    """A forked process has the same sockets: if both used one, they would read each other's responses."""

    def test_a_child_of_a_sync_client_opens_its_own_connections(self) -> None:
        with Server.by(echo) as server, Knock(api_key=KEY, base_url=server.url) as client:

            def get(name: str) -> bool:
                return all(client.users.get(f"{name}-{n}").id == f"{name}-{n}" for n in range(100))

            self._check(server, get)

    @pytest.mark.parametrize("run", [lambda main: asyncio.run(main()), trio.run], ids=["asyncio", "trio"])
    def test_a_child_of_an_async_client_opens_its_own_connections(
        self, run: Callable[[Callable[[], Awaitable[bool]]], bool]
    ) -> None:
        with Server.by(echo) as server:
            client = AsyncKnock(api_key=KEY, base_url=server.url)

            def get(name: str) -> bool:
                async def main() -> bool:
                    return all([(await client.users.get(f"{name}-{n}")).id == f"{name}-{n}" for n in range(100)])

                return run(main)

            self._check(server, get)
            asyncio_run(client.close)

    def _check(self, server: Server, get: Callable[[str], bool]) -> None:
        assert get("before")
        children = [fork(lambda name=name: get(name)) for name in ("one", "two")]
        assert get("parent")
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        users: dict[int, set[str]] = {}
        for received in server.requests:
            name = received.path.rpartition("/")[2].partition("-")[0]
            users.setdefault(received.connection, set()).add(name.replace("before", "parent"))
        assert all(len(names) == 1 for names in users.values())
        assert {name for names in users.values() for name in names} == {"one", "two", "parent"}

    def test_a_fork_during_a_call_does_not_disturb_it(self) -> None:
        """A child forked during a call closes its copy of the connection, and the parent's call continues."""
        with Server.by(lambda received: after(0.3, echo(received))) as server:
            with Knock(api_key=KEY, base_url=server.url) as client, ThreadPoolExecutor(1) as threads:
                in_progress = threads.submit(client.users.get, "parent")
                server.wait_for(lambda server: len(server.requests) == 1)
                child = fork(lambda: client.users.get("child").id == "child" and client.close() is None)
                assert in_progress.result(SECONDS).id == "parent"
                assert os.waitpid(child, 0)[1] == 0
                assert client.users.get("parent").response_info.attempts == 1
            assert server.accepted == 2


def test_a_client_starts_no_threads() -> None:
    with Server.by(echo) as server:
        before = threading.active_count()
        with Knock(api_key=KEY, base_url=server.url) as client:
            client.users.get("u1")
        assert threading.active_count() == before
