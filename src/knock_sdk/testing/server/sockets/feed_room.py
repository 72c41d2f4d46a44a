"""A room of a feed: the joins of one user's feed in one channel, and the counts that they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...messaging.feed_filters import feed_test
from ...state.records import Reference
from .counters import Counter
from .feed_parameters import EVERYTHING
from .joins import Join

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...state.json_objects import JSON
    from ...state.records import Channel, Message
    from ...state.world import World
    from .feed_parameters import Wanted
    from .frames import Frame
    from .joins import Receiver

NEW_MESSAGE = "new-message"


class FeedJoin(Join):
    """A join of a feed's topic, by some feed clients of one page."""

    def __init__(self, receiver: Receiver, request: Frame, room: FeedRoom, clients: Mapping[str, str]) -> None:
        """Begin; `clients` has the keys of their filters by reference id."""
        super().__init__(receiver, request)
        self.room: FeedRoom = room
        self.clients: Mapping[str, str] = clients


class NewMessage(NamedTuple):
    """What one join is told of a new message."""

    join: FeedJoin
    clients: Mapping[str, str]
    """The clients that it concerns, with the keys of their filters."""
    counts: Mapping[str, JSON]
    """The counts at the moment of the message, by the key of the filter."""

    def push(self) -> None:
        """Tell the join."""
        attn = list(self.clients)
        data = {each: {"metadata": self.counts[key]} for each, key in self.clients.items()}
        metadata = self.counts[EVERYTHING.key]
        self.join.push(NEW_MESSAGE, {"event": NEW_MESSAGE, "attn": attn, "metadata": metadata, "data": data})


class FeedRoom:
    """The joins of a feed. Filters that are equal are counted once. It is used while the state is locked."""

    def __init__(self, channel: Channel, user_id: str) -> None:
        """Begin without joins."""
        self.joins: list[FeedJoin] = []
        self._channel = channel
        self._user = Reference(user_id)
        self._counters: dict[str, Counter] = {}

    def join(self, world: World, receiver: Receiver, request: Frame, clients: Mapping[str, Wanted]) -> FeedJoin:
        """Add a join.

        Raises:
            Problem: A filter is malformed.
        """
        missing = {each.key: each for each in (EVERYTHING, *clients.values()) if each.key not in self._counters}
        tests = {key: feed_test(self._channel, each.filter) for key, each in missing.items()}
        messages: list[Message] = []
        if tests and self._user in world.messages_of:
            messages = [message for _, message in world.messages_of[self._user].iterate()]
        self._counters.update({key: Counter(test, messages) for key, test in tests.items()})
        joined = FeedJoin(receiver, request, self, {name: each.key for name, each in clients.items()})
        self.joins.append(joined)
        return joined

    def leave(self, join: FeedJoin) -> None:
        """Remove a join, and what is counted for it alone."""
        self.joins.remove(join)
        used = {EVERYTHING.key, *(key for each in self.joins for key in each.clients.values())}
        self._counters = {key: counter for key, counter in self._counters.items() if key in used}

    def update(self, message: Message) -> set[str]:
        """Count a message of the feed anew; return the keys of the filters that it passes."""
        return {key for key, counter in self._counters.items() if counter.update(message)}

    def remove(self, message_id: str) -> None:
        """Stop counting a message that has been deleted, or is another recipient's now."""
        for counter in self._counters.values():
            counter.remove(message_id)

    def announce(self, message: Message) -> Iterable[NewMessage]:
        """Count a message that has just been delivered, and return what the joins are told."""
        passed = self.update(message)
        counts = {key: counter.counts() for key, counter in self._counters.items()}
        for join in self.joins:
            concerned = {name: key for name, key in join.clients.items() if key in passed}
            # A join that names no feed clients has no filters.
            if concerned or (not join.clients and EVERYTHING.key in passed):
                yield NewMessage(join, concerned, counts)
