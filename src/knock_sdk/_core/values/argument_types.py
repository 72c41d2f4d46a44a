"""Types of arguments: JSON objects and arrays, and query parameters that are objects.

Calls do not load this module. The evaluation of a method's annotations does, and so does validation with a type of
`knock_sdk.params`: everything here exists at run time, and Pydantic can validate with it.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Iterator, Mapping, ValuesView
from collections.abc import Set as AbstractSet
from dataclasses import Field, is_dataclass
from datetime import datetime  # noqa: TC003 - Pydantic needs it to validate a TimeRange
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol, TypeAlias, TypeVar, get_args

from pydantic import BaseModel
from pydantic_core import core_schema
from typing_extensions import TypedDict

from ..type_guards import is_items

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = [
    "AsyncManyItems",
    "DataclassInstance",
    "Items",
    "JSONModel",
    "JSONObject",
    "ManyItems",
    "MsTeamsChannelsQuery",
    "MsTeamsTeamsQuery",
    "ProviderObject",
    "RowBatch",
    "SequenceOf",
    "SlackChannelsQuery",
    "TimeRange",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class DataclassInstance(Protocol):
    """An instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class _AsModel:
    """Makes Pydantic accept models and dataclasses, unchanged; it would read a mapping as an empty `BaseModel`."""

    @staticmethod
    def __get_pydantic_core_schema__(_source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_check_model)

    @staticmethod
    def __get_pydantic_json_schema__(_schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "object"}


def _check_model(value: object) -> object:
    if isinstance(value, BaseModel) or (is_dataclass(value) and not isinstance(value, type)):
        return value
    raise ValueError("must be a Pydantic model or a dataclass")


class _AsArray:
    """Makes Pydantic read everything that becomes an array as a list."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (item,) = get_args(get_args(source)[0])
        items = core_schema.list_schema(handler.generate_schema(item))
        return core_schema.no_info_before_validator_function(_to_list, items)


def _to_list(value: object) -> object:
    return list(value) if is_items(value) else value


JSONModel: TypeAlias = Annotated[BaseModel | DataclassInstance, _AsModel]
"""A JSON object as a Pydantic model or a dataclass; in place of any typed dict of `knock_sdk.params`."""

JSONObject: TypeAlias = Mapping[str, object] | JSONModel
"""A JSON object with arbitrary keys: a mapping, a Pydantic model or a dataclass."""


class SequenceOf(Protocol[T_co]):
    """A sequence; strings and bytes do not match, since their `__contains__` does not accept every object."""

    def __contains__(self, value: object, /) -> bool: ...
    def __iter__(self) -> Iterator[T_co]: ...
    def __len__(self) -> int: ...

    @property
    def count(self) -> object:
        """Excludes mappings, which have no `count`; as a method, its argument would make mypy infer `list[Any]`."""


Items: TypeAlias = Annotated[SequenceOf[T] | AbstractSet[T] | ValuesView[T], _AsArray]
"""A list, tuple, set or view of a dict; neither a string, whose characters would be the elements, nor a dict."""


class RowBatch(Protocol):
    """Several rows together, such as a record batch of Arrow."""

    def to_pylist(self) -> Any:
        """Return the rows as dicts."""
        ...


ManyItems: TypeAlias = Iterable[T | RowBatch] | RowBatch
"""What yields items one after another: a list, a generator, a reader of CSV, a table or batches of Arrow."""
AsyncManyItems: TypeAlias = ManyItems[T] | AsyncIterable[T | RowBatch]
"""The same, asynchronous iterables included."""


class TimeRange(TypedDict, total=False):
    """Bounds of a time, each a datetime or ISO 8601 text; all given bounds apply."""

    gt: datetime | str
    """Later than this."""
    gte: datetime | str
    """At this time or later."""
    lt: datetime | str
    """Earlier than this."""
    lte: datetime | str
    """At this time or earlier."""


class ProviderObject(TypedDict):
    """The object that stores the credentials of a Slack or Microsoft Teams connection."""

    collection: str
    """Collection that the object is in."""
    object_id: str
    """Id of the object."""


class SlackChannelsQuery(TypedDict, total=False):
    """Options of Slack's own list of conversations."""

    cursor: str
    """Cursor of the page to return."""
    exclude_archived: bool
    """Whether to leave out archived channels."""
    limit: int
    """Number of channels on a page; 200 if absent."""
    team_id: str
    """Id of the workspace, for an organisation-wide token."""
    types: str
    """Kinds of channels, separated by commas: `public_channel`, `private_channel`, `mpim`, `im`."""


MsTeamsChannelsQuery = TypedDict("MsTeamsChannelsQuery", {"$filter": str, "$select": str}, total=False)
"""Options of Microsoft Graph's list of channels: an OData filter and the properties to return."""

MsTeamsTeamsQuery = TypedDict(
    "MsTeamsTeamsQuery", {"$filter": str, "$select": str, "$skiptoken": str, "$top": int}, total=False
)
"""Options of Microsoft Graph's list of teams: an OData filter, the properties to return, page token and page size."""
