"""What the client knows about an operation of the API before any call is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Repeat: TypeAlias = Literal["safe", "idempotent", "keyed", "upsert", "never"]
"""Whether a request may be sent again once the server may have received it; all but `never` say yes."""

_put = object.__setattr__


class Operation:
    """One operation: where it is sent, how often it may be, and what the API refuses.

    Attributes:
        name: the operation's id, such as `identifyUser`.
        method: the HTTP method.
        path: the path with its parameters in braces.
        tier: the rate-limit tier, 1 to 5.
        repeat: may the request be sent again once the server may have received it.
        items: most elements of a list, by the argument's or body field's name; `None` for a list without a limit. A dot
            leads into the elements: `subscriptions.recipients`.
        length: most characters of a string, by name.
        pairs: most pairs of a mapping, by name.
        range: least and greatest value of a number, by name.
        size: most bytes of a value as JSON, by name.
        page: where an answer keeps its items, where its cursor, and the parameter that takes the cursor; `None` for
            operations without pages.
    """

    __slots__ = ("items", "length", "method", "name", "page", "pairs", "path", "range", "repeat", "size", "tier")

    name: str
    method: str
    path: str
    tier: int
    repeat: Repeat
    items: Mapping[str, int | None]
    length: Mapping[str, int]
    pairs: Mapping[str, int]
    range: Mapping[str, tuple[int, int]]
    size: Mapping[str, int]
    page: tuple[str, str, str] | None

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        tier: int,
        repeat: Repeat,
        *,
        items: Mapping[str, int | None] | None = None,
        length: Mapping[str, int] | None = None,
        pairs: Mapping[str, int] | None = None,
        range: Mapping[str, tuple[int, int]] | None = None,
        size: Mapping[str, int] | None = None,
        page: tuple[str, str, str] | None = None,
    ) -> None:
        """Describe an operation; only the generated table does."""
        _put(self, "name", name)
        _put(self, "method", method)
        _put(self, "path", path)
        _put(self, "tier", tier)
        _put(self, "repeat", repeat)
        _put(self, "items", items or {})
        _put(self, "length", length or {})
        _put(self, "pairs", pairs or {})
        _put(self, "range", range or {})
        _put(self, "size", size or {})
        _put(self, "page", page)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: the table is shared by every client of the process."""
        raise AttributeError(f"an Operation cannot be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse: the table is shared by every client of the process."""
        raise AttributeError(f"an Operation cannot be changed: {name}")

    def __repr__(self) -> str:
        """Name the operation as errors and logs do."""
        return f"<Operation {self.name}: {self.method} {self.path}>"

    def __eq__(self, other: object) -> bool:
        """Compare by value, so that a pickled copy equals its original."""
        if not isinstance(other, Operation):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        """Hash by name, which no two operations share."""
        return hash(self.name)

    def __getstate__(self) -> dict[str, object]:
        """What a pickle holds."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """Restore a pickled operation."""
        for name, value in state.items():
            _put(self, name, value)
