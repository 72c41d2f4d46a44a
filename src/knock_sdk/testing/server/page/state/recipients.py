"""Lists of recipients: people, objects by collection, and tenants."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - a NamedTuple's annotations can be evaluated
from typing import TYPE_CHECKING, NamedTuple

from ....state.records import TENANTS
from ...state_access import locked
from ..lists import newest_first
from ..page_routes import page_route
from ..rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ....state.records import Recipient, Reference
    from ....state.rows import OrderedRows
    from ....state.world import World
    from ...environments import Environments
    from ..page_request import PageRequest

_SEARCHED = ("name", "email", "phone_number")
_LONGEST = 200


class RecipientRow(NamedTuple):
    """What lists show of a recipient."""

    reference: Reference
    name: str
    email: str
    phone_number: str
    messages: int
    updated_at: datetime


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the lists."""
    return [
        page_route(environments, "/users", lambda page: _show(page, None, "People")),
        page_route(environments, "/tenants", lambda page: _show(page, TENANTS, "Tenants")),
        page_route(environments, "/objects", _show_collections),
        page_route(environments, "/objects/{collection}", _show_objects),
    ]


def _show_objects(page: PageRequest) -> Response:
    return _show(page, page.ids["collection"], "Objects")


def _show(page: PageRequest, collection: str | None, section: str) -> Response:
    search = page.query("q")

    def rows_in(world: World) -> OrderedRows[Recipient]:
        return world.collections[collection]

    with locked(page.simulator) as world:
        total = len(world.collections[collection]) if collection in world.collections else 0
    found = newest_first(page, rows_in, _row_of, _test_for(search)) if total else None
    title = section if section != "Objects" else f"Objects: {collection}"
    return render(
        page,
        "state/recipients.html",
        found=found,
        total=total,
        search=search,
        section=section,
        title=title,
        collection=collection,
    )


def _row_of(world: World, recipient: Recipient) -> RecipientRow:
    properties, reference = recipient.properties, recipient.reference
    name, email, phone = (str(properties.get(field) or "")[:_LONGEST] for field in _SEARCHED)
    messages = world.messages_of.get(reference)
    count = 0 if messages is None else len(messages)
    return RecipientRow(reference, name, email, phone, count, recipient.updated_at)


def _test_for(search: str) -> Callable[[Recipient], bool] | None:
    if not search:
        return None
    wanted = search.casefold()

    def passes(recipient: Recipient) -> bool:
        if wanted in recipient.reference.id.casefold():
            return True
        values = map(recipient.properties.get, _SEARCHED)
        return any(wanted in value.casefold() for value in values if isinstance(value, str))

    return passes


def _show_collections(page: PageRequest) -> Response:
    with locked(page.simulator) as world:
        counts = {
            name: len(rows) for name, rows in world.collections.items() if name not in (None, TENANTS) and len(rows)
        }
    return render(page, "state/collections.html", collections=sorted(counts.items(), key=lambda pair: str(pair[0])))
