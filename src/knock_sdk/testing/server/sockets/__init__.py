"""The sockets on which browsers hear of new feed items and of guides, in the protocol of Phoenix channels."""

from __future__ import annotations

from .routes import routes

__all__ = ["routes"]
