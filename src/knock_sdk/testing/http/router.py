"""Routing: the operation of the contract for a verb and path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from ..._core.requests import operations
from ..._core.requests.operation import Operation
from ..contract.older_operations import OLDER
from .errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OPERATIONS = (*(value for value in vars(operations).values() if isinstance(value, Operation)), *OLDER)
"""All operations of the contract."""


class Route(NamedTuple):
    """An operation, and its path parameters."""

    operation: Operation
    path: dict[str, str]


class _Node:
    """A node in the tree of path segments."""

    __slots__ = ("literals", "operations", "parameter")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        """The node for any other segment; also tried if the node of a literal segment leads to no operation."""
        self.operations: dict[str, Operation] = {}


class Router:
    """Finds operations by verb and path."""

    def __init__(self, operations: Iterable[Operation] = OPERATIONS) -> None:
        """Build the tree of path segments; by default, of all operations of the contract."""
        self._root = _Node()
        for operation in operations:
            node = self._root
            for segment in _segments(operation.path):
                if segment.startswith("{"):
                    node.parameter = node.parameter or _Node()
                    node = node.parameter
                else:
                    node = node.literals.setdefault(segment, _Node())
            node.operations[operation.method] = operation

    def find(self, method: str, path: str) -> Route:
        """Return the operation for a verb and path; literal segments take precedence over parameters.

        Raises:
            Problem: No operation has this path, or none of those with the path has this verb.
        """
        segments = _segments(path)
        allowed: set[str] = set()
        for node, values in _find_nodes(self._root, segments, 0):
            operation = node.operations.get(method)
            if operation is not None:
                return Route(operation, _decode(operation, values))
            allowed.update(node.operations)
        if allowed:
            verbs = ", ".join(sorted(allowed))
            raise Problem(
                "method_not_allowed", f"{path} does not support {method}, only {verbs}.", headers={"allow": verbs}
            )
        hint = "" if segments[:1] == ["v1"] else " Its paths begin with /v1/."
        raise Problem("not_found", f"The API has no path {path}.{hint}")


def _segments(path: str) -> list[str]:
    return path.split("/")[1:]


def _find_nodes(node: _Node, segments: list[str], depth: int) -> Iterator[tuple[_Node, list[str]]]:
    if depth == len(segments):
        if node.operations:
            yield node, []
        return
    segment = segments[depth]
    literal = node.literals.get(segment)
    if literal is not None:
        yield from _find_nodes(literal, segments, depth + 1)
    if node.parameter is not None and segment:
        for found, values in _find_nodes(node.parameter, segments, depth + 1):
            yield found, [segment, *values]


def _decode(operation: Operation, values: list[str]) -> dict[str, str]:
    names = [segment[1:-1] for segment in _segments(operation.path) if segment.startswith("{")]
    try:
        return {name: unquote_to_bytes(value).decode("utf-8") for name, value in zip(names, values, strict=True)}
    except UnicodeDecodeError:
        raise Problem("not_found", "The path is not percent-encoded UTF-8.") from None
