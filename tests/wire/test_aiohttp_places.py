"""The engine over aiohttp with many tasks, event loops, threads and processes: no connection is leaked."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, AsyncKnock, ConfigurationError
from tests.support.certificates import make_server_context
from tests.support.server import SECONDS, Server, after, hang, respond

from . import test_processes, test_tls
from .caller import KEY, USER
from .replies import echo, slow_or_echo
from .running import asyncio_run, cancel_as_requests_arrive, fork, trio_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import trustme

pytestmark = pytest.mark.filterwarnings(
    # Python 3.10 warns of every TLS connection that the server has interrupted.
    *["ignore:unclosed transport <asyncio.sslproto:ResourceWarning"] * (sys.version_info < (3, 11))
)

NAMED: Any = {"api_key": KEY, "http_client": "aiohttp"}

authority, trusted = test_tls.authority, test_tls.trusted


def test_trio_is_rejected_before_anything_is_sent() -> None:
    async def main() -> None:
        client = AsyncKnock(base_url=server.url, **NAMED)
        with pytest.raises(ConfigurationError, match="for asyncio alone"):
            await client.users.get("u1")
        await client.close()

    with Server() as server:
        trio_run(main)
        assert server.accepted == 0


def place_of(client: AsyncKnock) -> Any:
    """Return the session and limiter of a client's only event loop."""
    engine: Any = client._transport.engine
    (place,) = engine._places._values.values()
    return place


def assert_at_rest(client: AsyncKnock, slots: int) -> None:
    """Check that every slot is free and every connection idle."""
    place = place_of(client)
    assert place.limiter._semaphore.value == slots
    assert place.session.connector._acquired == set()
    assert sum(map(len, place.session.connector._conns.values())) <= slots


class TestTasks:
    def test_two_thousand_concurrent_calls_succeed(self) -> None:
        async def main() -> list[Any]:
            async with AsyncKnock(base_url=server.url, **NAMED) as client:
                calls = [client.workflows.trigger("flow", recipients=[f"u{n}"]) for n in range(2000)]
                return await asyncio.gather(*calls)

        with Server(respond(json={"workflow_run_id": "r1"})) as server:
            done = asyncio_run(main)
            assert {run.workflow_run_id for run in done} == {"r1"}
            assert len({received.headers["idempotency-key"] for received in server.requests}) == 2000
            assert len(server.requests) == 2000
            assert server.accepted <= 32

    def test_cancelled_tasks_leak_neither_slots_nor_connections(self) -> None:
        """Tasks that are cancelled while they wait, connect, send or read cost neither places nor connections."""

        async def main() -> None:
            async with AsyncKnock(base_url=server.url, max_connections=10, **NAMED) as client:
                tasks = [asyncio.create_task(client.users.get("u1")) for _ in range(2000)]
                await cancel_as_requests_arrive(server, [task.cancel for task in tasks])
                outcomes = await asyncio.gather(*tasks, return_exceptions=True)
                assert sum(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes) > 100
                assert_at_rest(client, 10)
                for n in range(20):
                    assert (await client.users.get(f"u{n}")).id == f"u{n}"
                assert_at_rest(client, 10)
                connector = place_of(client).session.connector
                server.wait_for(lambda server: server.open == sum(map(len, connector._conns.values())))

        with Server.by(lambda received: after(0.003, echo(received))) as server:
            asyncio_run(main)
            assert len(server.requests) > 30

    def test_a_timeout_around_a_call_frees_its_slot(self) -> None:
        async def main() -> None:
            async with AsyncKnock(base_url=server.url, **NAMED) as client:
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.users.get("slow"), 0.1)
                assert_at_rest(client, 32)
                assert (await client.users.get("u1")).id == "u1"

        with Server.by(slow_or_echo) as server:
            asyncio_run(main)


