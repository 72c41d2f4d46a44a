"""From a request's verb and path to the operation of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from ..._core import operations
from ..._core.operation import Operation
from ..contract.older_operations import OLDER
from .errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OPERATIONS = (*(value for value in vars(operations).values() if isinstance(value, Operation)), *OLDER)
"""Every operation of the contract."""


class Route(NamedTuple):
    """An operation, and the values of its path parameters."""

    operation: Operation
    path: dict[str, str]


class _Node:
    """A place in the tree of paths."""

    __slots__ = ("fixed", "open", "operations")

    def __init__(self) -> None:
        self.fixed: dict[str, _Node] = {}
        self.open: _Node | None = None
        """Where any segment leads that is not among the fixed ones, or comes to nothing there."""
        self.operations: dict[str, Operation] = {}


class Router:
    """Knows the paths of some operations."""

    def __init__(self, known: Iterable[Operation] = OPERATIONS) -> None:
        """Take the operations; those of the whole contract unless told otherwise."""
        self._root = _Node()
        for operation in known:
            node = self._root
            for segment in _segments(operation.path):
                if segment.startswith("{"):
                    node.open = node.open or _Node()
                    node = node.open
                else:
                    node = node.fixed.setdefault(segment, _Node())
            node.operations[operation.method] = operation

    def find(self, method: str, path: str) -> Route:
        """Return the operation that a request means; a word of the contract's goes before a parameter.

        Raises:
            Problem: No operation has this path, or none of those that have it has this verb.
        """
        segments = _segments(path)
        allowed: set[str] = set()
        for node, values in _matches(self._root, segments, 0):
            operation = node.operations.get(method)
            if operation is not None:
                return Route(operation, _named(operation, values))
            allowed.update(node.operations)
        if allowed:
            verbs = ", ".join(sorted(allowed))
            raise Problem("method_not_allowed", f"{path} takes {verbs}, not {method}.", headers={"allow": verbs})
        raise Problem("not_found", f"There is no path {path} in the API.")


def _segments(path: str) -> list[str]:
    return path.split("/")[1:]


def _matches(node: _Node, segments: list[str], depth: int) -> Iterator[tuple[_Node, list[str]]]:
    if depth == len(segments):
        if node.operations:
            yield node, []
        return
    segment = segments[depth]
    fixed = node.fixed.get(segment)
    if fixed is not None:
        yield from _matches(fixed, segments, depth + 1)
    if node.open is not None and segment:
        for found, values in _matches(node.open, segments, depth + 1):
            yield found, [segment, *values]


def _named(operation: Operation, values: list[str]) -> dict[str, str]:
    names = [segment[1:-1] for segment in _segments(operation.path) if segment.startswith("{")]
    try:
        return {name: unquote_to_bytes(value).decode("utf-8") for name, value in zip(names, values, strict=True)}
    except UnicodeDecodeError:
        raise Problem("not_found", "The path is not percent-encoded UTF-8.") from None
