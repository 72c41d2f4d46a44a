"""Rows: a call through a vendor's client, its expected result, and the reads after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Expected: TypeAlias = Any
"""A pattern for a result: a mapping requires at least its fields, a list exactly its elements; `...` matches anything,
a function decides for itself, and any other value must be equal."""


class Failed(NamedTuple):
    """The outcome of a call that ended with an error."""

    status: int


@dataclass(frozen=True, eq=False)
class Read:
    """A read after the call of a row, with its expected result."""

    method: str
    args: tuple[str, ...]
    expected: Expected
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Row:
    """One call of a method, named as in Python; arguments are named as on the wire."""

    method: str
    args: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    returns: Expected = None
    then: Sequence[Read] = ()
    minutes: float = 0
    """Minutes by which the simulated time advances between the call and the reads."""

    def __str__(self) -> str:
        return self.method


class Caller(Protocol):
    """A client of the vendor, in any language."""

    def call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        """Call a method; return its result as JSON, with the items of all pages, or `Failed`."""


def differences(expected: Expected, found: Any, at: str = "") -> list[str]:
    """Return a line for each path at which a result is not as expected."""
    if expected is ...:
        return []
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return [
            line
            for name, value in expected.items()
            for line in (
                differences(value, found[name], f"{at}.{name}") if name in found else [f"{at}.{name} is missing"]
            )
        ]
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return [f"{at or 'it'} has {len(found)} elements, not {len(expected)}: {found!r}"]
        return [
            line for index, value in enumerate(expected) for line in differences(value, found[index], f"{at}[{index}]")
        ]
    right = expected(found) if callable(expected) else expected == found
    return [] if right else [f"{at or 'it'} is {found!r}, not {expected!r}"]
