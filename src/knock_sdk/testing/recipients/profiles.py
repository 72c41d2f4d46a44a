"""Users, objects and tenants: named, described in passing, stored and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from ..._core.type_guards import is_object
from ..http.errors import invalid_field, not_found
from ..state.clock import iso, parse_moment
from ..state.json_objects import merge, object_at
from ..state.records import TENANTS, Recipient, Reference
from . import channel_data, preferences

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.world import World

TRIGGER_DATA = "$trigger_data"
_KINDS = {None: "user", TENANTS: "tenant"}
_LARGEST_PROPERTIES = 256_000
# What the server itself says of a recipient, or keeps elsewhere, is no property of it.
_NOT_PROPERTIES = frozenset(
    {"__typename", "channel_data", "collection", "created_at", "id", "preferences", "updated_at", TRIGGER_DATA}
)


def reference_of(value: Any) -> Reference:
    """Return who a recipient in a request is: an id, an object's id and collection, or either with properties."""
    return Reference(value) if isinstance(value, str) else Reference(value["id"], value.get("collection"))


def is_inline(value: Any) -> bool:
    """Return whether a recipient in a request is identified inline, and so stored; `{"id": …}` identifies a user."""
    if not is_object(value):
        return False
    return "collection" not in value or not value.keys() <= {"id", "collection", TRIGGER_DATA}


def find(world: World, reference: Reference) -> Recipient | None:
    """Return a recipient that has been identified."""
    return world.recipients.get(reference)


def existing(world: World, reference: Reference) -> Recipient:
    """Return a recipient that has been identified.

    Raises:
        Problem: It has not been identified.
    """
    recipient = find(world, reference)
    if recipient is None:
        kind = _KINDS.get(reference.collection, f"object of the collection {reference.collection!r}")
        raise not_found(kind, reference.id)
    return recipient


def ensure(world: World, reference: Reference) -> Recipient:
    """Return a recipient, made without properties if it does not exist."""
    recipient = world.recipients.get(reference)
    if recipient is None:
        recipient = Recipient(reference, world.ids.serial(), {}, world.clock.now)
        world.recipients[reference] = recipient
        world.collections[reference.collection].add(recipient.serial, recipient)
    return recipient


def merge_properties(world: World, reference: Reference, sent: JSON, at: str) -> JSON:
    """Return the properties that a recipient would have, with all that was sent checked; nothing is stored.

    Raises:
        Problem: They would be too large, or the channel data or a tenant's preference set is malformed.
    """
    present = world.recipients.get(reference)
    before = present.properties if present else {}
    properties = merge(before, {key: value for key, value in sent.items() if key not in _NOT_PROPERTIES})
    if reference.collection == TENANTS:
        _store_tenant_default(properties, before, sent, _below(at, "settings.preference_set"))
    if len(to_json(properties)) > _LARGEST_PROPERTIES:
        problem = f"has properties of more than {_LARGEST_PROPERTIES:,} bytes"
        raise invalid_field(at or "body", "length", problem)
    _channel_data(world, sent, at)
    return properties


def identify(world: World, reference: Reference, sent: JSON, at: str) -> Recipient:
    """Create or update a recipient; properties are merged deeply, preferences too, channel data replaced.

    Args:
        world: the state.
        reference: who.
        sent: what was sent about it, in the shape of an inline recipient.
        at: the place of that in the request, such as `actor`, for errors; nothing if it is the whole body.

    Raises:
        Problem: As `merge_properties` does.
    """
    properties = merge_properties(world, reference, sent, at)
    recipient = ensure(world, reference)
    recipient.properties = properties
    recipient.updated_at = world.clock.now
    if "created_at" in sent:
        recipient.created_at = iso(parse_moment(sent["created_at"]))
    for set_id, preference_set in object_at(sent, "preferences").items():
        present = recipient.preferences.get(set_id, {})
        recipient.preferences[set_id] = preferences.apply(present, preference_set, "merge")
    recipient.channel_data.update(_channel_data(world, sent, at))
    return recipient


class InlineRecipient(NamedTuple):
    """A recipient that a request identifies inline, so that it is stored before the request is carried out."""

    at: str
    """Its place in the request, for errors."""
    reference: Reference
    sent: JSON


def inline_recipients(named: Iterable[tuple[str, Any]]) -> list[InlineRecipient]:
    """Return those recipients in a request that are identified inline, not only by id; each comes with its place."""
    return [InlineRecipient(at, reference_of(value), value) for at, value in named if is_inline(value)]


def identify_all(world: World, recipients: Iterable[InlineRecipient]) -> None:
    """Create or update recipients: all of them, or none if one of them is invalid.

    Raises:
        Problem: As `merge_properties` does.
    """
    listed = list(recipients)
    for each in listed:
        merge_properties(world, each.reference, each.sent, each.at)
    for each in listed:
        identify(world, each.reference, each.sent, each.at)


def remove(world: World, reference: Reference) -> None:
    """Delete a recipient with its preferences and channel data; `cascades.delete` takes what hangs on it along."""
    recipient = world.recipients.pop(reference, None)
    if recipient is not None:
        world.collections[reference.collection].remove(recipient.serial)


def context_of(recipient: Recipient | None) -> JSON:
    """Return a recipient as conditions see it: the properties and what identifies it."""
    if recipient is None:
        return {}
    identity = {"id": recipient.reference.id}
    if recipient.reference.collection is not None:
        identity["collection"] = recipient.reference.collection
    return {**recipient.properties, "created_at": recipient.created_at, **identity}


def render(recipient: Recipient, *, with_preferences: bool = False) -> JSON:
    """Return a recipient as the API shows it: a user's properties at the top, an object's apart.

    Preference sets stand among the properties; that they do for objects too is a guess.
    """
    reference, properties = recipient.reference, recipient.properties
    times = {"created_at": recipient.created_at, "updated_at": iso(recipient.updated_at)}
    if with_preferences:
        sets = {set_id: preferences.render(set_id, stored) for set_id, stored in recipient.preferences.items()}
        properties = {**properties, "preferences": sets}
    if reference.collection is None:
        return {**properties, "__typename": "User", "id": reference.id, **times}
    return {
        "__typename": "Object",
        "id": reference.id,
        "collection": reference.collection,
        "properties": properties,
        **times,
    }


def render_or_placeholder(world: World, reference: Reference, since: datetime) -> JSON:
    """Return a recipient as the API shows it; of one that does not exist, its identity and the time it was named."""
    return render(find(world, reference) or Recipient(reference, 0, {}, since))


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _channel_data(world: World, sent: JSON, at: str) -> dict[str, JSON]:
    return channel_data.normalize_all(world, object_at(sent, "channel_data"), _below(at, "channel_data"))


def _store_tenant_default(properties: JSON, before: JSON, sent: JSON, at: str) -> None:
    """Store the preference set in a tenant's settings by the rules of preference sets: merged, replaced or cleared."""
    settings = object_at(sent, "settings")
    if "preference_set" in settings:
        now = settings["preference_set"]
        if now is not None:
            # An object in `$tenants` can be set as any other object can, whose properties nobody has checked yet.
            preferences.check(now, at)
        present = object_at(object_at(before, "settings"), "preference_set")
        properties["settings"]["preference_set"] = None if now is None else preferences.apply(present, now, "merge")
