"""Messages as they are made: each once, in their order, although lists have the newest first."""

from __future__ import annotations

from datetime import timedelta
from time import sleep
from typing import TYPE_CHECKING

from ..errors import APIConnectionError, InternalServerError, RateLimitError
from ._console import print_note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Protocol

    from .._sync.pages import Page
    from ..types import Message

    class FetchMessages(Protocol):
        """Fetches a page of messages."""

        def __call__(self, *, before: str | None = None, page_size: int | None = None) -> Page[Message]: ...


_PAGE = 20
"""Messages that are fetched at once."""
_LOOKED_AT_AGAIN = 10
"""Messages before the newest one that each look includes: one may become visible after another that was made later."""
_REMEMBERED = 10_000
"""Ids beyond which only those are kept that the next look needs."""
_LONGEST_WAIT = 30.0
"""Seconds between two attempts while there is no response, at most."""


class NewMessages:
    """The messages of a list that were not returned before."""

    def __init__(self, fetch: FetchMessages, *, late: timedelta = timedelta()) -> None:
        """Remember which list it is.

        Args:
            fetch: fetches a page of the list, newest first.
            late: how long after it was made a message may become part of the list, as one whose status changes.
        """
        self._fetch = fetch
        self._late = late
        self._known: set[str] = set()
        self._cursor: str | None = None
        """Where the next look begins: all messages before it are known. None looks at the whole list."""

    def begin(self, count: int) -> list[Message]:
        """Return the newest messages, oldest of them first; whatever is made later is new."""
        pages: list[Page[Message]] = []
        for page in self._fetch(page_size=min(max(count, _PAGE), 50)).pages():
            pages.insert(0, page)
            self._move_on(pages)
            if self._cursor is not None and sum(len(each.items) for each in pages) >= count:
                break
        found = [message for page in pages for message in reversed(page.items)]
        self._known = {message.id for message in found}
        return found[-count:]

    def look(self) -> Iterator[Message]:
        """Yield the messages that are new, oldest first."""
        if self._cursor is None:
            pages: Iterable[Page[Message]] = reversed(list(self._fetch(page_size=_PAGE).pages()))
        else:
            pages = self._fetch(before=self._cursor, page_size=_PAGE).pages()
        seen: list[Page[Message]] = []
        for page in pages:
            for message in reversed(page.items):
                if message.id not in self._known:
                    self._known.add(message.id)
                    yield message
            seen.append(page)
        self._move_on(seen)
        if len(self._known) > _REMEMBERED:
            self._known = {message.id for page in seen for message in page.items}

    def _move_on(self, pages: list[Page[Message]]) -> None:
        """Let the next look begin at the latest page after which nothing can appear any more.

        Args:
            pages: all pages after the cursor, oldest first.
        """
        newest = next((page.items[0].inserted_at for page in reversed(pages) if page.items), None)
        following = 0
        for page in reversed(pages):
            following += len(page.items)
            if newest is None or not page.items or page.page_info is None or page.page_info.after is None:
                continue
            if following > _LOOKED_AT_AGAIN and newest - page.items[-1].inserted_at >= self._late:
                self._cursor = page.page_info.after
                break


def follow(look: Callable[[], bool], interval: float) -> None:
    """Look again and again until a look returns false, also after the connection was lost.

    Args:
        look: shows what is new; what it has shown must not be shown again, also if it fails in between.
        interval: seconds between two looks.
    """
    failures = 0
    wait = 0.0
    while True:
        sleep(wait)
        try:
            if not look():
                return
        except (APIConnectionError, InternalServerError, RateLimitError) as error:
            if not failures:
                print_note(f"{error}. Trying again.")
            failures += 1
            wait = max(min(interval * 2.0**failures, _LONGEST_WAIT), getattr(error, "retry_after", None) or 0.0)
            continue
        if failures:
            print_note("The connection is back.")
        failures, wait = 0, interval
