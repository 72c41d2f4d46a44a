"""Methods of clients, by their dotted names: `users.bulk.delete`."""

from __future__ import annotations

import inspect
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def reach(client: object, dotted: str) -> Any:
    """Return a method of a client."""
    return reduce(getattr, dotted.split("."), client)


def methods_of(client: object, prefix: str = "") -> Iterator[str]:
    """Name the public methods of a client: its own, those of its resources, and of theirs."""
    for name in dir(type(client)):
        member = inspect.getattr_static(type(client), name)
        if name.startswith("_"):
            continue
        if not isinstance(member, cached_property):
            yield prefix + name
        elif not name.startswith("with_"):  # the vendor's client has all of its resources below these once more
            yield from methods_of(getattr(client, name), f"{prefix}{name}.")
