"""Pages: one is held, the following ones are fetched while walking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from typing_extensions import override

from .._core.cursor import check_new, following, items_of, next_cursor, previous_cursor
from ..errors import InvalidArgumentError, PaginationError
from ._concurrency import ReadAhead

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from typing_extensions import Self

    from .. import types as t
    from .._core.request import PageRequest
    from .._core.response_info import ResponseInfo
    from .transport import AsyncTransport

T = TypeVar("T")


class AsyncPage(Generic[T]):
    """One page of a list; iterating it walks this page and every following one.

    Attributes:
        response_info: what the answer carried besides.
    """

    __slots__ = ("_envelope", "_items", "_request", "_transport", "response_info")

    response_info: ResponseInfo

    def __init__(
        self, transport: AsyncTransport, request: PageRequest[T], envelope: Any, response_info: ResponseInfo
    ) -> None:
        """Hold a decoded page and what it takes to fetch the next."""
        self._transport = transport
        self._request = request
        self._envelope = envelope
        self._items: Sequence[T] = items_of(request.operation, envelope)
        self.response_info = response_info

    @classmethod
    async def fetch(cls, transport: AsyncTransport, request: PageRequest[T]) -> Self:
        """Fetch the page that a request asks for."""
        envelope, info = await transport.send_with_info(request)
        return cls(transport, request, envelope, info)

    @property
    def items(self) -> Sequence[T]:
        """The items of this page, whatever the API calls their list."""
        return self._items

    @property
    def entries(self) -> Sequence[T]:
        """The items, under the name that the API uses for most lists."""
        return self._items

    @property
    def page_info(self) -> t.PageInfo | None:
        """The API's own page information: cursors and page size; None for the providers' lists."""
        info: t.PageInfo | None = getattr(self._envelope, "page_info", None)
        return info

    @property
    def next_cursor(self) -> str | None:
        """Cursor of the following page, None on the last one: pass it as `after` (or `before`) to resume later."""
        return next_cursor(self._request.operation, self._request.query or {}, self._envelope)

    @property
    def previous_cursor(self) -> str | None:
        """Cursor of the page that lies the other way, None if there is none."""
        return previous_cursor(self._request.operation, self._request.query or {}, self._envelope)

    def has_next_page(self) -> bool:
        """Return whether another page follows."""
        return self.next_cursor is not None

    async def get_next_page(self) -> Self:
        """Fetch the following page; with `before=`, that is the one further back.

        Raises:
            PaginationError: this is the last page, or the server repeats the cursor that led here.
        """
        cursor = self.next_cursor
        if cursor is None:
            raise PaginationError("this is the last page", None)
        query = self._request.query or {}
        change = following(self._request.operation, query, cursor)
        if all(query.get(name) == value for name, value in change.items()):
            raise PaginationError("the server repeats a cursor", cursor)
        return await self.fetch(self._transport, self._request.at(change))

    def pages(self) -> AsyncPageWalk[Self]:
        """Walk this page and every following one."""
        return AsyncPageWalk(self)

    def __aiter__(self) -> AsyncItemWalk[T]:
        """Walk the items of this page and of every following one; pages are fetched when they are reached."""
        return AsyncItemWalk(self.pages())

    async def take(self, count: int) -> list[T]:
        """Return the first items, this many at the most."""
        if count < 0:
            raise InvalidArgumentError("count", "must not be negative")
        taken: list[T] = []
        if count:
            async for item in self:
                taken.append(item)
                if len(taken) == count:
                    break
        return taken

    async def collect(self) -> list[T]:
        """Return the items of this page and of every following one; mind the memory."""
        return [item async for item in self]

    def prefetch(self, pages: int = 1) -> AsyncItemWalk[T]:
        """Walk all items while the following pages are fetched in the background.

        Args:
            pages: how many pages may be fetched ahead, 1 or more.
        """
        return AsyncItemWalk(read_ahead(self.pages(), pages))

    def __len__(self) -> int:
        """Return the number of items on this page."""
        return len(self.items)

    @override
    def __repr__(self) -> str:
        following = "another follows" if self.has_next_page() else "the last"
        return f"<{type(self).__name__} of {len(self.items)} items, {following}>"


class AsyncFeedPage(AsyncPage["t.InAppFeedItem"]):
    """One page of a user's in-app feed."""

    __slots__ = ()

    @property
    def meta(self) -> t.InAppFeedMeta | None:
        """Counts over the whole feed under the same filters: all, unseen and unread items."""
        meta: t.InAppFeedMeta | None = getattr(self._envelope, "meta", None)
        return meta

    @property
    def vars(self) -> dict[str, Any]:
        """Variables of the environment that the feed's templates use."""
        variables: dict[str, Any] = getattr(self._envelope, "vars", None) or {}
        return variables


P_co = TypeVar("P_co", bound=AsyncPage[Any], covariant=True)


class AsyncPageWalk(Generic[P_co]):
    """Walks pages. It is no generator, so that leaving a loop early leaves nothing to be cleaned up."""

    __slots__ = ("_next", "_seen")

    def __init__(self, first: P_co) -> None:
        """Start before the first page."""
        self._next: P_co | None = first
        self._seen: set[str] | None = None

    def __aiter__(self) -> Self:
        """Return the walk itself."""
        return self

    async def __anext__(self) -> P_co:
        """Return the next page, fetched if it is not the first."""
        page = self._next
        if page is None:
            raise StopAsyncIteration
        if self._seen is None:
            self._seen = set()
            return page
        cursor = page.next_cursor
        if cursor is None:
            self._next = None
            raise StopAsyncIteration
        check_new(self._seen, cursor)
        try:
            self._next = page = await page.get_next_page()
        except BaseException:
            self._seen.discard(cursor)  # the walk may be taken up again after a failure
            raise
        return page


class AsyncItemWalk(Generic[T]):
    """Walks the items of pages."""

    __slots__ = ("_items", "_pages")

    def __init__(self, pages: AsyncIterator[AsyncPage[T]]) -> None:
        """Start before the first item of the first page."""
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        """Return the walk itself."""
        return self

    async def __anext__(self) -> T:
        """Return the next item; empty pages are passed over."""
        while True:
            for item in self._items:
                return item
            page = await self._pages.__anext__()
            self._items = iter(page.items)


def read_ahead(pages: AsyncIterator[P_co], count: int) -> ReadAhead[P_co]:
    """Walk pages, so many of them fetched ahead in the background."""
    if count < 1:
        raise InvalidArgumentError("pages", "must be 1 or more")
    return ReadAhead(pages.__anext__, count)
