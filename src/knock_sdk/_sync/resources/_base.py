# Derived from src/knock_sdk/_async/resources/_base.py by `python -m codegen`; do not edit.
"""The base class of all resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..transport import Transport


class Resource:
    """A group of operations; it refers to the transport, not to the client."""

    def __init__(self, transport: Transport) -> None:
        """Store the transport."""
        self._transport = transport
