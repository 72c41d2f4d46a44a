"""What a list method returns: here something to await or to iterate, on the other side the first page itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from typing_extensions import override

from .pages import AsyncFeedPage, AsyncItemWalk, AsyncPage, AsyncPageWalk, P_co, read_ahead

if TYPE_CHECKING:
    from collections.abc import Awaitable, Generator

    from .. import types as t
    from .._core.request import PageRequest
    from .transport import AsyncTransport

T = TypeVar("T")


class AsyncPaginator(Generic[T]):
    """A list before its first page: await it for the page, or iterate it for every item.

    ::

        page = await client.users.list(page_size=20)
        async for user in client.users.list():
            ...
    """

    __slots__ = ("_page", "_request", "_transport")

    def __init__(self, page: type[AsyncPage[T]], transport: AsyncTransport, request: PageRequest[T]) -> None:
        """Keep the request; nothing is sent yet."""
        self._page = page
        self._transport = transport
        self._request = request

    def __await__(self) -> Generator[Any, Any, AsyncPage[T]]:
        """Fetch the first page."""
        return self._page.fetch(self._transport, self._request).__await__()

    def __aiter__(self) -> AsyncItemWalk[T]:
        """Walk the items of every page."""
        return AsyncItemWalk(self.pages())

    def pages(self) -> AsyncPageWalk[AsyncPage[T]]:
        """Walk the pages."""
        return _WalkFromStart(self)

    async def take(self, count: int) -> list[T]:
        """Return the first items, this many at the most."""
        return await (await self).take(count)

    async def collect(self) -> list[T]:
        """Return the items of every page; mind the memory."""
        return await (await self).collect()

    def prefetch(self, pages: int = 1) -> AsyncItemWalk[T]:
        """Walk all items while the following pages, so many at the most, are fetched in the background."""
        return AsyncItemWalk(read_ahead(self.pages(), pages))


class AsyncFeedPaginator(AsyncPaginator["t.InAppFeedItem"]):
    """A user's feed before its first page; the page it gives has `meta` and `vars` besides."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, Any, AsyncFeedPage]:
        """Fetch the first page."""
        return AsyncFeedPage.fetch(self._transport, self._request).__await__()

    @override
    def pages(self) -> AsyncPageWalk[AsyncFeedPage]:
        """Walk the pages."""
        return _WalkFromStart(self)


class _WalkFromStart(AsyncPageWalk[P_co]):
    """A walk that fetches its first page too."""

    __slots__ = ("_start",)

    def __init__(self, start: Awaitable[P_co]) -> None:
        """Start before the first page; nothing is sent yet."""
        self._start: Awaitable[P_co] | None = start
        self._next = None
        self._seen = None

    @override
    async def __anext__(self) -> P_co:
        """Return the next page."""
        if self._start is not None:
            self._next = await self._start
            self._start = None
        return await super().__anext__()


def paginate(transport: AsyncTransport, request: PageRequest[T]) -> AsyncPaginator[T]:
    """Return a list to be awaited or iterated."""
    return AsyncPaginator(AsyncPage, transport, request)


def paginate_feed(transport: AsyncTransport, request: PageRequest[t.InAppFeedItem]) -> AsyncFeedPaginator:
    """Return a feed to be awaited or iterated."""
    return AsyncFeedPaginator(AsyncFeedPage, transport, request)
