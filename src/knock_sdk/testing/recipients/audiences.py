"""Audiences: the membership of users, each for a tenant or for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..http.errors import not_found
from ..state.clock import iso
from ..state.rows import OrderedRows
from ..state.signals import Signal

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ..state.records import Reference
    from ..state.world import World


class Membership(NamedTuple):
    """A user's membership in an audience; a user may have several, for different tenants."""

    serial: int
    user: Reference
    tenant: str | None
    added_at: datetime


class Audience:
    """A static audience: its members are added and removed one by one."""

    def __init__(self) -> None:
        """Start without members."""
        self.members: OrderedRows[Membership] = OrderedRows()
        self.found: dict[tuple[Reference, str | None], Membership] = {}
        """Memberships by user and tenant."""
        self.workflows: tuple[str, ...] = ()
        """Keys of the workflows that a new member triggers."""


class Audiences:
    """All audiences, by key and by member."""

    def __init__(self) -> None:
        """Start without audiences."""
        self.by_key: dict[str, Audience] = {}
        self.of_user: dict[Reference, dict[str | None, dict[str, None]]] = {}
        """Keys of the audiences that a user is in, by user and tenant."""


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


def is_member(world: World, key: str, reference: Reference, tenant: str | None = None) -> bool:
    """Return whether a user is in an audience for exactly this tenant, where None means for no tenant."""
    return key in keys_of(world, reference, tenant)


def is_member_anywhere(world: World, key: str, reference: Reference) -> bool:
    """Return whether a user is in an audience, for any tenant or for none."""
    return any(key in keys for keys in world.of(Audiences).of_user.get(reference, {}).values())


def keys_of(world: World, reference: Reference, tenant: str | None) -> Collection[str]:
    """Return the keys of the audiences that a user is in for exactly this tenant, where None means for no tenant."""
    return world.of(Audiences).of_user.get(reference, {}).get(tenant, ())


def add(world: World, key: str, user: Reference, tenant: str | None) -> bool:
    """Add a user to an audience; return whether the membership is new."""
    audience = existing(world, key)
    if (user, tenant) in audience.found:
        return False
    membership = Membership(world.ids.serial(), user, tenant, world.clock.now)
    audience.members.add(membership.serial, membership)
    audience.found[user, tenant] = membership
    world.of(Audiences).of_user.setdefault(user, {}).setdefault(tenant, {})[key] = None
    _signal(world, key, user, "enter")
    return True


def remove(world: World, key: str, user: Reference, tenant: str | None) -> None:
    """Remove a user from an audience; succeeds if the user is not in it."""
    audience = existing(world, key)
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
            remove(world, key, user, tenant)


def _signal(world: World, key: str, user: Reference, transition: str) -> None:
    if world.listening:
        now = world.clock.now
        event = {"event_type": "audience", "audience_key": key, "event_key": transition}
        payload = {"audience_id": key, "recipient": user.json(), "transition": transition, "happened_at": iso(now)}
        world.signals.append(Signal(event, now, user, payload))
