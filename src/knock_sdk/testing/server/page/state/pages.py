"""Routes of the pages of the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import clock, recipient, recipients, requests, runs, skips, webhooks, workflows

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from ...environments import Environments

_MODULES = (runs, skips, recipients, recipient, workflows, requests, webhooks, clock)


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the pages of the state."""
    return [route for module in _MODULES for route in module.routes(environments)]
