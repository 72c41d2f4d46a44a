"""Differences between the contract and an upstream OpenAPI document, as a report.

Operations are matched by verb and path, whatever their ids and placeholders are called; schemas are compared by the
properties, values and types that they admit and by their limits, whatever their names are. Header parameters, `default`
responses, tiers of rate limits and security of the contract are reported only if the upstream document has any.

A line of a report has a sign, the kind, and the location. The sign is `+` for what only upstream has, `-` for what only
the contract has, and `~` for what differs, where both follow: `contract -> upstream`. The location is a schema of the
contract, or an operation with a parameter, `body` or a status, followed by a path inside it, `.name` for a property,
`.*` for any other property, `[]` for the items, as in `PUT /v1/users/{user_id} body.channel_data.*.token`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.drift.document import load
from codegen.drift.facts import CHANGED
from codegen.drift.fold import fold
from codegen.drift.graph import OURS, UPSTREAM, Graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codegen.drift.document import Document, Operation, Parameter

GROUPS = (
    *("operation", "parameter", "required", "body", "response", "field", "value"),
    *("type", "null", "limit", "deprecated", "tier", "security"),
)
"""The kinds of difference, in the order of a report.

`required` is a parameter, a body or a property that only one side requires, `null` what may be null on one side only,
and `limit` a format, a pattern or a bound such as `maxItems`.
"""


@dataclass(frozen=True)
class Difference:
    """Something that only one side has, or that differs."""

    sign: str
    group: str
    location: str

    def __str__(self) -> str:
        """Return the line of a report."""
        return f"{self.sign} {self.group} {self.location}"


def drift(contract: Path, upstream: Path) -> list[Difference]:
    """Return every difference between two documents, sorted by group and location."""
    found = set(_Comparison(load(contract), load(upstream)).differences())
    return sorted(found, key=lambda one: (GROUPS.index(one.group), one.location, one.sign))


class _Comparison:
    def __init__(self, ours: Document, theirs: Document) -> None:
        self._ours = ours
        self._theirs = theirs
        self._graph = Graph(ours, theirs)
        operations = theirs.operations.values()
        self._headers = any(where == "header" for operation in operations for where, _ in operation.parameters)
        self._default = any("default" in operation.responses for operation in operations)
        self._tiers = any(operation.tier is not None for operation in operations)
        self._security = any(operation.security != frozenset({"none"}) for operation in operations)

    def differences(self) -> Iterator[Difference]:
        ours, theirs = self._ours.operations, self._theirs.operations
        yield from (Difference(OURS, "operation", str(ours[key])) for key in ours.keys() - theirs.keys())
        yield from (Difference(UPSTREAM, "operation", str(theirs[key])) for key in theirs.keys() - ours.keys())
        for key in sorted(ours.keys() & theirs.keys()):
            yield from self._calls(ours[key], theirs[key])
            yield from self._parameters(ours[key], theirs[key])
            yield from self._body(ours[key], theirs[key])
            yield from self._responses(ours[key], theirs[key])
        self._graph.add_schemas(self._ours.schemas.keys() & self._theirs.schemas.keys())
        yield from (Difference(*finding) for finding in (*fold(self._graph), *self._graph.absolute))

    def _calls(self, ours: Operation, theirs: Operation) -> Iterator[Difference]:
        """Yield what differs between two operations as a whole."""
        if ours.deprecated != theirs.deprecated:
            yield Difference(OURS if ours.deprecated else UPSTREAM, "deprecated", str(ours))
        if self._tiers and ours.tier != theirs.tier:
            yield Difference(CHANGED, "tier", f"{ours}: {ours.tier or 'none'} -> {theirs.tier or 'none'}")
        if self._security and ours.security != theirs.security:
            mine, others = (" or ".join(sorted(each.security)) for each in (ours, theirs))
            yield Difference(CHANGED, "security", f"{ours}: {mine} -> {others}")

    def _parameters(self, ours: Operation, theirs: Operation) -> Iterator[Difference]:
        for name, other in zip(ours.placeholders, theirs.placeholders, strict=True):
            if name != other:
                yield Difference(OURS, "parameter", f"{ours} path {name}")
                yield Difference(UPSTREAM, "parameter", f"{ours} path {other}")
        for key in sorted(ours.parameters.keys() | theirs.parameters.keys()):
            yield from self._parameter(str(ours), ours.parameters.get(key), theirs.parameters.get(key))

    def _parameter(self, operation: str, ours: Parameter | None, theirs: Parameter | None) -> Iterator[Difference]:
        if ours is not None and theirs is not None:
            # Path parameters are always required, and exist whether they are declared or not.
            if ours.required != theirs.required and ours.where != "path":
                yield Difference(OURS if ours.required else UPSTREAM, "required", f"{operation} {ours}")
            if ours.deprecated != theirs.deprecated:
                yield Difference(OURS if ours.deprecated else UPSTREAM, "deprecated", f"{operation} {ours}")
            self._graph.add_parameter(f"{operation} {ours}", ours.schema, theirs.schema)
        elif ours is not None and ours.where != "path" and (ours.where != "header" or self._headers):
            yield Difference(OURS, "parameter", f"{operation} {ours}")
        elif theirs is not None and theirs.where != "path":
            yield Difference(UPSTREAM, "parameter", f"{operation} {theirs}")

    def _body(self, ours: Operation, theirs: Operation) -> Iterator[Difference]:
        if ours.body is None or theirs.body is None:
            if ours.body is not theirs.body:
                yield Difference(UPSTREAM if ours.body is None else OURS, "body", str(ours))
            return
        if ours.body_required != theirs.body_required:
            yield Difference(OURS if ours.body_required else UPSTREAM, "required", f"{ours} body")
        self._graph.add(f"{ours} body", ours.body, theirs.body)

    def _responses(self, ours: Operation, theirs: Operation) -> Iterator[Difference]:
        matched: set[str | None] = set()
        for status in sorted(theirs.responses):
            mine = _matching_status(ours, status)
            matched.add(mine)
            if mine is not None:
                self._graph.add(f"{ours} {status}", ours.responses[mine], theirs.responses[status])
            elif status != "default" or not _errors(ours):
                yield Difference(UPSTREAM, "response", f"{ours} {status}")
        for status in sorted(ours.responses.keys() - matched):
            other = _matching_status(theirs, status)
            if other is not None:
                self._graph.add(f"{ours} {status}", ours.responses[status], theirs.responses[other])
            elif status != "default" or (self._default and not _errors(theirs)):
                yield Difference(OURS, "response", f"{ours} {status}")


def _matching_status(operation: Operation, status: str) -> str | None:
    """Return the status under which an operation describes a response: exact, `4XX`, or for an error `default`."""
    candidates: Sequence[str] = (status, f"{status[:1]}XX", f"{status[:1]}xx")
    if status[:1] in {"4", "5"}:
        candidates = (*candidates, "default")
    return next((candidate for candidate in candidates if candidate in operation.responses), None)


def _errors(operation: Operation) -> bool:
    """Return whether an operation describes its errors one by one."""
    return any(status[:1] in {"4", "5"} for status in operation.responses)
