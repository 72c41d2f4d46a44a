"""What an expression can be, as far as it concerns a client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import libcst as cst

    from .index import Scope
    from .inference import Inference


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
        dictionary: whether 0.5 has it as a dictionary or a list, where 1.x has a model.
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
    file: Inference


@dataclass(frozen=True, eq=False, repr=False)
class Class:
    """A class of the project, with the file that it stands in."""

    node: cst.ClassDef
    scope: Scope
    file: Inference


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
