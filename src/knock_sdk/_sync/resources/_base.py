# Derived from src/knock_sdk/_async/resources/_base.py by `python -m codegen`; do not edit.
"""What every resource is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..transport import Transport


class Resource:
    """A group of operations; it holds the transport, not the client."""

    def __init__(self, transport: Transport) -> None:
        """Keep what sends."""
        self._transport = transport
