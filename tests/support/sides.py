"""The synchronous and the asynchronous client of a library, behind one interface."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .subjects import Subject


class Side(Protocol):
    """A client of a library."""

    def run(self, call: Callable[[Any], Any]) -> Any:
        """Make a call with the client; return its result, or the exception that it raised."""
        ...

    def iterate(self, call: Callable[[Any], Any], limit: int) -> Any:
        """Do the same with a list method; return its items, up to a limit."""
        ...


class Sync:
    """The synchronous client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, call: Callable[[Any], Any]) -> Any:
        try:
            return call(self._client)
        except Exception as error:  # noqa: BLE001 (the row checks it)
            return error

    def iterate(self, call: Callable[[Any], Any], limit: int) -> Any:
        return self.run(lambda client: [item for item, _ in zip(call(client), range(limit), strict=False)])


class Async:
    """The asynchronous client, in its own event loop."""

    def __init__(self, client: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def run(self, call: Callable[[Any], Any]) -> Any:
        return self._loop.run_until_complete(self._run(call))

    def iterate(self, call: Callable[[Any], Any], limit: int) -> Any:
        async def items(client: Any) -> list[Any]:
            collected: list[Any] = []
            async for item in call(client):
                collected.append(item)
                if len(collected) == limit:
                    break
            return collected

        return self.run(items)

    async def _run(self, call: Callable[[Any], Any]) -> Any:
        try:
            result = call(self._client)
            return await result if inspect.isawaitable(result) else result
        except Exception as error:  # noqa: BLE001 (the row checks it)
            return error


@contextmanager
def both(subject: Subject, url: str, **settings: Any) -> Iterator[tuple[Side, Side]]:
    """Make a synchronous and an asynchronous client; close them at the end of the block."""
    client, async_client = subject.client(url, **settings), subject.async_client(url, **settings)
    loop = asyncio.new_event_loop()
    try:
        yield Sync(client), Async(async_client, loop)
    finally:
        client.close()
        loop.run_until_complete(async_client.close())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
