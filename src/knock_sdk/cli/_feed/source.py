"""Where the view of a feed gets its items, and what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..._async.client import AsyncKnock
    from .model import Feed

PAGE = 50
"""Items that are fetched at once."""


class Source:
    """The feed of a user."""

    def __init__(self, client: AsyncKnock, user_id: str, channel_id: str, filters: dict[str, Any]) -> None:
        """Remember whose feed it is."""
        self._client = client
        self._user_id = user_id
        self._channel_id = channel_id
        self._filters = filters

    async def refresh(self, feed: Feed) -> None:
        """Load the newest items."""
        page = await self._client.users.feeds.list_items(
            self._user_id, self._channel_id, page_size=PAGE, **self._filters
        )
        feed.refresh(page.items, page.next_cursor)
        if page.meta is not None:
            feed.unread, feed.total = page.meta.unread_count, page.meta.total_count

    async def load_more(self, feed: Feed) -> None:
        """Load the items after those that are there."""
        if feed.more is None:
            return
        page = await self._client.users.feeds.list_items(
            self._user_id, self._channel_id, page_size=PAGE, after=feed.more, **self._filters
        )
        feed.append(page.items, page.next_cursor)

    async def toggle_read(self, feed: Feed) -> None:
        """Mark the selected item as read, or as unread."""
        if (item := feed.current) is None:
            return
        messages = self._client.messages
        change = messages.mark_as_read if item.read_at is None else messages.mark_as_unread
        feed.update(await change(item.id))
        feed.unread = max(0, feed.unread + (-1 if item.read_at is None else 1))

    async def archive(self, feed: Feed) -> str | None:
        """Archive the selected item; return its id."""
        if (item := feed.current) is None:
            return None
        await self._client.messages.archive(item.id)
        feed.remove(item.id)
        return item.id

    async def unarchive(self, feed: Feed, item_id: str) -> None:
        """Take an item back into the feed."""
        await self._client.messages.unarchive(item_id)
        await self.refresh(feed)
