# Derived from src/knock_sdk/_async/pages.py by `python -m codegen`; do not edit.
"""Pages of lists, and iterators that fetch the next ones as they go."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

from typing_extensions import Self, override

from .. import types as t
from .._core.lifetime import Lifetimes
from .._core.requests.options import check_number
from .._core.requests.request import PageRequest
from .._core.responses.cursor import check_new, next_cursor, previous_cursor, query_at
from .._core.responses.page_contents import PageContents
from ..errors import PaginationError
from ._iteration import Mutex, ReadAhead
from .transport import Transport

T = TypeVar("T")


class Page(PageContents[T]):
    """One page of a list; iterating over it yields the items of this page and of all following ones.

    `page[0]` and slices are of this page's items; `len(page.items)` is their number.

    Attributes:
        response_info: information about the response that had this page.
    """

    __slots__ = ()

    @classmethod
    def fetch(cls, transport: Transport, request: PageRequest[T]) -> Self:
        """Fetch the page that a request describes."""
        envelope, info = transport.send_with_info(request)
        return cls(transport, request, envelope, info)

    @property
    def items(self) -> Sequence[T]:
        """The items of this page, whatever the API calls the field."""
        return self._items

    @property
    def entries(self) -> Sequence[T]:
        """The items of this page, under the name that the API uses for most lists."""
        return self._items

    @property
    def page_info(self) -> t.PageInfo | None:
        """The API's own page information: cursors and page size; None for the providers' lists."""
        info: t.PageInfo | None = getattr(self._envelope, "page_info", None)
        return info

    @property
    def next_cursor(self) -> str | None:
        """Cursor of the next page, None on the last one: pass it as `after` (or `before`) to resume later."""
        return next_cursor(self._request.operation, self._request.query or {}, self._envelope)

    @property
    def previous_cursor(self) -> str | None:
        """Cursor of the page in the other direction, None if there is none."""
        return previous_cursor(self._request.operation, self._request.query or {}, self._envelope)

    def has_next_page(self) -> bool:
        """Return whether there is a next page."""
        return self.next_cursor is not None

    def get_next_page(self) -> Self:
        """Fetch the next page; with `before=`, that is the one further back.

        Raises:
            PaginationError: this is the last page, the server repeats the cursor that led here, or this page was
                pickled, which leaves out the client.
        """
        cursor = self.next_cursor
        if cursor is None:
            raise PaginationError("this is the last page; check has_next_page() first, or iterate over the page", None)
        query = self._request.query or {}
        change = query_at(self._request.operation, query, cursor)
        if self._transport is None:
            problem = f"this page was pickled and has no client; call the list method with {min(change)}="
            raise PaginationError(f"{problem} and this page's next_cursor", cursor)
        if all(query.get(name) == value for name, value in change.items()):
            raise PaginationError("the server repeats a cursor (fetch the first page again)", cursor)
        return self.fetch(self._transport, self._request.at(change))

    def pages(self) -> PageIterator[Self]:
        """Iterate over this page and all following ones."""
        return PageIterator(self)

    def __iter__(self) -> ItemIterator[T]:
        """Iterate over the items of this page and of all following ones, each fetched when it is reached."""
        return ItemIterator(PageIterator(self, taken=True), self._items)

    def take(self, count: int) -> list[T]:
        """Return the first items from this page on, at most `count`."""
        check_number("count", count, least=0)
        taken: list[T] = []
        if count:
            for item in self:
                taken.append(item)
                if len(taken) == count:
                    break
        return taken

    def collect(self) -> list[T]:
        """Return the items of this page and of all following ones, which must fit in memory."""
        return list(self)

    def prefetch(self, pages: int = 1) -> ItemIterator[T]:
        """Iterate over all items while the next pages are fetched in the background.

        Args:
            pages: maximum number of pages to fetch ahead, 1 or more.
        """
        return ItemIterator(read_ahead(self.pages(), pages, self._transport))

    @override
    def __repr__(self) -> str:
        position = "more follow" if self.has_next_page() else "the last page"
        return f"<{type(self).__name__} of {len(self.items)} items, {position}>"


class FeedPage(Page["t.InAppFeedItem"]):
    """One page of a user's in-app feed."""

    __slots__ = ()

    @property
    def meta(self) -> t.InAppFeedMeta | None:
        """Counts of all, unseen and unread items in the whole feed, under the same filters."""
        meta: t.InAppFeedMeta | None = getattr(self._envelope, "meta", None)
        return meta

    @property
    def vars(self) -> dict[str, Any]:
        """Variables of the environment that the feed's templates use."""
        variables: dict[str, Any] = getattr(self._envelope, "vars", None) or {}
        return variables


P_co = TypeVar("P_co", bound=Page[Any], covariant=True)


class PageIterator(Generic[P_co]):
    """Iterates over pages. It is not a generator, so there is nothing to clean up if a loop is left early.

    Several consumers may share it: each page goes to one of them.
    """

    __slots__ = ("_next", "_seen", "mutex")

    def __init__(self, first: P_co | None, *, taken: bool = False) -> None:
        """Start with the first page, or with the one after it."""
        self._next = first
        self._seen: set[str] | None = set() if taken else None
        self.mutex: Mutex = Mutex()

    def __iter__(self) -> Self:
        """Return the iterator itself."""
        return self

    def __next__(self) -> P_co:
        """Return the next page; all but the first are fetched now."""
        with self.mutex.held():
            return self.advance()

    def advance(self) -> P_co:
        """Do the same for a consumer that has the mutex."""
        page = self._next
        if page is None:
            raise StopIteration
        if self._seen is None:
            self._seen = set()
            return page
        cursor = page.next_cursor
        if cursor is None:
            self._next = None
            raise StopIteration
        check_new(self._seen, cursor)
        # Changed only now, so that iteration can go on after a failure, and in a child that was forked meanwhile.
        self._next = page = page.get_next_page()
        self._seen.add(cursor)
        return page


class Pages(Protocol[T]):
    """Where an iterator over items gets its pages from."""

    @property
    def mutex(self) -> Mutex:
        """What a consumer must have to take a page."""
        ...

    def advance(self) -> Page[T]:
        """Return the next page."""
        ...


class ItemIterator(Generic[T]):
    """Iterates over the items of pages. Several consumers may share it: each item goes to one of them."""

    __slots__ = ("_items", "_pages")

    def __init__(self, pages: Pages[T], items: Sequence[T] = ()) -> None:
        """Start with these items, which those of the pages follow."""
        self._pages = pages
        self._items = iter(items)

    def __iter__(self) -> Self:
        """Return the iterator itself."""
        return self

    def __next__(self) -> T:
        """Return the next item; empty pages are skipped."""
        while True:
            for item in self._items:
                return item
            with self._pages.mutex.held():
                for item in self._items:  # of a page that another consumer has fetched meanwhile
                    return item
                page = self._pages.advance()
                self._items = iter(page.items)


def read_ahead(pages: Iterator[P_co], count: int, transport: Transport | None) -> ReadAhead[P_co]:
    """Iterate over pages, fetching at most `count` ahead in the background."""
    check_number("pages", count, least=1)
    return ReadAhead(pages.__next__, count, Lifetimes() if transport is None else transport.lifetimes)
