"""The simulator as an ASGI application, for any server that speaks ASGI; `python -m knock_sdk.testing` brings one."""

from __future__ import annotations

from .server.app import DROP, Hooks, app

__all__ = ["DROP", "Hooks", "app"]
