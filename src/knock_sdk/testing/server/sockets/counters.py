"""The counts of a feed under one filter, kept up to date message by message: a feed may have thousands of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...messaging.message_filters import MessageTest
    from ...state.json_objects import JSON
    from ...state.records import Message


class Counter:
    """Counts the messages of a feed that pass a test: in total, unread and unseen."""

    def __init__(self, test: MessageTest, messages: Iterable[Message]) -> None:
        """Count the messages that the feed has."""
        self._test = test
        self._counted: dict[str, tuple[bool, bool]] = {}
        """By id, whether each message is unread and unseen."""
        self._unread = self._unseen = 0
        for message in messages:
            self.update(message)

    def update(self, message: Message) -> bool:
        """Count a message anew that was made or has changed; return whether it passes the test."""
        self.remove(message.id)
        passes = self._test(message)
        if passes:
            unread, unseen = "read" not in message.engagement, "seen" not in message.engagement
            self._counted[message.id] = (unread, unseen)
            self._unread += unread
            self._unseen += unseen
        return passes

    def remove(self, message_id: str) -> None:
        """Stop counting a message, if it was counted."""
        unread, unseen = self._counted.pop(message_id, (False, False))
        self._unread -= unread
        self._unseen -= unseen

    def counts(self) -> JSON:
        """Return the counts at this moment, as the API shows them."""
        return {"total_count": len(self._counted), "unread_count": self._unread, "unseen_count": self._unseen}
