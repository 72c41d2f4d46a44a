"""A row: a call, and the request that it must make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import GenericAlias

    from knock_sdk._core.responses.model import Model


class PageOf(NamedTuple):
    """The result of a list method: a page of items of one type."""

    item: type[Model]


class NoBody:
    """The body of a request without one."""

    def __repr__(self) -> str:
        return "no body"


NO_BODY = NoBody()


@dataclass(frozen=True, eq=False)
class Row:
    """A call of a method, and the request and result that are expected."""

    operation: str
    """Key of the operation in the contract, such as `PUT /v1/users/{user_id}`."""
    call: str
    """Dotted name of the method on a client."""
    args: tuple[str, ...]
    """Positional arguments: the ids."""
    given: Mapping[str, object]
    """Keyword arguments."""
    path: str
    """Expected path of the request."""
    returns: type[Model] | GenericAlias | PageOf | None
    """Expected type of the result."""
    query: Sequence[tuple[str, str]] = ()
    """Expected query parameters, decoded, in any order."""
    body: object = NO_BODY
    """Expected JSON body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers expected because of the arguments."""
    only_ours: str = ""
    """Reason why the vendor's client cannot make the same call; empty if it can."""

    def __str__(self) -> str:
        return self.call
