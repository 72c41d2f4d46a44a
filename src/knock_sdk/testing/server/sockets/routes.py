"""Routes of the sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from ..environments import Environments


def routes(environments: Environments) -> list[BaseRoute]:  # noqa: ARG001
    """Return the routes of the sockets."""
    return []
