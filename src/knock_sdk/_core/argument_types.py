"""Types of arguments: what encodes to a JSON object or array, and the query parameters that are objects."""

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
"""A JSON object with keys of the caller's own: a mapping, a Pydantic model or a dataclass."""


class SequenceOf(Protocol[T_co]):
    """A sequence, but neither a string nor bytes, whose `__contains__` does not take every object."""

    def __contains__(self, value: object, /) -> bool: ...
    def __iter__(self) -> Iterator[T_co]: ...
    def __len__(self) -> int: ...

    @property
    def count(self) -> object:
        """The method that no mapping has; written as one, its argument would make mypy infer `list[Any]` for lists."""


Items: TypeAlias = SequenceOf[T] | AbstractSet[T] | ValuesView[T]
"""A list, tuple, set or view of a dict; not a string, which would be taken apart, and not a dict."""


class TimeRange(TypedDict, total=False):
    """Limits to a time, each a datetime or its ISO 8601 text; those given must all hold."""

    gt: datetime | str
    """Later than this."""
    gte: datetime | str
    """At this time or later."""
    lt: datetime | str
    """Earlier than this."""
    lte: datetime | str
    """At this time or earlier."""


class SlackChannelsQuery(TypedDict, total=False):
    """Options that Slack's own list of conversations takes."""

    cursor: str
    """Cursor of the page to return."""
    exclude_archived: bool
    """Whether to leave out archived channels."""
    limit: int
    """Number of channels on a page; 200 if absent."""
    team_id: str
    """Id of the workspace, for a token of a whole organisation."""
    types: str
    """Kinds of channels, separated by commas: `public_channel`, `private_channel`, `mpim`, `im`."""


MsTeamsChannelsQuery = TypedDict("MsTeamsChannelsQuery", {"$filter": str, "$select": str}, total=False)
"""Options that Microsoft Graph's list of channels takes: an OData filter and a choice of properties."""

MsTeamsTeamsQuery = TypedDict(
    "MsTeamsTeamsQuery", {"$filter": str, "$select": str, "$skiptoken": str, "$top": int}, total=False
)
"""Options that Microsoft Graph's list of teams takes: filter, choice of properties, page token and page size."""
