"""Users, objects and tenants: references to them, inline identification, storing and rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from ..._core.type_guards import is_object
from ..http.errors import invalid_field, not_found
from ..state.clock import iso, parse_moment
from ..state.json_objects import merge, object_at
from ..state.records import TENANTS, Recipient, Reference
from ..state.signals import Signal
from . import audiences, channel_data, preferences

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.world import World

TRIGGER_DATA = "$trigger_data"
_KINDS = {None: "user", TENANTS: "tenant"}
_LARGEST_PROPERTIES = 256_000
# Fields of a recipient that the server sets, or stores apart from the properties.
_NOT_PROPERTIES = frozenset(
    {"__typename", "channel_data", "collection", "created_at", "id", "preferences", "updated_at", TRIGGER_DATA}
)


def reference_of(value: Any) -> Reference:
    """Return the reference to a recipient, given as an id, an object's id and collection, or either with properties."""
    return Reference(value) if isinstance(value, str) else Reference(value["id"], value.get("collection"))


def is_inline(value: Any) -> bool:
    """Return whether a recipient in a request is identified inline, and so stored; `{"id": …}` identifies a user."""
    if not is_object(value):
        return False
    return "collection" not in value or not value.keys() <= {"id", "collection", TRIGGER_DATA}


def find(world: World, reference: Reference) -> Recipient | None:
    """Return a recipient, or None if it has not been identified."""
    return world.recipients.get(reference)


def existing(world: World, reference: Reference) -> Recipient:
    """Return a recipient.

    Raises:
        Problem: It has not been identified.
    """
    recipient = find(world, reference)
    if recipient is None:
        kind = _KINDS.get(reference.collection, f"object of the collection {reference.collection!r}")
        raise not_found(kind, reference.id)
    return recipient


def ensure(world: World, reference: Reference) -> Recipient:
    """Return a recipient, creating it without properties if it does not exist."""
    recipient = world.recipients.get(reference)
    if recipient is None:
        recipient = Recipient(reference, world.ids.serial(), {}, world.clock.now)
        world.recipients[reference] = recipient
        world.collections[reference.collection].add(recipient.serial, recipient)
    return recipient


def merge_properties(world: World, reference: Reference, sent: JSON, at: str) -> JSON:
    """Check the fields sent for a recipient, and return its merged properties; nothing is stored.

    Raises:
        Problem: The properties would be too large, or the channel data, a tenant's preference set or the time of
            creation is malformed.
    """
    present = world.recipients.get(reference)
    before = present.properties if present else {}
    properties = merge(before, {key: value for key, value in sent.items() if key not in _NOT_PROPERTIES})
    if reference.collection == TENANTS:
        _set_tenant_default(properties, before, sent, _join_path(at, "settings.preference_set"))
    if len(to_json(properties)) > _LARGEST_PROPERTIES:
        problem = f"has properties of more than {_LARGEST_PROPERTIES:,} bytes"
        raise invalid_field(at or "body", "length", problem)
    _channel_data(world, sent, at)
    created_at = sent.get("created_at")
    if created_at is not None and parse_moment(created_at) is None:
        raise invalid_field(_join_path(at, "created_at"), "format", "must be a time such as 2026-01-05T09:00:00Z")
    return properties


def identify(world: World, reference: Reference, sent: JSON, at: str) -> Recipient:
    """Create or update a recipient: properties and preferences are merged deeply, channel data is replaced.

    Args:
        world: the state.
        reference: the recipient.
        sent: its fields, as in an inline recipient.
        at: field path of the recipient in the request, such as `actor`, for errors; empty for the whole body.

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
    signal_update(world, recipient)
    return recipient


def set_preferences(world: World, recipient: Recipient, set_id: str, preference_set: JSON) -> None:
    """Store a preference set of a recipient, instead of the one that it had."""
    recipient.preferences[set_id] = preference_set
    signal_update(world, recipient)


def signal_update(world: World, recipient: Recipient) -> None:
    """Tell the runs that wait for it that a recipient has been updated, and find its dynamic audiences anew."""
    world.note("recipient", recipient.reference.id)
    if world.of(audiences.Audiences).dynamic:
        audiences.refresh(world, recipient.reference, context_of(recipient))
    if world.listening:
        now = world.clock.now
        event = {"event_type": "recipient", "event_key": "updated"}
        payload: JSON = {
            "recipient": recipient.reference.json(),
            "event_type": "recipient.updated",
            "timestamp": iso(now),
            "properties": recipient.properties,
            "preferences": recipient.preferences,
            "channel_data": recipient.channel_data,
        }
        world.signals.append(Signal(event, now, recipient.reference, payload))


class InlineRecipient(NamedTuple):
    """A recipient that a request identifies inline; it is stored before the request is carried out."""

    at: str
    """Field path of the recipient in the request, for errors."""
    reference: Reference
    sent: JSON


def select_inline(recipients: Iterable[tuple[str, Any]]) -> list[InlineRecipient]:
    """Return those recipients in a request, given with their field paths, that are identified inline."""
    return [InlineRecipient(at, reference_of(value), value) for at, value in recipients if is_inline(value)]


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
    """Delete a recipient with its preferences and channel data; `cascades.delete` deletes dependent records as well."""
    recipient = world.recipients.pop(reference, None)
    if recipient is not None:
        world.collections[reference.collection].remove(recipient.serial)
        world.note("recipient", reference.id)


def context_of(recipient: Recipient | None) -> JSON:
    """Return a recipient as conditions and templates see it: properties, identity and times."""
    if recipient is None:
        return {}
    reference = recipient.reference
    values = {
        **recipient.properties,
        "__typename": "User" if reference.collection is None else "Object",
        "created_at": recipient.created_at,
        "updated_at": iso(recipient.updated_at),
        "id": reference.id,
    }
    if reference.collection is not None:
        values["collection"] = reference.collection
    return values


def render(recipient: Recipient, *, with_preferences: bool = False) -> JSON:
    """Return a recipient as the API shows it: a user's properties at the top level, an object's under `properties`.

    Preference sets are shown among the properties; for objects this is a guess.
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


def render_or_placeholder(world: World, reference: Reference, named_at: datetime) -> JSON:
    """Return a recipient as the API shows it; one that does not exist has an identity and the time it was named."""
    return render(find(world, reference) or Recipient(reference, 0, {}, named_at))


def _join_path(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _channel_data(world: World, sent: JSON, at: str) -> dict[str, JSON]:
    return channel_data.normalize_all(world, object_at(sent, "channel_data"), _join_path(at, "channel_data"))


def _set_tenant_default(properties: JSON, before: JSON, sent: JSON, at: str) -> None:
    """Set the preference set in a tenant's properties by the rules of preference sets: merge, replace or clear."""
    settings = object_at(sent, "settings")
    if "preference_set" in settings:
        change = settings["preference_set"]
        if change is not None:
            # A tenant may come as an object of `$tenants`, whose properties the contract does not check.
            preferences.check(change, at)
        present = object_at(object_at(before, "settings"), "preference_set")
        merged = None if change is None else preferences.apply(present, change, "merge")
        properties["settings"]["preference_set"] = merged
