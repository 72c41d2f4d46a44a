"""The simulator as an ASGI application, for any ASGI server; `python -m knock_sdk.testing` runs it with uvicorn."""

from __future__ import annotations

from .server.aborting import DROP
from .server.access import Access, access_of
from .server.app import Hooks, app

__all__ = ["DROP", "Access", "Hooks", "access_of", "app"]
