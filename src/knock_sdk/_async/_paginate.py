"""Results of list methods: objects to await or to iterate; the synchronous client returns the first page itself."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Awaitable, Generator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from typing_extensions import override

from .. import types as t
from .._core.requests.request import PageRequest
from .pages import AsyncFeedPage, AsyncItemIterator, AsyncPage, AsyncPageIterator, P_co, read_ahead
from .transport import AsyncTransport

T = TypeVar("T")


class AsyncPaginator(Generic[T]):
    """A list whose first page is not fetched yet: await it for that page, or iterate over it for all items.

    ```python
    from knock_sdk import AsyncKnock

    async with AsyncKnock() as client:
        page = await client.users.list(page_size=20)
        print(len(page.items))
        async for user in client.users.list():
            print(user.id)
    ```
    """

    __slots__ = ("_page", "_request", "_transport")

    def __init__(self, page: type[AsyncPage[T]], transport: AsyncTransport, request: PageRequest[T]) -> None:
        """Store the request; nothing is sent yet."""
        self._page = page
        self._transport = transport
        self._request = request

    if not TYPE_CHECKING:  # type checkers would otherwise accept any name

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError, with advice for names of pages."""
            from ..errors._hints import PAGINATOR, missing_attribute

            raise missing_attribute(self, name, PAGINATOR)

    def __await__(self) -> Generator[Any, Any, AsyncPage[T]]:
        """Fetch the first page."""
        return self._page.fetch(self._transport, self._request).__await__()

    def __aiter__(self) -> AsyncItemIterator[T]:
        """Iterate over the items of all pages."""
        return AsyncItemIterator(self.pages())

    def pages(self) -> AsyncPageIterator[AsyncPage[T]]:
        """Iterate over the pages."""
        return _IteratorFromStart(self)

    async def take(self, count: int) -> list[T]:
        """Return the first items, at most `count`."""
        return await (await self).take(count)

    async def collect(self) -> list[T]:
        """Return the items of all pages, which must fit in memory."""
        return await (await self).collect()

    def prefetch(self, pages: int = 1) -> AsyncItemIterator[T]:
        """Iterate over all items while at most `pages` further pages are fetched in the background."""
        return AsyncItemIterator(read_ahead(self.pages(), pages, self._transport))


class AsyncFeedPaginator(AsyncPaginator["t.InAppFeedItem"]):
    """A user's feed whose first page is not fetched yet; its pages have `meta` and `vars` too."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, Any, AsyncFeedPage]:
        """Fetch the first page."""
        return AsyncFeedPage.fetch(self._transport, self._request).__await__()

    @override
    def pages(self) -> AsyncPageIterator[AsyncFeedPage]:
        """Iterate over the pages."""
        return _IteratorFromStart(self)


class _IteratorFromStart(AsyncPageIterator[P_co]):
    """An iterator that fetches the first page too."""

    __slots__ = ("_start",)

    def __init__(self, start: Awaitable[P_co]) -> None:
        """Store what fetches the first page; nothing is sent yet."""
        super().__init__(None)
        self._start: Awaitable[P_co] | None = start

    @override
    async def advance(self) -> P_co:
        """Return the next page."""
        if self._start is not None:
            self._next = await self._start
            self._start = None
        return await super().advance()


def paginate(transport: AsyncTransport, request: PageRequest[T]) -> AsyncPaginator[T]:
    """Return a list to await or to iterate over."""
    return AsyncPaginator(AsyncPage, transport, request)


def paginate_feed(transport: AsyncTransport, request: PageRequest[t.InAppFeedItem]) -> AsyncFeedPaginator:
    """Return a feed to await or to iterate over."""
    return AsyncFeedPaginator(AsyncFeedPage, transport, request)
