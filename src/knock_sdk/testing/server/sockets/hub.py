"""A hub: the joins of one environment, and what reaches them when its state changes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from ...handlers.lookup import check_type
from ...http.errors import Problem
from ...state.channels import FEED, GUIDE
from ..state_access import locked, watch
from .feed_parameters import read_clients
from .feed_room import FeedJoin, FeedRoom
from .guide_room import GuideJoin, read_viewer
from .permissions import allow_feed, allow_guides

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...base import BaseSimulator
    from ...state.changes import Change
    from ...state.records import Channel
    from ...state.world import World
    from .feed_room import NewMessage
    from .frames import Frame
    from .joins import Join, Receiver

RESTARTED = 1012
"""The close code with which clients connect again, and join anew."""


class Hub:
    """The joins of one environment.

    Joins begin and end in the thread of the server's event loop, while the state is locked. Changes of the state are
    heard in any thread, while it is locked: there, messages are counted, so that counts are those of the moment. What
    joins are told is sent in the event loop.
    """

    def __init__(self, simulator: BaseSimulator) -> None:
        """Begin without joins."""
        self._simulator = simulator
        self._loop = asyncio.get_running_loop()
        self._rooms: dict[tuple[str, str], FeedRoom] = {}
        """By id of the channel, and of the user."""
        self._guide_joins: list[GuideJoin] = []
        self._stop: Callable[[], None] | None = None
        self.is_over: bool = False
        """Whether another state has taken the place of the one that was counted."""

    def join_feed(self, receiver: Receiver, frame: Frame, token: str | None) -> FeedJoin:
        """Join a topic `feeds:<channel>:<user>`.

        Raises:
            Problem: The channel does not exist, the parameters are malformed, or the token does not permit it.
        """
        _, channel_id, user_id = frame.topic.split(":", 2)
        with locked(self._simulator) as world:
            clients = read_clients(frame.payload)
            allow_feed(world, token, user_id, [each.filter.tenant for each in clients.values()])
            channel = _channel(world, channel_id, FEED)
            room = self._rooms.get((channel.id, user_id)) or FeedRoom(channel, user_id)
            joined = room.join(world, receiver, frame, clients)
            self._rooms[channel.id, user_id] = room
            self._watch()
            return joined

    def join_guides(self, receiver: Receiver, frame: Frame, token: str | None) -> GuideJoin:
        """Join a topic `guides:<channel>`.

        Raises:
            Problem: As `join_feed` does.
        """
        with locked(self._simulator) as world:
            viewer = read_viewer(frame.payload)
            allow_guides(world, token, viewer.user_id)
            channel = _channel(world, frame.topic.partition(":")[2], GUIDE)
            joined = GuideJoin(receiver, frame, world, channel, viewer)
            self._guide_joins.append(joined)
            self._watch()
            return joined

    def leave(self, join: Join) -> None:
        """End a join."""
        join.active = False
        with locked(self._simulator):
            if isinstance(join, FeedJoin):
                join.room.leave(join)
                self._rooms = {key: room for key, room in self._rooms.items() if room.joins}
            elif isinstance(join, GuideJoin):
                self._guide_joins.remove(join)
            if self.is_empty and self._stop is not None:
                self._stop()
                self._stop = None

    @property
    def is_empty(self) -> bool:
        """Whether there are no joins."""
        return not self._rooms and not self._guide_joins

    def _watch(self) -> None:
        if self._stop is None:
            self._stop = watch(self._simulator, self._hear)

    def _hear(self, changes: Sequence[Change]) -> None:
        """Count what has changed, while the state is locked, and have joins told of it."""
        news: list[NewMessage] = []
        guides: list[str] = []
        hears_of_guides = False
        with locked(self._simulator) as world:
            for change in changes:
                if change.kind == "state":
                    self.is_over = True
                    self._call(self._end_all)
                if self.is_over:
                    return
                if change.kind == "message" and self._rooms:
                    self._count(world, change, news)
                elif change.kind in {"guide", "guide_group"}:
                    hears_of_guides = True
                    guides += [change.subject] if change.kind == "guide" else []
        if news:
            self._call(_push_all, news)
        if hears_of_guides and self._guide_joins:
            self._call(self._refresh_guides, list(dict.fromkeys(guides)))

    def _count(self, world: World, change: Change, news: list[NewMessage]) -> None:
        message = world.messages.get(change.subject)
        if message is None or change.detail == "transferred":
            for each in self._rooms.values():
                each.remove(change.subject)
        if message is None or message.recipient.collection is not None:
            return
        room = self._rooms.get((message.channel.id, message.recipient.id))
        if room is None:
            return
        if change.detail == "delivered":
            news.extend(room.announce(message))
        else:
            room.update(message)

    def _refresh_guides(self, keys: Sequence[str]) -> None:
        with locked(self._simulator) as world:
            if not self.is_over:
                for join in self._guide_joins:
                    join.refresh(world, keys)

    def _end_all(self) -> None:
        joins: list[Join] = [join for room in self._rooms.values() for join in room.joins]
        for join in [*joins, *self._guide_joins]:
            join.active = False
            join.receiver.end(RESTARTED)

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        with suppress(RuntimeError):  # the server has ended, and its event loop is closed
            self._loop.call_soon_threadsafe(function, *arguments)


class Hubs:
    """The hubs of environments that have joins."""

    def __init__(self) -> None:
        """Begin without hubs."""
        self._hubs: dict[BaseSimulator, Hub] = {}

    def of(self, simulator: BaseSimulator) -> Hub:
        """Return the hub of an environment, for another join."""
        found = self._hubs.get(simulator)
        if found is None or found.is_over:
            found = self._hubs[simulator] = Hub(simulator)
        return found

    def drop_empty(self) -> None:
        """Forget hubs that have no joins."""
        self._hubs = {simulator: hub for simulator, hub in self._hubs.items() if not hub.is_empty}


def _push_all(news: Sequence[NewMessage]) -> None:
    for each in news:
        each.push()


def _channel(world: World, channel_id: str, channel_type: str) -> Channel:
    channel = world.channels.by_id(channel_id)
    if channel is None:
        try:
            channel = world.channels.get(channel_id)  # by its key, which Knock's clients do not send
        except ValueError:
            raise Problem("resource_missing", f"The channel {channel_id[:100]!r} does not exist.") from None
    return check_type(channel, channel_type)
