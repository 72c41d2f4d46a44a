"""Inline identification: the recipients, actor and tenant that a request names, by id or with properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..._core.type_guards import is_object
from ..http.errors import Problem
from ..state.records import TENANTS, Reference
from . import profiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..state.world import World


class Parties(NamedTuple):
    """The recipients, actor and tenant of a request, as references."""

    recipients: list[Reference]
    """Each once, in order."""
    actor: Reference | None
    tenant: str | None


def identify(world: World, named: Iterable[tuple[str, Any]], *, actor: Any, tenant: Any) -> Parties:
    """Store those with properties, and the tenant in any case; all of them or, if one is invalid, none.

    Args:
        world: the state.
        named: the recipients as the request gives them, each with its place there.
        actor: the actor as the request gives it, or None; one without properties must exist already.
        tenant: the tenant likewise; it is created if it does not exist.

    Raises:
        Problem: The actor does not exist, or the properties of one are invalid.
    """
    placed = list(named)
    acting = None if actor is None else profiles.reference_of(actor)
    if acting is not None and not profiles.is_inline(actor) and profiles.find(world, acting) is None:
        raise Problem("actor_missing", f"The actor {acting.id!r} has not been identified.")
    recipients = profiles.inline_recipients([("actor", actor), *placed])
    if is_object(tenant):
        recipients.insert(0, profiles.InlineRecipient("tenant", Reference(tenant["id"], TENANTS), tenant))
    profiles.identify_all(world, recipients)
    name: str | None = tenant["id"] if is_object(tenant) else tenant
    if name is not None:
        profiles.ensure(world, Reference(name, TENANTS))
    return Parties(list(dict.fromkeys(profiles.reference_of(value) for _, value in placed)), acting, name)
