"""Users, objects and tenants: named, described in passing, stored and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from . import preferences
from .clock import iso
from .errors import refused_field
from .merging import merge
from .records import TENANTS, Recipient, Reference

if TYPE_CHECKING:
    from .records import JSON
    from .world import World

TRIGGER_DATA = "$trigger_data"
_LARGEST_PROPERTIES = 256_000
# What the server itself says of a recipient, or keeps elsewhere, is no property of it.
_NOT_PROPERTIES = frozenset(
    {"__typename", "channel_data", "collection", "created_at", "id", "preferences", "updated_at", TRIGGER_DATA}
)


def reference_of(value: Any) -> Reference:
    """Return who a recipient in a request is: an id, an object's id and collection, or either with properties."""
    return Reference(value) if isinstance(value, str) else Reference(value["id"], value.get("collection"))


def is_description(value: Any) -> bool:
    """Tell whether a recipient in a request is to be stored: a user given as an object, an object with properties."""
    return isinstance(value, dict) and not value.keys() <= {"id", "collection", TRIGGER_DATA} or (
        isinstance(value, dict) and "collection" not in value
    )


def find(world: World, reference: Reference) -> Recipient | None:
    """Return a recipient that has been identified."""
    return world.recipients.get(reference)


def ensure(world: World, reference: Reference) -> Recipient:
    """Return a recipient, made without properties if it does not exist."""
    recipient = world.recipients.get(reference)
    if recipient is None:
        recipient = Recipient(reference, world.ids.serial(), {}, world.clock.now)
        world.recipients[reference] = recipient
        world.collections[reference.collection].add(recipient.serial, recipient)
    return recipient


def identify(world: World, reference: Reference, sent: JSON, at: str = "") -> Recipient:
    """Create or update a recipient; properties are merged deeply, preferences too, channel data replaced.

    Raises:
        Problem: Its properties would be too large.
    """
    present = world.recipients.get(reference)
    properties = merge(present.properties if present else {}, _properties(reference, sent, present))
    if len(to_json(properties)) > _LARGEST_PROPERTIES:
        raise refused_field(at or reference.id, "length", f"has properties of more than {_LARGEST_PROPERTIES:,} bytes")
    recipient = ensure(world, reference)
    recipient.properties = properties
    recipient.updated_at = world.clock.now
    if "created_at" in sent:
        recipient.created_at = sent["created_at"]
    for set_id, preference_set in (sent.get("preferences") or {}).items():
        present_set = recipient.preferences.get(set_id, {})
        recipient.preferences[set_id] = preferences.stored(present_set, preference_set, "merge")
    recipient.channel_data.update(sent.get("channel_data") or {})
    return recipient


def forget(world: World, reference: Reference) -> None:
    """Delete a recipient with its preferences and channel data; messages that it got remain."""
    recipient = world.recipients.pop(reference, None)
    if recipient is not None:
        world.collections[reference.collection].remove(recipient.serial)


def scope_of(recipient: Recipient | None) -> JSON:
    """Return a recipient as conditions see it: the properties and what identifies it."""
    if recipient is None:
        return {}
    identity = {"id": recipient.reference.id}
    if recipient.reference.collection is not None:
        identity["collection"] = recipient.reference.collection
    return {**recipient.properties, "created_at": recipient.created_at, **identity}


def render(recipient: Recipient) -> JSON:
    """Return a recipient as the API shows it: a user's properties at the top, an object's apart."""
    reference = recipient.reference
    times = {"created_at": recipient.created_at, "updated_at": iso(recipient.updated_at)}
    if reference.collection is None:
        return {**recipient.properties, "__typename": "User", "id": reference.id, **times}
    return {
        "__typename": "Object",
        "id": reference.id,
        "collection": reference.collection,
        "properties": recipient.properties,
        **times,
    }


def _properties(reference: Reference, sent: JSON, present: Recipient | None) -> JSON:
    properties = {key: value for key, value in sent.items() if key not in _NOT_PROPERTIES}
    settings = properties.get("settings")
    if reference.collection == TENANTS and isinstance(settings, dict) and "preference_set" in settings:
        before = (present.properties.get("settings") or {}).get("preference_set") if present else None
        now = settings["preference_set"]
        joined = None if now is None else preferences.stored(before or {}, now, "merge")
        properties["settings"] = {**settings, "preference_set": joined}
    return properties
