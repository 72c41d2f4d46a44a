"""Aborting of connections, which ASGI knows nothing of."""

from __future__ import annotations

DROP = "knock_sdk.drop"
"""Key in `scope["state"]` of a function that aborts the connection, if the server provides one."""