@pytest.fixture
def complaints(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """Return a function that lists the warnings of aiohttp and asyncio, whose finalisers log instead of raising."""
    raised: list[str] = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda unraisable: raised.append(repr(unraisable.exc_value))

    def collect() -> list[str]:
        gc.collect()
        return raised + [record.getMessage() for record in caplog.records]

    yield collect
    sys.unraisablehook = before


class TestConnections:
    """Connections belong to a process and an event loop, and are closed with it or with the client."""

    def test_successive_event_loops_have_their_own_connections(self, complaints: Callable[[], list[str]]) -> None:
        with Server.by(echo) as server:
            client = AsyncKnock(base_url=server.url, **NAMED)

            async def main() -> None:
                assert [(await client.users.get(f"u{n}")).id for n in range(3)] == ["u0", "u1", "u2"]

            for _ in range(3):
                asyncio_run(main)
                server.wait_for(lambda server: server.open == 0)
            asyncio_run(client.close)
            assert (server.accepted, len(server.requests)) == (3, 9)
            assert complaints() == []

    def test_successive_event_loops_can_use_tls(self, trusted: trustme.CA, complaints: Callable[[], list[str]]) -> None:
        with Server.by(echo, tls=make_server_context(trusted)) as server:
            client = AsyncKnock(base_url=server.url, **NAMED)

            async def main() -> None:
                await asyncio.gather(*(client.users.get(f"u{n}") for n in range(3)))

            for _ in range(3):
                asyncio_run(main)
                server.wait_for(lambda server: server.open == 0)
            assert complaints() == []

    def test_concurrent_event_loops_have_their_own_connections(self, complaints: Callable[[], list[str]]) -> None:
        with Server.by(lambda received: after(0.002, echo(received))) as server:
            client = AsyncKnock(base_url=server.url, **NAMED)

            async def main(name: str) -> None:
                for n in range(50):
                    assert (await client.users.get(f"{name}{n}")).id == f"{name}{n}"

            with ThreadPoolExecutor(3) as threads:
                for each in [threads.submit(asyncio.run, main(name)) for name in "abc"]:
                    each.result()
            used = {(received.path[10], received.connection) for received in server.requests}
            assert len(used) == server.accepted == 3
            server.wait_for(lambda server: server.open == 0)
            assert complaints() == []

    @pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")  # asyncio's own, for a loop closed early
    def test_connections_of_a_closed_event_loop_are_closed_later(self, complaints: Callable[[], list[str]]) -> None:
        """Without `shutdown_asyncgens` the client is not notified; its next call closes the connections."""
        with Server.by(echo) as server:
            client = AsyncKnock(base_url=server.url, **NAMED)
            loop = asyncio.new_event_loop()
            assert loop.run_until_complete(client.users.get("u1")).id == "u1"
            loop.close()
            assert server.open == 1

            async def main() -> None:
                assert (await client.users.get("u2")).id == "u2"
                server.wait_for(lambda server: server.open == 1)

            asyncio_run(main)
            server.wait_for(lambda server: server.open == 0)
            assert complaints() == []

    def test_connections_are_closed_when_close_returns(self, complaints: Callable[[], list[str]]) -> None:
        """The event loop may not run again."""
        with Server.by(echo) as server:
            client = AsyncKnock(base_url=server.url, **NAMED)
            loop = asyncio.new_event_loop()
            loop.run_until_complete(client.users.get("u1"))
            loop.run_until_complete(client.close())
            loop.close()
            server.wait_for(lambda server: server.open == 0)
            assert complaints() == []

    @pytest.mark.parametrize("by", ["its own thread", "another thread", "the collector"])
    def test_a_client_that_is_collected_closes_its_connections(
        self, complaints: Callable[[], list[str]], by: str
    ) -> None:
        with Server.by(echo) as server:

            async def main() -> None:
                client = AsyncKnock(base_url=server.url, **NAMED)
                assert (await client.users.get("u1")).id == "u1"
                held = [client]
                del client
                if by == "another thread":
                    await asyncio.to_thread(held.clear)
                elif by == "the collector":
                    held.append(held)
                    del held
                    await asyncio.to_thread(gc.collect)
                else:
                    held.clear()
                await asyncio.sleep(0.05)
                server.wait_for(lambda server: server.open == 0)

            asyncio_run(main)
            assert complaints() == []

    def test_a_client_that_is_collected_after_its_loop_closes_its_connections(
        self, complaints: Callable[[], list[str]]
    ) -> None:
        with Server.by(echo) as server:
            clients = [AsyncKnock(base_url=server.url, **NAMED)]
            asyncio_run(lambda: clients[0].users.get("u1"))
            clients.clear()
            server.wait_for(lambda server: server.open == 0)
            assert complaints() == []

    def test_close_in_another_event_loop_closes_every_connection(self, complaints: Callable[[], list[str]]) -> None:
        """Calls in progress there end with an error, and idle connections are closed."""
        with Server(hang) as server, ThreadPoolExecutor(1) as threads:
            client = AsyncKnock(base_url=server.url, **NAMED)

            async def main() -> None:
                with pytest.raises(APIConnectionError, match="the client was closed") as caught:
                    await client.users.get("u1")
                assert (caught.value.sent, caught.value.attempts) == (True, 1)

            in_progress = threads.submit(asyncio_run, main)
            server.wait_for(lambda server: len(server.requests) == 1)
            asyncio_run(client.close)
            in_progress.result(5)
            server.wait_for(lambda server: server.open == 0)
            assert complaints() == []

    def test_close_while_connecting_ends_the_call(
        self, complaints: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The connection is made after close, and no request is sent over it."""

        def resolve(*_: object, **__: object) -> list[object]:
            resolving.set()
            assert closed.wait(SECONDS)
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", server.port))]

        async def main() -> None:
            client = AsyncKnock(base_url="http://localhost", **NAMED)
            call = asyncio.create_task(client.users.get("u1"))
            assert await asyncio.to_thread(resolving.wait, SECONDS)
            await client.close()
            closed.set()
            with pytest.raises(APIConnectionError, match="the client was closed") as caught:
                await call
            assert not caught.value.sent

        resolving, closed = threading.Event(), threading.Event()
        with Server(respond(json=USER)) as server:
            monkeypatch.setattr(socket, "getaddrinfo", resolve)
            asyncio_run(main)
            server.wait_for(lambda server: (server.accepted, server.open) == (1, 0))
            assert server.requests == []
        assert complaints() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # the server is a thread
class TestFork:
    def test_a_child_opens_its_own_connections(self) -> None:
        with Server.by(echo) as server:
            client = AsyncKnock(base_url=server.url, **NAMED)

            async def get(name: str) -> bool:
                return all([(await client.users.get(f"{name}-{n}")).id == f"{name}-{n}" for n in range(100)])

            test_processes.TestFork()._check(server, lambda name: asyncio.run(get(name)))
            asyncio_run(client.close)

    def test_a_fork_in_an_event_loop_leaves_the_parents_connection_open(
        self, complaints: Callable[[], list[str]]
    ) -> None:
        """The child shares the selector with its parent, and must not remove the parent's sockets from it."""
        with Server.by(echo) as server:

            async def main() -> None:
                async with AsyncKnock(base_url=server.url, **NAMED) as client:
                    await client.users.get("parent")

                    async def in_the_child() -> bool:
                        for n in range(3):
                            assert (await client.users.get(f"child-{n}")).id == f"child-{n}"
                        await client.close()
                        return complaints() == []

                    child = fork(lambda: asyncio.run(in_the_child()))
                    assert await asyncio.to_thread(os.waitpid, child, 0) == (child, 0)
                    for _ in range(3):
                        assert (await client.users.get("parent")).response_info.attempts == 1
                    # The child has closed its copies: the server sees the end of the parent's connection.
                    await client.close()
                    await asyncio.to_thread(server.wait_for, lambda server: server.open == 0)

            asyncio_run(main)
            by = {
                received.connection: received.path.rpartition("/")[2].partition("-")[0] for received in server.requests
            }
            assert list(by.values()) == ["parent", "child"]
            assert complaints() == []
