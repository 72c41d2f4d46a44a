"""What an expression can be, as far as it concerns a client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    import libcst as cst

    from .index import Index
    from .scopes import Binding, Position, Scope


@dataclass(frozen=True)
class Symbol:
    """What an import names: a module, or something in it, such as `knockapi.types.User`."""

    path: str


@dataclass(frozen=True)
class Client:
    """A client."""

    asynchronous: bool


@dataclass(frozen=True)
class Member:
    """An attribute of a client: a resource or a method, such as `users.feeds.list_items`."""

    path: str
    asynchronous: bool
    raw: Literal["", "raw", "streaming"] = ""
    """Whether `with_raw_response` or `with_streaming_response` is on the way to it."""


@dataclass(frozen=True)
class Data:
    """A response, or a part of one.

    Attributes:
        type: its type in this package, without None.
        whole: whether a call returned it.
    """

    type: object
    whole: bool = False


@dataclass(frozen=True)
class Raw:
    """What `with_raw_response` and `with_streaming_response` return, around a result."""

    result: Value
    kind: Literal["raw", "streaming"]
    asynchronous: bool


@dataclass(frozen=True)
class Pending:
    """What must be awaited, or entered, for a value."""

    result: Value


@dataclass(frozen=True)
class Caught:
    """An error of a client: one of the class, or a part of it."""

    name: str
    part: Literal["", "response", "request"] = ""


@dataclass(frozen=True)
class Nothing:
    """None."""


@dataclass(frozen=True, eq=False, repr=False)
class Function:
    """A function of the project, with the file that it stands in."""

    node: cst.FunctionDef
    scope: Scope
    file: File


@dataclass(frozen=True, eq=False, repr=False)
class Class:
    """A class of the project, with the file that it stands in."""

    node: cst.ClassDef
    scope: Scope
    file: File


@dataclass(frozen=True)
class Instance:
    """An instance of a class of the project."""

    of: Class


@dataclass(frozen=True)
class Bound:
    """A method of the project's own class, or a function that is called with a first argument."""

    function: Function


Value: TypeAlias = (
    Symbol | Client | Member | Data | Raw | Pending | Caught | Nothing | Function | Class | Instance | Bound | None
)
"""None: nothing is known about it."""


class File(Protocol):
    """The expressions of a source, and what they are; `Inference` is one."""

    @property
    def index(self) -> Index:
        """Where names are bound and used."""
        ...

    def value(self, node: cst.CSTNode) -> Value:
        """Return what an expression is."""
        ...

    def bound(self, binding: Binding) -> Value:
        """Return what a binding gives its name."""
        ...

    def named(self, node: cst.CSTNode, at: Position) -> Value:
        """Return what a dotted name is at a place."""
        ...

    def definition(self, node: cst.FunctionDef | cst.ClassDef) -> Function | Class:
        """Return a function or class."""
        ...

    def item(self, value: Value) -> Value:
        """Return what iterating over a value yields."""
        ...

    def calls_of(self, name: str) -> list[cst.Call]:
        """Return the calls of functions and methods with a name."""
        ...

    def fixture(self, name: str) -> Value:
        """Return what a fixture of another file returns."""
        ...

    def is_shared(self, name: str) -> bool:
        """Return whether another file may use a name of this one."""
        ...


def agreed(values: Iterable[Value]) -> Value:
    """Return what all values are, apart from None; nothing is known if they differ."""
    given = list(values)
    kept = [value for value in given if value != Nothing()]
    if not kept:
        return Nothing() if given else None
    return kept[0] if all(value == kept[0] for value in kept) else None
