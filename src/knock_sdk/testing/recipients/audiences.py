"""Audiences: the membership of users, each for a tenant or for none.

The members of a static audience are added and removed one by one. Those of a dynamic one, which belong to no tenant,
are the users whose properties fit one of its segments; they are found anew whenever a user is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..expressions.conditions.conditions import AUDIENCES, holds
from ..expressions.liquid.variables import NOW
from ..http.errors import invalid_field, not_found
from ..state.clock import iso
from ..state.rows import OrderedRows
from ..state.signals import Signal

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.records import Reference
    from ..state.steps.condition_types import Alternatives
    from ..state.world import World


class Membership(NamedTuple):
    """A user's membership in an audience; a user may have several, for different tenants."""

    serial: int
    user: Reference
    tenant: str | None
    added_at: datetime


class Audience:
    """An audience and its members."""

    def __init__(self) -> None:
        """Start as a static audience without members."""
        self.members: OrderedRows[Membership] = OrderedRows()
        self.found: dict[tuple[Reference, str | None], Membership] = {}
        """Memberships by user and tenant."""
        self.workflows: tuple[str, ...] = ()
        """Keys of the workflows that a new member triggers."""
        self.segments: Alternatives = ()
        """The conditions of a dynamic audience, one alternative for each segment; none if it is static."""


class Audiences:
    """All audiences, by key and by member."""

    def __init__(self) -> None:
        """Start without audiences."""
        self.by_key: dict[str, Audience] = {}
        self.of_user: dict[Reference, dict[str | None, dict[str, None]]] = {}
        """Keys of the audiences that a user is in, by user and tenant."""
        self.dynamic: dict[str, Audience] = {}
        """The dynamic ones, by key."""


def existing(world: World, key: str) -> Audience:
    """Return the audience with a key.

    Raises:
        Problem: It does not exist.
    """
    audience = world.of(Audiences).by_key.get(key)
    if audience is None:
        raise not_found("audience", key)
    return audience


def create(world: World, key: str) -> None:
    """Create an audience, unless it exists."""
    world.of(Audiences).by_key.setdefault(key, Audience())


def triggering(world: World, workflow: str) -> set[str]:
    """Return the keys of the audiences that trigger a workflow."""
    return {key for key, audience in world.of(Audiences).by_key.items() if workflow in audience.workflows}


def is_member(world: World, key: str, reference: Reference, tenant: str | None = None) -> bool:
    """Return whether a user is in an audience for exactly this tenant, where None means for no tenant."""
    return key in keys_of(world, reference, tenant)


def is_member_anywhere(world: World, key: str, reference: Reference) -> bool:
    """Return whether a user is in an audience, for any tenant or for none."""
    return any(key in keys for keys in world.of(Audiences).of_user.get(reference, {}).values())


def keys_of(world: World, reference: Reference, tenant: str | None) -> Collection[str]:
    """Return the keys of the audiences that a user is in for exactly this tenant, where None means for no tenant."""
    return world.of(Audiences).of_user.get(reference, {}).get(tenant, ())


def make_dynamic(world: World, key: str, segments: Alternatives) -> None:
    """Let an audience have the members whose properties fit one of some segments; `refresh` finds them.

    The members of one that was static until now are removed, since they were not found by their properties.
    """
    audience = existing(world, key)
    if not audience.segments:
        for user, tenant in list(audience.found):
            _remove(world, key, audience, user, tenant)
    audience.segments = segments
    world.of(Audiences).dynamic[key] = audience


def existing_static(world: World, key: str) -> Audience:
    """Return the static audience with a key.

    Raises:
        Problem: It does not exist, or it is dynamic.
    """
    audience = existing(world, key)
    if audience.segments:
        # What the API does here is not documented: a guess.
        raise invalid_field("key", "inclusion", f"names the dynamic audience {key!r}, whose members are computed")
    return audience


def refresh(world: World, user: Reference, context: JSON) -> None:
    """Find anew which dynamic audiences a user is in.

    Args:
        world: the state.
        user: the user.
        context: the user as conditions see it.
    """
    if user.collection is not None:
        return
    for key, audience in world.of(Audiences).dynamic.items():
        values = {"recipient": context, AUDIENCES: keys_of(world, user, None), NOW: iso(world.clock.now)}
        if any(holds(segment, values, templates=False) for segment in audience.segments):
            _add(world, key, audience, user, None)
        else:
            _remove(world, key, audience, user, None)


def add(world: World, key: str, user: Reference, tenant: str | None) -> None:
    """Add a user to a static audience; nothing happens if the user is a member already.

    Raises:
        Problem: The audience does not exist, or it is dynamic.
    """
    _add(world, key, existing_static(world, key), user, tenant)


def _add(world: World, key: str, audience: Audience, user: Reference, tenant: str | None) -> None:
    if (user, tenant) in audience.found:
        return
    membership = Membership(world.ids.serial(), user, tenant, world.clock.now)
    audience.members.add(membership.serial, membership)
    audience.found[user, tenant] = membership
    world.of(Audiences).of_user.setdefault(user, {}).setdefault(tenant, {})[key] = None
    if audience.workflows:
        world.entered.append((key, user, tenant))
    _signal(world, key, user, "enter")


def remove(world: World, key: str, user: Reference, tenant: str | None) -> None:
    """Remove a user from a static audience; succeeds if the user is not in it.

    Raises:
        Problem: The audience does not exist, or it is dynamic.
    """
    _remove(world, key, existing_static(world, key), user, tenant)


def _remove(world: World, key: str, audience: Audience, user: Reference, tenant: str | None) -> None:
    membership = audience.found.pop((user, tenant), None)
    if membership is not None:
        audience.members.remove(membership.serial)
        tenants = world.of(Audiences).of_user[user]
        del tenants[tenant][key]
        if not tenants[tenant]:
            del tenants[tenant]
        if not tenants:
            del world.of(Audiences).of_user[user]
        _signal(world, key, user, "exit")


def delete_for(world: World, user: Reference) -> None:
    """Remove a user that is being deleted from all audiences."""
    for tenant, keys in list(world.of(Audiences).of_user.get(user, {}).items()):
        for key in list(keys):
            _remove(world, key, existing(world, key), user, tenant)


def _signal(world: World, key: str, user: Reference, transition: str) -> None:
    if world.listening:
        now = world.clock.now
        event = {"event_type": "audience", "audience_key": key, "event_key": transition}
        payload = {"audience_id": key, "recipient": user.json(), "transition": transition, "happened_at": iso(now)}
        world.signals.append(Signal(event, now, user, payload))
