"""Subscriptions: the recipients that subscribe to an object, and those that a trigger reaches through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ..http.errors import FieldProblem, invalid_params
from ..state.clock import iso
from ..state.rows import OrderedRows
from . import profiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.records import Reference
    from ..state.world import World

DEPTH = 2
"""Levels of subscriptions that a trigger follows: from an object to its subscribers, and from those to theirs."""


@dataclass
class Subscription:
    """A recipient's subscription to an object."""

    serial: int
    object: Reference
    subscriber: Reference
    properties: JSON | None
    inserted_at: datetime
    updated_at: datetime


class Subscriptions:
    """All subscriptions, by object and by subscriber."""

    def __init__(self) -> None:
        """Start without subscriptions."""
        self._pairs: dict[tuple[Reference, Reference], Subscription] = {}
        self._to: dict[Reference, OrderedRows[Subscription]] = {}
        self._by: dict[Reference, OrderedRows[Subscription]] = {}

    def find(self, to: Reference, subscriber: Reference) -> Subscription | None:
        """Return the subscription of a recipient to an object, or None."""
        return self._pairs.get((to, subscriber))

    def to(self, target: Reference) -> OrderedRows[Subscription]:
        """Return the subscriptions to an object."""
        return self._to.get(target) or OrderedRows()

    def by(self, subscriber: Reference) -> OrderedRows[Subscription]:
        """Return the subscriptions of a recipient."""
        return self._by.get(subscriber) or OrderedRows()

    def add(self, subscription: Subscription) -> None:
        """Add a subscription; object and subscriber must not have one yet."""
        self._pairs[subscription.object, subscription.subscriber] = subscription
        self._to.setdefault(subscription.object, OrderedRows()).add(subscription.serial, subscription)
        self._by.setdefault(subscription.subscriber, OrderedRows()).add(subscription.serial, subscription)

    def remove(self, subscription: Subscription) -> None:
        """Remove a subscription."""
        del self._pairs[subscription.object, subscription.subscriber]
        for table, key in ((self._to, subscription.object), (self._by, subscription.subscriber)):
            table[key].remove(subscription.serial)
            if not table[key]:
                del table[key]


class Reached(NamedTuple):
    """A recipient that a trigger reaches through a subscription."""

    reference: Reference
    subscription: JSON
    """The subscription's properties, with the object under `object`, as templates and conditions see them."""


def subscribe_all(
    world: World, to: Reference, recipients: Sequence[Any], properties: JSON | None
) -> list[Subscription]:
    """Subscribe recipients, as a request gives them, to an object: all of them, or none if one is invalid.

    Raises:
        Problem: The object does not exist, or a recipient without properties does not.
    """
    profiles.existing(world, to)
    listed = [(f"recipients.{index}", value) for index, value in enumerate(recipients)]
    inline = profiles.select_inline(listed)
    identified = {each.reference for each in inline}
    references = [(at, profiles.reference_of(value)) for at, value in listed]
    problems = [
        # The API's response to this is not documented: a guess.
        FieldProblem(at, "existence", "has not been identified")
        for at, reference in references
        if reference not in identified and profiles.find(world, reference) is None
    ]
    if problems:
        raise invalid_params(problems)
    profiles.identify_all(world, inline)
    subscribers = dict.fromkeys(reference for _, reference in references)
    return [subscribe(world, to, subscriber, properties) for subscriber in subscribers]


def unsubscribe_all(world: World, to: Reference, recipients: Sequence[Any]) -> list[Subscription]:
    """Unsubscribe recipients from an object; return the subscriptions that ended."""
    subscribers = dict.fromkeys(map(profiles.reference_of, recipients))
    ended = (unsubscribe(world, to, subscriber) for subscriber in subscribers)
    return [each for each in ended if each is not None]


def subscribe(world: World, to: Reference, subscriber: Reference, properties: JSON | None) -> Subscription:
    """Subscribe a recipient to an object; an existing subscription takes over properties that are not None."""
    all_subscriptions, now = world.of(Subscriptions), world.clock.now
    present = all_subscriptions.find(to, subscriber)
    if present is None:
        present = Subscription(world.ids.serial(), to, subscriber, properties, now, now)
        all_subscriptions.add(present)
    else:
        # Whether the API replaces or merges them is not documented: a guess.
        present.properties = present.properties if properties is None else properties
        present.updated_at = now
    return present


def unsubscribe(world: World, to: Reference, subscriber: Reference) -> Subscription | None:
    """End a subscription and return it; None if there was none."""
    all_subscriptions = world.of(Subscriptions)
    present = all_subscriptions.find(to, subscriber)
    if present is not None:
        all_subscriptions.remove(present)
    return present


def reach(world: World, named: Iterable[Reference], actor: Reference | None) -> list[Reached]:
    """Return the recipients that a trigger reaches through subscriptions, up to `DEPTH` levels from those it names.

    Each is reached once, by the shortest path, and none of those that are named. The actor is left out and, unless it
    is named, its subscribers are not followed.
    """
    all_subscriptions = world.of(Subscriptions)
    seen = dict.fromkeys(named)
    level = [reference for reference in seen if reference.collection is not None]
    if actor is not None:
        seen[actor] = None
    found: list[Reached] = []
    for _ in range(DEPTH):
        following: list[Reference] = []
        for target in level:
            for _, subscription in all_subscriptions.to(target).iterate():
                subscriber = subscription.subscriber
                if subscriber not in seen:
                    seen[subscriber] = None
                    following.append(subscriber)
                    found.append(Reached(subscriber, context_of(world, subscription)))
        level = following
    return found


def context_of(world: World, subscription: Subscription) -> JSON:
    """Return the value of `recipient.subscription` in a run that a subscription led to."""
    return {
        **(subscription.properties or {}),
        "object": profiles.context_of(profiles.find(world, subscription.object)),
    }


def delete_for(world: World, reference: Reference) -> None:
    """End all subscriptions to and of a recipient that is being deleted."""
    all_subscriptions = world.of(Subscriptions)
    for rows in (all_subscriptions.to(reference), all_subscriptions.by(reference)):
        for subscription in [subscription for _, subscription in rows.iterate(backward=True)]:
            all_subscriptions.remove(subscription)


def render(world: World, subscription: Subscription, *, with_preferences: bool = False) -> JSON:
    """Return a subscription as the API shows it."""
    # Object and subscriber exist, since a subscription ends when either is deleted.
    subscriber = world.recipients[subscription.subscriber]
    return {
        "__typename": "Subscription",
        "inserted_at": iso(subscription.inserted_at),
        "object": profiles.render(world.recipients[subscription.object]),
        "properties": subscription.properties,
        "recipient": profiles.render(subscriber, with_preferences=with_preferences),
        "updated_at": iso(subscription.updated_at),
    }
