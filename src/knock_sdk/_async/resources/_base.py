"""The base class of all resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..transport import AsyncTransport


class AsyncResource:
    """A group of operations; it refers to the transport, not to the client."""

    def __init__(self, transport: AsyncTransport) -> None:
        """Store the transport."""
        self._transport = transport
