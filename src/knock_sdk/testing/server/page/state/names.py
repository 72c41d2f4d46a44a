"""Names of recipients: for links, filters and titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....state.records import Reference

if TYPE_CHECKING:
    from ....state.world import World

_LONGEST = 160


def name_of(world: World, reference: Reference) -> str:
    """Return the name of a recipient; empty without one."""
    recipient = world.recipients.get(reference)
    name = None if recipient is None else recipient.properties.get("name")
    return name[:_LONGEST] if isinstance(name, str) else ""


def reference_in(shown: str | dict[str, str]) -> Reference:
    """Return the reference to a recipient that is written as the API does."""
    return Reference(shown) if isinstance(shown, str) else Reference(shown["id"], shown["collection"])


def is_named(reference: Reference, text: str) -> bool:
    """Return whether a filter means a recipient: by its id, or the collection and id of an object."""
    return text in (reference.id, "/".join(filter(None, reference[::-1])))
