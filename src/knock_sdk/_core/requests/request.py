"""Requests: an operation with the caller's arguments, not yet encoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from typing_extensions import TypeVar

from ..sentinel import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .operation import Operation
    from .options import RequestOptions

T = TypeVar("T")


class Request(Generic[T]):
    """One operation with its arguments, and the type of its data: a model, a list of models, or None for no body."""

    __slots__ = ("body", "idempotency_key", "operation", "options", "path", "properties", "query", "response_type")

    operation: Operation
    response_type: type[T]
    path: tuple[object, ...]
    query: Mapping[str, object] | None
    body: object
    properties: object
    idempotency_key: str | None
    options: RequestOptions

    def __init__(
        self,
        operation: Operation,
        response_type: type[T],
        *,
        path: tuple[object, ...] = (),
        query: Mapping[str, object] | None = None,
        body: object = None,
        properties: object = NOT_GIVEN,
        idempotency_key: str | None = None,
        options: RequestOptions,
    ) -> None:
        """Store the arguments as the caller gave them.

        Args:
            operation: the entry of the table of operations.
            response_type: type that a success is decoded to.
            path: ids, in the order of the path.
            query: parameters by their names on the wire; those not given are left out later.
            body: fields of the JSON body, or None for no body at all.
            properties: custom properties beside the body's fields.
            idempotency_key: the caller's own key; only a keyed operation takes one.
            options: the options of this call.
        """
        self.operation = operation
        self.response_type = response_type
        self.path = path
        self.query = query
        self.body = body
        self.properties = properties
        self.idempotency_key = idempotency_key
        self.options = options


class PageRequest(Request[T]):
    """A request for one page; `T` is the type of a single item, `envelope` the model of the whole response."""

    __slots__ = ("envelope",)

    envelope: type[Any]

    def __init__(
        self,
        operation: Operation,
        envelope: type[Any],
        *,
        path: tuple[object, ...] = (),
        query: Mapping[str, object],
        options: RequestOptions,
    ) -> None:
        """Store the arguments, as `Request` does."""
        super().__init__(operation, envelope, path=path, query=query, options=options)
        self.envelope = envelope

    def at(self, cursor: Mapping[str, object]) -> PageRequest[T]:
        """Return the request for another page of the same list."""
        return PageRequest(
            self.operation, self.envelope, path=self.path, query={**(self.query or {}), **cursor}, options=self.options
        )
