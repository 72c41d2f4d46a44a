"""Operations by the names of the client's methods, such as `workflows.trigger`."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from .contract_data import load_contract

if TYPE_CHECKING:
    from collections.abc import Mapping


def find_operations(name: str) -> frozenset[str]:
    """Return the ids of the operations with a name; a method may call one of several.

    Args:
        name: A method, such as `users.guides.mark_message_as_seen`, or the id of an operation in the contract.

    Raises:
        ValueError: Neither a method nor an operation has this name; the message suggests similar names.
    """
    known = _operations_by_name()
    found = known.get(name)
    if found is None:
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else "; an example is 'workflows.trigger'"
        raise ValueError(f"no method of the client or operation of the API is called {name!r}{hint}")
    return found


def method_of(operation: str) -> str:
    """Return the name of the client's method that calls an operation; its id if there is none."""
    entry = load_contract()["operations"].get(operation, {})
    return str(entry.get("method") or operation)


@cache
def _operations_by_name() -> Mapping[str, frozenset[str]]:
    names: dict[str, frozenset[str]] = {}
    for operation, entry in load_contract()["operations"].items():
        names[operation] = frozenset({operation})
        if method := entry.get("method"):
            names[method] = names.get(method, frozenset()) | {operation}
    return names
