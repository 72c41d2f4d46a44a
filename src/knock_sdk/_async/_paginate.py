"""What a list method returns: here something to await or to iterate, on the other side the first page itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .pages import AsyncFeedPage, AsyncPage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

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

    async def __aiter__(self) -> AsyncIterator[T]:
        """Walk the items of every page."""
        async for item in await self:
            yield item

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        """Walk the pages."""
        async for page in (await self).pages():
            yield page

    async def take(self, count: int) -> list[T]:
        """Return the first items, this many at the most."""
        return await (await self).take(count)

    async def collect(self) -> list[T]:
        """Return the items of every page; mind the memory."""
        return await (await self).collect()

    async def prefetch(self, pages: int = 1) -> AsyncIterator[T]:
        """Walk all items while the following pages, so many at the most, are fetched in the background."""
        async for item in (await self).prefetch(pages):
            yield item


class AsyncFeedPaginator(AsyncPaginator["t.InAppFeedItem"]):
    """A user's feed before its first page; the page it gives has `meta` and `vars` besides."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, Any, AsyncFeedPage]:
        """Fetch the first page."""
        return AsyncFeedPage.fetch(self._transport, self._request).__await__()


def paginate(transport: AsyncTransport, request: PageRequest[T]) -> AsyncPaginator[T]:
    """Return a list to be awaited or iterated."""
    return AsyncPaginator(AsyncPage, transport, request)


def paginate_feed(transport: AsyncTransport, request: PageRequest[t.InAppFeedItem]) -> AsyncFeedPaginator:
    """Return a feed to be awaited or iterated."""
    return AsyncFeedPaginator(AsyncFeedPage, transport, request)
