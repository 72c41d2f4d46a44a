"""Types of arguments: JSON objects and arrays, and query parameters that are objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias, TypeVar

from typing_extensions import TypedDict

if TYPE_CHECKING:
    from dataclasses import Field
    from datetime import datetime

    from pydantic import BaseModel

__all__ = [
    "DataclassInstance",
    "Items",
    "JSONObject",
    "MsTeamsChannelsQuery",
    "MsTeamsTeamsQuery",
    "SequenceOf",
    "SlackChannelsQuery",
    "TimeRange",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class DataclassInstance(Protocol):
    """An instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


JSONObject: TypeAlias = "Mapping[str, object] | BaseModel | DataclassInstance"
"""A JSON object with arbitrary keys: a mapping, a Pydantic model or a dataclass."""


class SequenceOf(Protocol[T_co]):
    """A sequence; strings and bytes do not match, since their `__contains__` does not accept every object."""

    def __contains__(self, value: object, /) -> bool: ...
    def __iter__(self) -> Iterator[T_co]: ...
    def __len__(self) -> int: ...

    @property
    def count(self) -> object:
        """Excludes mappings, which have no `count`; as a method, its argument would make mypy infer `list[Any]`."""


Items: TypeAlias = SequenceOf[T] | AbstractSet[T] | ValuesView[T]
"""A list, tuple, set or view of a dict; neither a string, whose characters would be the elements, nor a dict."""


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
