"""A row: a call through a vendor's client, what it returns, and what can be read afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Expected: TypeAlias = Any
"""What a result must hold: a mapping at least these fields, a list exactly these elements; `...` stands for anything, a
function says itself what is right, and any other value is to be found as it is."""


class Refused(NamedTuple):
    """A call that ends with an error."""

    status: int


@dataclass(frozen=True, eq=False)
class Read:
    """What can be read after a row's call."""

    method: str
    args: tuple[str, ...]
    expected: Expected
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Row:
    """One call of a method, named as in Python; arguments have the names that they have on the wire."""

    method: str
    args: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    returns: Expected = None
    then: Sequence[Read] = ()
    minutes: float = 0
    """How long the simulator waits between the call and the reading."""

    def __str__(self) -> str:
        return self.method


class Caller(Protocol):
    """A client of the vendor's, whatever its language."""

    def call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        """Call a method; return what it returns as JSON, pages walked to their end, or `Refused`."""


def differences(expected: Expected, found: Any, at: str = "") -> list[str]:
    """Tell where a result is not what is expected."""
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
