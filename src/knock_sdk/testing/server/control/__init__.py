"""Control endpoints, with which programs in other processes use a simulator: below `/_simulator`, in JSON."""

from __future__ import annotations

from .routes import ENDPOINTS, PATH, routes

__all__ = ["ENDPOINTS", "PATH", "routes"]
