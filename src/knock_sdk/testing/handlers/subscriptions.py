"""Subscriptions: adding and deleting them, and listing those of an object or a subscriber."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.calls import Reply
from ..http.paging import page
from ..recipients import profiles, subscriptions
from ..recipients.subscriptions import Subscriptions
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..http.calls import Call
    from ..recipients.subscriptions import Subscription
    from ..state.json_objects import JSON
    from ..state.records import Reference
    from ..state.rows import OrderedRows


def add(call: Call) -> Reply:
    """Subscribe recipients to an object; recipients with properties are stored first."""
    body = call.body
    made = subscriptions.subscribe_all(
        call.world, lookup.reference_in_path(call), body["recipients"], body.get("properties")
    )
    return Reply([subscriptions.render(call.world, each) for each in made])


def delete(call: Call) -> Reply:
    """Unsubscribe recipients from an object and return the subscriptions that ended."""
    ended = subscriptions.unsubscribe_all(call.world, lookup.reference_in_path(call), call.body["recipients"])
    return Reply([subscriptions.render(call.world, each) for each in ended])


def list_for_object(call: Call) -> Reply:
    """Return a page of the subscriptions to an object or, in mode `recipient`, of those that it has, newest first."""
    reference = profiles.existing(call.world, lookup.reference_in_path(call)).reference
    all_subscriptions = call.world.of(Subscriptions)
    if call.query.text("mode", ("object", "recipient")) == "recipient":
        return _page(call, all_subscriptions.by(reference), _objects_filter(call.query.references("objects")))
    return _page(call, all_subscriptions.to(reference), _subscribers_filter(call.query.references("recipients")))


def list_for_user(call: Call) -> Reply:
    """Return a page of a user's subscriptions, newest first; empty for a user that does not exist."""
    found = call.world.of(Subscriptions).by(lookup.reference_in_path(call))
    return _page(call, found, _objects_filter(call.query.references("objects")))


def _objects_filter(objects: Sequence[Reference]) -> Callable[[Subscription], bool]:
    return lambda subscription: not objects or subscription.object in objects


def _subscribers_filter(subscribers: Sequence[Reference]) -> Callable[[Subscription], bool]:
    return lambda subscription: not subscribers or subscription.subscriber in subscribers


def _page(call: Call, found: OrderedRows[Subscription], where: Callable[[Subscription], bool]) -> Reply:
    with_preferences = lookup.includes_preferences(call)

    def render(subscription: Subscription) -> JSON:
        return subscriptions.render(call.world, subscription, with_preferences=with_preferences)

    return Reply(page(call, found, render, key="entries", where=where, newest_first=True))


HANDLERS = {
    "addSubscriptionsForObject": add,
    "deleteSubscriptionsForObject": delete,
    "listSubscriptionsForObject": list_for_object,
    "listSubscriptionsForUser": list_for_user,
}
