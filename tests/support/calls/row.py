"""A row: a call, and the request that it must make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import GenericAlias

    from knock_sdk._core.model import Model


class PageOf(NamedTuple):
    """A list method's result: a page of such items."""

    item: type[Model]


class NoBody:
    """The body of a request that has none."""

    def __repr__(self) -> str:
        return "no body"


NO_BODY = NoBody()


@dataclass(frozen=True, eq=False)
class Row:
    """One call of a method."""

    operation: str
    """The operation's key in the contract, such as `PUT /v1/users/{user_id}`."""
    call: str
    """The method, as it is reached from a client."""
    args: tuple[str, ...]
    """What is given by position: the ids."""
    given: Mapping[str, object]
    """What is given by keyword."""
    path: str
    """The path on the wire."""
    returns: type[Model] | GenericAlias | PageOf | None
    """What the answer is decoded to."""
    query: Sequence[tuple[str, str]] = ()
    """The parameters on the wire, decoded; their order is of no importance."""
    body: object = NO_BODY
    """The JSON body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that the arguments ask for."""
    only_ours: str = ""
    """Why the vendor's client cannot be called in the same way, where it cannot."""

    def __str__(self) -> str:
        return self.call
