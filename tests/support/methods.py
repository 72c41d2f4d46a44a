"""Methods of clients, by their dotted names: `users.bulk.delete`."""

from __future__ import annotations

from functools import reduce
from typing import Any


def reach(client: object, dotted: str) -> Any:
    """Return a method of a client."""
    return reduce(getattr, dotted.split("."), client)
