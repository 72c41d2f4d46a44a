"""Operations by the names that people know them by: the client's methods, such as `workflows.trigger`."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from .contract_data import data

if TYPE_CHECKING:
    from collections.abc import Mapping


def operations_named(name: str) -> frozenset[str]:
    """Return the ids of the operations that a name means; a method may stand for several.

    Args:
        name: A method, such as `users.guides.mark_message_as_seen`, or the id of an operation in the contract.

    Raises:
        ValueError: There is none; the message names those that come close.
    """
    known = _names()
    found = known.get(name)
    if found is None:
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else "; an example is 'workflows.trigger'"
        raise ValueError(f"no method of the client or operation of the API is called {name!r}{hint}")
    return found


@cache
def _names() -> Mapping[str, frozenset[str]]:
    names: dict[str, frozenset[str]] = {}
    for operation, described in data()["operations"].items():
        names[operation] = frozenset({operation})
        if method := described.get("method"):
            names[method] = names.get(method, frozenset()) | {operation}
    return names
