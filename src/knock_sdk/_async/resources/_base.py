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

    if not TYPE_CHECKING:  # type checkers would otherwise accept any name

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError, with advice for names of other clients."""
            from ...errors._hints import missing_member

            raise missing_member(self, name)
