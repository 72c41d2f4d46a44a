"""Types of the query parameters that have parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["MsTeamsChannelsQuery", "MsTeamsTeamsQuery", "SlackChannelsQuery", "TimeRange"]


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
