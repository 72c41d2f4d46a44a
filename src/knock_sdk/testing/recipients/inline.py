"""Inline identification: the recipients, actor and tenant of a request, given by id or with properties."""

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
    """References to the recipients, actor and tenant of a request."""

    recipients: list[Reference]
    """In order, without duplicates."""
    actor: Reference | None
    tenant: str | None


def identify(world: World, recipients: Iterable[tuple[str, Any]], *, actor: Any, tenant: Any) -> Parties:
    """Store the parties that come with properties, or none of them if one is invalid; return references to all.

    Args:
        world: the state.
        recipients: the recipients as the request gives them, each with its field path.
        actor: the actor as the request gives it, or None; without properties, it must exist already.
        tenant: the tenant as the request gives it, or None; it is created if it does not exist.

    Raises:
        Problem: The actor does not exist, or the properties of one of the parties are invalid.
    """
    listed = list(recipients)
    actor_reference = None if actor is None else profiles.reference_of(actor)
    if actor_reference is not None and not profiles.is_inline(actor) and profiles.find(world, actor_reference) is None:
        raise Problem("actor_missing", f"The actor {actor_reference.id!r} has not been identified.")
    inline = profiles.select_inline([("actor", actor), *listed])
    if is_object(tenant):
        inline.insert(0, profiles.InlineRecipient("tenant", Reference(tenant["id"], TENANTS), tenant))
    profiles.identify_all(world, inline)
    tenant_id: str | None = tenant["id"] if is_object(tenant) else tenant
    if tenant_id is not None:
        profiles.ensure(world, Reference(tenant_id, TENANTS))
    references = dict.fromkeys(profiles.reference_of(value) for _, value in listed)
    return Parties(list(references), actor_reference, tenant_id)
