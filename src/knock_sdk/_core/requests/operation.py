"""Operations of the API: path, limits, and whether a request may be repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Repeat: TypeAlias = Literal["safe", "idempotent", "keyed", "upsert", "never"]
"""Whether a request may be sent again once the server may have received it: only `never` forbids it."""

_put = object.__setattr__


class Operation:
    """One operation: its method and path, its limits, and whether it may be repeated.

    Attributes:
        name: the operation's id, such as `identifyUser`.
        method: the HTTP method.
        path: the path with its parameters in braces.
        tier: the rate-limit tier, 1 to 5.
        repeat: whether the request may be sent again once the server may have received it.
        items: maximum number of elements of a list, by the name of the argument or body field; `None` for a list
            without a limit, words for a list that one of these words may replace. A dot leads into the elements:
            `subscriptions.recipients`.
        length: maximum number of characters of a string, by name.
        pairs: maximum number of pairs of a mapping, by name.
        range: minimum and maximum of a number, by name.
        size: maximum number of bytes of a value as JSON, by name.
        page: field of the response with the items, path of the cursor in the response, and query parameter that takes
            the cursor; `None` for operations without pages.
    """

    __slots__ = ("items", "length", "method", "name", "page", "pairs", "path", "range", "repeat", "size", "tier")

    name: str
    method: str
    path: str
    tier: int
    repeat: Repeat
    items: Mapping[str, int | tuple[str, ...] | None]
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
        items: Mapping[str, int | tuple[str, ...] | None] | None = None,
        length: Mapping[str, int] | None = None,
        pairs: Mapping[str, int] | None = None,
        range: Mapping[str, tuple[int, int]] | None = None,
        size: Mapping[str, int] | None = None,
        page: tuple[str, str, str] | None = None,
    ) -> None:
        """Store the attributes; limits that are not given become empty mappings."""
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
        """Raise AttributeError: the table is shared by every client of the process."""
        raise AttributeError(f"cannot change {name!r}: an Operation is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        """Raise AttributeError: the table is shared by every client of the process."""
        raise AttributeError(f"cannot change {name!r}: an Operation is immutable")

    def __repr__(self) -> str:
        """Show the id, the method and the path."""
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
        """Return the attributes, for pickling."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """Restore a pickled operation."""
        for name, value in state.items():
            _put(self, name, value)
