"""Routes of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import inbox, live
from .files import static_routes
from .message import pages as message_pages
from .state import pages as state_pages

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from ..environments import Environments

_MODULES = (inbox, message_pages, state_pages)
"""Each has a function `routes`."""


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the page."""
    return [
        *(route for module in _MODULES for route in module.routes(environments)),
        *live.routes(environments),
        *static_routes(),
    ]
