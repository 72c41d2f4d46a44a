"""The page that shows what was sent, for a browser."""

from __future__ import annotations

from .routes import routes

__all__ = ["routes"]
