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
    """Yield the dotted names of a client's public methods, including those of its resources at any depth."""
    for name in dir(type(client)):
        member = inspect.getattr_static(type(client), name)
        if name.startswith("_"):
            continue
        if not isinstance(member, cached_property):
            yield prefix + name
        elif not name.startswith("with_"):  # the vendor's client repeats all of its resources below these
            yield from methods_of(getattr(client, name), f"{prefix}{name}.")
