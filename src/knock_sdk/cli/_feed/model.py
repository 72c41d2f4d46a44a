"""What the view of a feed shows: the items that are loaded, and which one is selected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...types import InAppFeedItem, Message

_MARKS = ("read_at", "seen_at", "archived_at", "interacted_at")


@dataclass
class Feed:
    """The items of a feed that are loaded, newest first."""

    items: list[InAppFeedItem] = field(default_factory=list["InAppFeedItem"])
    selected: int = 0
    more: str | None = None
    """Cursor of the items after those that are loaded; None if there are none."""
    unread: int = 0
    total: int = 0

    @property
    def current(self) -> InAppFeedItem | None:
        """The selected item; None of an empty feed."""
        return self.items[self.selected] if self.items else None

    def move(self, by: int) -> None:
        """Select an item further down, or further up."""
        self.selected = max(0, min(self.selected + by, len(self.items) - 1))

    def refresh(self, newest: Sequence[InAppFeedItem], more: str | None) -> None:
        """Take over the first page of the feed as it is now; what was loaded behind it stays."""
        current = self.current
        fresh = {item.id for item in newest}
        oldest = newest[-1].id if newest else None
        # Items that were between those of the page are not in the feed any more.
        place = next((index for index, item in enumerate(self.items) if item.id == oldest), None)
        behind = [] if more is None or place is None else self.items[place + 1 :]
        kept = [item for item in behind if item.id not in fresh]
        self.items = [*newest, *kept]
        if not kept:
            self.more = more
        self._select(current)

    def append(self, older: Sequence[InAppFeedItem], more: str | None) -> None:
        """Add the items of the next page."""
        known = {item.id for item in self.items}
        self.items += [item for item in older if item.id not in known]
        self.more = more

    def update(self, message: Message) -> None:
        """Take over the marks of a message."""
        marks = {name: getattr(message, name) for name in _MARKS}
        self.items = [item.model_copy(update=marks) if item.id == message.id else item for item in self.items]

    def remove(self, item_id: str) -> None:
        """Remove an item; the next one is selected."""
        current = self.current
        self.items = [item for item in self.items if item.id != item_id]
        self._select(current)

    def _select(self, wanted: InAppFeedItem | None) -> None:
        place = next(
            (index for index, item in enumerate(self.items) if wanted is not None and item.id == wanted.id), None
        )
        if place is not None:
            self.selected = place
        self.move(0)
