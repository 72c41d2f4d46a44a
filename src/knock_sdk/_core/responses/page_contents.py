"""What pages do without sending anything: indexing, dumps, copies, pickles, and being values for Pydantic."""

# ruff: noqa: TC001, TC002, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from pydantic_core import SchemaSerializer, core_schema
from typing_extensions import Self

from ..requests.request import PageRequest
from .cursor import items_of
from .response_info import ResponseInfo

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    from ..requests.operation import Operation

T = TypeVar("T")


class PageContents(Generic[T]):
    """The response that has one page.

    It has no length: iterating over a page yields the items of the following pages too, and progress bars and `list`
    take a length for their number.

    Attributes:
        response_info: information about the response that had this page.
    """

    __slots__ = ("_envelope", "_items", "_request", "_transport", "response_info")

    response_info: ResponseInfo
    _transport: Any

    def __init__(self, transport: Any, request: PageRequest[T], envelope: Any, response_info: ResponseInfo) -> None:
        """Store a decoded page with the request that fetched it; a page that was pickled has no transport."""
        self._transport = transport
        self._request = request
        self._envelope = envelope
        self._items: Sequence[T] = items_of(request.operation, envelope)
        self.response_info = response_info

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError, with advice for names of other clients' pages."""
            from ...errors._hints import PAGE, missing_attribute

            raise missing_attribute(self, name, PAGE)

    def __bool__(self) -> bool:
        """Return whether this page has items."""
        return bool(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    @overload
    def __getitem__(self, index: str) -> Any: ...
    def __getitem__(self, index: int | slice | str) -> Any:
        """Return an item or a slice of this page's items; with a name, that field of the response."""
        if not isinstance(index, str):
            return self._items[index]
        if index not in self.keys():
            raise KeyError(index)
        return getattr(self._envelope, index)

    def keys(self) -> Sequence[str]:
        """Return the names of the response's fields, so that `dict(page)` is the response."""
        given = self._envelope.model_fields_set
        return [name for name, _ in self._envelope if name in given]

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """Return this page's response as plain data.

        Args:
            **options: As in Pydantic's `BaseModel.model_dump`, such as `mode="json"`.
        """
        dumped: dict[str, Any] = self._envelope.model_dump(**options)
        return dumped

    def model_dump_json(self, **options: Any) -> str:
        """Return this page's response as JSON.

        Args:
            **options: As in Pydantic's `BaseModel.model_dump_json`, such as `indent=2`.
        """
        text: str = self._envelope.model_dump_json(**options)
        return text

    def __copy__(self) -> Self:
        """Return a page of the same client."""
        return type(self)(self._transport, self._request, self._envelope, self.response_info)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a page of the same client, with its own items."""
        return type(self)(self._transport, self._request, deepcopy(self._envelope, memo), self.response_info)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the response and what its cursors mean; neither the client nor the options of the call."""
        request = self._request
        asked = (request.operation, request.envelope, dict(request.query or {}))
        return _unpickle, (type(self), asked, self._envelope, self.response_info)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept pages as they are, and dump them as their responses: web frameworks return them so."""
        return core_schema.is_instance_schema(
            cls, serialization=core_schema.plain_serializer_function_ser_schema(_serialize, info_arg=True)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe an object."""
        return {"type": "object", "title": cls.__name__, "additionalProperties": True}


class AsyncPageContents(PageContents[T]):
    """A page of the asynchronous client, which only `async for` iterates over."""

    __slots__ = ()

    __iter__: ClassVar[None] = None  # otherwise Python, and type checkers, would iterate by index


def _serialize(page: PageContents[Any], info: SerializationInfo) -> dict[str, Any]:
    return page.model_dump(
        mode=info.mode,
        include=info.include,
        exclude=info.exclude,
        by_alias=info.by_alias,
        exclude_none=info.exclude_none,
        exclude_defaults=info.exclude_defaults,
    )


# Where its type is not declared, as in a dict that a web framework returns, a page is dumped alike.
setattr(  # noqa: B010 - type checkers would take it for a model
    PageContents,
    "__pydantic_serializer__",
    SchemaSerializer(
        core_schema.any_schema(
            serialization=core_schema.plain_serializer_function_ser_schema(_serialize, info_arg=True)
        )
    ),
)


def _unpickle(
    page: type[PageContents[Any]],
    asked: tuple[Operation, type[Any], Mapping[str, object]],
    envelope: Any,
    info: ResponseInfo,
) -> PageContents[Any]:
    operation, model, query = asked
    request: PageRequest[Any] = PageRequest(operation, model, query=query, options={})
    return page(None, request, envelope, info)
