"""Whom a request that runs a workflow names: its recipients, the actor and the tenant, by id or with a description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .._core.type_guards import is_object
from . import recipients
from .errors import Problem
from .records import TENANTS, Recipient, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .values import JSON
    from .world import World


class Parties(NamedTuple):
    """Everyone, as references."""

    recipients: list[Reference]
    """Each once, in order."""
    actor: Reference | None
    tenant: str | None


def settle(world: World, named: Iterable[tuple[str, Any]], *, actor: Any, tenant: Any) -> Parties:
    """Store whoever is described, and the tenant in any case; all of them or, if one is refused, none.

    Args:
        world: where.
        named: the recipients as the request gives them, each with its place there.
        actor: the actor as the request gives it, or None; one that is not described must exist already.
        tenant: the tenant likewise; one that is unknown is created.

    Raises:
        Problem: The actor does not exist, or a description is refused.
    """
    placed = list(named)
    acting = None if actor is None else recipients.reference_of(actor)
    if acting is not None and not recipients.is_description(actor) and recipients.find(world, acting) is None:
        raise Problem("actor_missing", f"The actor {acting.id!r} has not been identified.")
    descriptions = recipients.described([("actor", actor), *placed])
    if is_object(tenant):
        descriptions.insert(0, recipients.Described("tenant", Reference(tenant["id"], TENANTS), tenant))
    recipients.identify_all(world, descriptions)
    name: str | None = tenant["id"] if is_object(tenant) else tenant
    if name is not None:
        recipients.ensure(world, Reference(name, TENANTS))
    return Parties(list(dict.fromkeys(recipients.reference_of(value) for _, value in placed)), acting, name)


def render(world: World, reference: Reference, since: datetime) -> JSON:
    """Return a recipient as the API shows it; of one that has not been identified, what is known since it was named."""
    return recipients.render(recipients.find(world, reference) or Recipient(reference, 0, {}, since))
