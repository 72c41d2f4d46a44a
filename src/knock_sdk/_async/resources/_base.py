"""What every resource is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..transport import AsyncTransport


class AsyncResource:
    """A group of operations; it holds the transport, not the client."""

    def __init__(self, transport: AsyncTransport) -> None:
        """Keep what sends."""
        self._transport = transport
