"""The inbox: all messages, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..state_access import locked
from .lists import newest_first
from .message_rows import FILTERS, channels_in, row_of, test_for, workflows_in
from .page_routes import page_route
from .rendering import render

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ..environments import Environments
    from .page_request import PageRequest


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the route of the inbox."""
    return [page_route(environments, "/", _show_inbox)]


def _show_inbox(page: PageRequest) -> Response:
    filters = {name: page.query(name) for name in FILTERS}
    with locked(page.simulator) as world:
        total = len(world.message_order)
        channels, workflows = channels_in(world), workflows_in(world)
    found = newest_first(page, lambda world: world.message_order, row_of, test_for(filters))
    return render(
        page,
        "inbox.html",
        found=found,
        filters=filters,
        filtered=any(filters.values()),
        total=total,
        channels=channels,
        workflows=workflows,
        first=page.here(older=None, newer=None),
    )
