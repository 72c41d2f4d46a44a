"""Subscriptions: added, deleted, and listed from either end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.calls import Reply
from ..http.errors import FieldProblem, missing, refused
from ..http.paging import page
from ..recipients import profiles, subscriptions
from ..recipients.subscriptions import Subscriptions
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..http.calls import Call
    from ..recipients.subscriptions import Subscription
    from ..state.json_objects import JSON
    from ..state.records import Reference
    from ..state.rows import Series
    from ..state.world import World


def add(call: Call) -> Reply:
    """Subscribe recipients to an object; those that are described are stored first."""
    body = call.body
    made = subscribe_all(call.world, lookup.in_path(call), body["recipients"], body.get("properties"))
    return Reply([subscriptions.render(call.world, each) for each in made])


def delete(call: Call) -> Reply:
    """Unsubscribe recipients from an object and return what they had; what is not subscribed is passed over."""
    ended = unsubscribe_all(call.world, lookup.in_path(call), call.body["recipients"])
    return Reply([subscriptions.render(call.world, each) for each in ended])


def list_for_object(call: Call) -> Reply:
    """Return a page of an object's subscribers or, in the mode `recipient`, of what it subscribes to; newest first."""
    reference = lookup.in_path(call)
    _check_object(call.world, reference)
    everything = call.world.of(Subscriptions)
    if call.query.text("mode", ("object", "recipient")) == "recipient":
        return _page(call, everything.by(reference), _to(call.query.references("objects")))
    return _page(call, everything.to(reference), _of(call.query.references("recipients")))


def list_for_user(call: Call) -> Reply:
    """Return a page of what a user subscribes to, newest first; empty for a user that does not exist."""
    found = call.world.of(Subscriptions).by(lookup.in_path(call))
    return _page(call, found, _to(call.query.references("objects")))


def subscribe_all(world: World, to: Reference, named: Sequence[Any], properties: JSON | None) -> list[Subscription]:
    """Subscribe recipients, as requests give them, to an object; all of them or, if one is refused, none.

    Raises:
        Problem: The object does not exist, or a recipient does not that is named and not described.
    """
    _check_object(world, to)
    placed = [(f"recipients.{index}", value) for index, value in enumerate(named)]
    descriptions = profiles.described(placed)
    coming = {each.reference for each in descriptions}
    wanted = [(at, profiles.reference_of(value)) for at, value in placed]
    problems = [
        # The API's answer to this is not documented: a guess.
        FieldProblem(at, "existence", "has not been identified")
        for at, reference in wanted
        if reference not in coming and profiles.find(world, reference) is None
    ]
    if problems:
        raise refused(problems)
    profiles.identify_all(world, descriptions)
    subscribers = dict.fromkeys(reference for _, reference in wanted)
    return [subscriptions.subscribe(world, to, subscriber, properties) for subscriber in subscribers]


def unsubscribe_all(world: World, to: Reference, named: Sequence[Any]) -> list[Subscription]:
    """Unsubscribe recipients from an object and return the subscriptions that there were."""
    subscribers = dict.fromkeys(map(profiles.reference_of, named))
    ended = (subscriptions.unsubscribe(world, to, subscriber) for subscriber in subscribers)
    return [each for each in ended if each is not None]


def _check_object(world: World, reference: Reference) -> None:
    if profiles.find(world, reference) is None:
        raise missing(f"object of the collection {reference.collection!r}", reference.id)


def _to(objects: Sequence[Reference]) -> Callable[[Subscription], bool]:
    return lambda subscription: not objects or subscription.object in objects


def _of(subscribers: Sequence[Reference]) -> Callable[[Subscription], bool]:
    return lambda subscription: not subscribers or subscription.subscriber in subscribers


def _page(call: Call, found: Series[Subscription], where: Callable[[Subscription], bool]) -> Reply:
    with_preferences = lookup.with_preferences(call)

    def render(subscription: Subscription) -> JSON:
        return subscriptions.render(call.world, subscription, with_preferences=with_preferences)

    return Reply(page(call, found, render, key="entries", where=where, newest_first=True))


HANDLERS = {
    "addSubscriptionsForObject": add,
    "deleteSubscriptionsForObject": delete,
    "listSubscriptionsForObject": list_for_object,
    "listSubscriptionsForUser": list_for_user,
}
