"""Audiences: which users are in them, each for a tenant or for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..http.errors import not_found
from ..state.rows import OrderedRows

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ..state.records import Reference
    from ..state.world import World


class Membership(NamedTuple):
    """A user's place in an audience; a user may be in it several times, for different tenants."""

    serial: int
    user: Reference
    tenant: str | None
    added_at: datetime


class Audience:
    """A static audience: whoever has been put into it."""

    def __init__(self) -> None:
        """Start without members."""
        self.members: OrderedRows[Membership] = OrderedRows()
        self.found: dict[tuple[Reference, str | None], Membership] = {}
        self.workflows: tuple[str, ...] = ()
        """Keys of the workflows that whoever enters it sets off."""


class Audiences:
    """All audiences, to be found by their key and by who is in them."""

    def __init__(self) -> None:
        """Start without any."""
        self.by_key: dict[str, Audience] = {}
        self.of_user: dict[Reference, dict[str | None, dict[str, None]]] = {}
        """The keys of the audiences that a user is in, by the tenant."""


def existing(world: World, key: str) -> Audience:
    """Return an audience.

    Raises:
        Problem: There is none with this key.
    """
    audience = world.of(Audiences).by_key.get(key)
    if audience is None:
        raise not_found("audience", key)
    return audience


def create(world: World, key: str) -> None:
    """Create an audience, unless there is one with this key."""
    world.of(Audiences).by_key.setdefault(key, Audience())


def is_member(world: World, key: str, reference: Reference, tenant: str | None = None) -> bool:
    """Return whether a user is in an audience for a tenant, or for none: one does not stand for the other."""
    return key in keys_of(world, reference, tenant)


def keys_of(world: World, reference: Reference, tenant: str | None) -> Collection[str]:
    """Return the audiences that a user is in for a tenant, or for none."""
    return world.of(Audiences).of_user.get(reference, {}).get(tenant, ())


def add(world: World, key: str, user: Reference, tenant: str | None) -> bool:
    """Put a user into an audience, and tell whether it is new there."""
    audience = existing(world, key)
    if (user, tenant) in audience.found:
        return False
    membership = Membership(world.ids.serial(), user, tenant, world.clock.now)
    audience.members.add(membership.serial, membership)
    audience.found[user, tenant] = membership
    world.of(Audiences).of_user.setdefault(user, {}).setdefault(tenant, {})[key] = None
    return True


def remove(world: World, key: str, user: Reference, tenant: str | None) -> None:
    """Take a user out of an audience; one that is not in it is as gone as it can be."""
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


def delete_for(world: World, user: Reference) -> None:
    """Take a user that is deleted out of all audiences."""
    for tenant, keys in list(world.of(Audiences).of_user.get(user, {}).items()):
        for key in list(keys):
            remove(world, key, user, tenant)
