"""Routes of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from . import inbox, live
from .message import pages as message_pages
from .rendering import STATIC
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
        Mount("/_page/static", StaticFiles(directory=STATIC)),
    ]
