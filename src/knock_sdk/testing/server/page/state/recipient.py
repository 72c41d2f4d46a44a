"""One recipient: properties, preferences, channel data, subscriptions, audiences, schedules and messages."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - a NamedTuple's annotations can be evaluated
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ....recipients.audiences import Audiences
from ....recipients.subscriptions import Subscriptions
from ....state.records import TENANTS, Reference
from ....state.rows import OrderedRows
from ....state.schedules import Schedules
from ...state_access import locked
from ..message_rows import row_of, workflows_in
from ..page_routes import not_found, page_route
from ..rendering import render
from .channel_data import ChannelRow, rows_of
from .preferences import Question, resolve

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ....state.records import Message
    from ....state.world import World
    from ...environments import Environments
    from ..page_request import PageRequest

_MOST = 20
"""Entries of each list that the page shows."""
_KINDS = {None: "user", TENANTS: "tenant"}
_SECTIONS = {None: "People", TENANTS: "Tenants"}


class Connected(NamedTuple):
    """A subscription, seen from one side."""

    reference: Reference
    properties: Any


class Planned(NamedTuple):
    """A schedule."""

    id: str
    workflow: str
    tenant: str | None
    next_at: datetime | None
    last_at: datetime | None
    repeats: Any


class Cut(NamedTuple):
    """The first entries of a list, and how many there are."""

    items: list[Any]
    total: int


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the pages of recipients."""
    return [
        page_route(environments, "/users/{id}", lambda page: _show(page, None)),
        page_route(environments, "/tenants/{id}", lambda page: _show(page, TENANTS)),
        page_route(environments, "/objects/{collection}/{id}", lambda page: _show(page, page.ids["collection"])),
    ]


def _show(page: PageRequest, collection: str | None) -> Response:
    reference = Reference(page.ids["id"], collection)
    kind = _KINDS.get(collection, "object")
    question = Question(page.query("workflow"), page.query("channel"), page.query("tenant"))
    with locked(page.simulator) as world:
        found = world.recipients.get(reference)
        if found is None:
            hint = "A trigger may have named it, but it was never identified, or it was deleted."
            raise not_found(f"There is no {kind} {reference.id}", hint)
        name = found.properties.get("name")
        channel_data: list[ChannelRow] = rows_of(world, found)
        return render(
            page,
            "state/recipient.html",
            reference=reference,
            kind=kind,
            section=_SECTIONS.get(collection, "Objects"),
            name=name if isinstance(name, str) else "",
            found=found,
            question=question,
            answer=resolve(world, found, question),
            channels=sorted({key for each in world.channels.by_key.values() for key in (each.key, each.type)}),
            workflows=workflows_in(world),
            channel_data=channel_data,
            lists=_lists_of(world, reference),
            audiences=_audiences_of(world, reference),
            messages=_messages_of(world, reference),
        )


def _lists_of(world: World, reference: Reference) -> dict[str, Cut]:
    """Return what is connected with a recipient, by the title of the list."""
    subscriptions = world.of(Subscriptions)
    by, to = subscriptions.by(reference), subscriptions.to(reference)
    schedules = world.of(Schedules).of_recipient(reference)
    planned = [
        Planned(
            each.id,
            each.plan.workflow,
            each.plan.tenant,
            each.next_occurrence_at,
            each.last_occurrence_at,
            list(each.plan.repeats),
        )
        for _, each in islice(schedules.iterate(), _MOST)
    ]
    return {
        "subscriptions": Cut(
            [Connected(each.object, each.properties) for _, each in islice(by.iterate(), _MOST)], len(by)
        ),
        "subscribers": Cut(
            [Connected(each.subscriber, each.properties) for _, each in islice(to.iterate(), _MOST)], len(to)
        ),
        "schedules": Cut(planned, len(schedules)),
    }


def _audiences_of(world: World, reference: Reference) -> list[tuple[str, str | None]]:
    """Return the audiences that a user is in, each with the tenant of the membership."""
    by_tenant = world.of(Audiences).of_user.get(reference, {})
    return [(key, tenant) for tenant, keys in by_tenant.items() for key in keys][:_MOST]


def _messages_of(world: World, reference: Reference) -> Cut:
    rows: OrderedRows[Message] = world.messages_of.get(reference) or OrderedRows()
    newest = [row_of(world, message) for _, message in islice(rows.iterate(backward=True), _MOST)]
    return Cut(newest, len(rows))
