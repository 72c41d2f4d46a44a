"""Chat providers: checking and revoking credentials, and listing channels in Slack and Microsoft Teams."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, TypeVar

from ..._core.type_guards import is_object
from ..http.calls import Reply
from ..http.errors import Problem, invalid_field, not_found
from ..http.query import Query
from ..integrations.chat_providers import (
    MS_TEAMS,
    SLACK,
    SLACK_KINDS,
    Access,
    Directory,
    credential_of,
    invalid_credential,
)
from ..integrations.odata import compile_filter
from ..recipients import profiles
from ..state.json_objects import object_at
from .lookup import channel_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..http.calls import Call
    from ..integrations.chat_providers import Provider, SlackConversation, SlackWorkspace, TeamsTeam
    from ..state.json_objects import JSON

R = TypeVar("R")

# The providers' reasons for rejecting an unknown credential.
_UNKNOWN_TOKEN = "invalid_auth"  # noqa: S105 (a reason, not a token)
_UNKNOWN_TENANT = "tenant_not_found"

_SLACK_PAGE = 200
_LARGEST_PAGE = 1_000
"""For both; the limit of Microsoft Graph is close to it."""
_TEAMS_PAGE = 100
_ALWAYS_SHOWN = ("displayName", "id")
_OK: JSON = {"ok": "ok"}
"""The value for success is not documented: a guess. Knock's components for browsers compare the body with the text
"ok", which contradicts its API document."""


def check_slack(call: Call) -> Reply:
    """Return whether Slack accepts the token on an object; a missing token is an error."""
    found = _find_workspace(call, find_access(call, SLACK))
    return Reply({"connection": {"ok": found is not None, "reason": None if found else _UNKNOWN_TOKEN}})


def revoke_slack(call: Call) -> Reply:
    """Revoke the token on an object in Slack, and remove it from the object."""
    granted = find_access(call, SLACK)
    granted.revoke()
    call.world.of(Directory).slack.pop(granted.credential, None)
    return Reply(_OK)


def list_slack_channels(call: Call) -> Reply:
    """Return a page of a workspace's channels."""
    granted = find_access(call, SLACK)
    workspace = _find_workspace(call, granted)
    if workspace is None:
        raise invalid_credential(_UNKNOWN_TOKEN)
    options = _options(call)
    kinds = _requested_kinds(options, granted)
    with_archived = options.text("exclude_archived", ("true", "false")) == "false"
    team = options.text("team_id")
    rows = [
        row
        for row in workspace.conversations
        if row.kind in kinds and (with_archived or not row.archived) and team in (None, "", workspace.team_id)
    ]
    shown, cursor = _paginate(options, rows, "cursor", "limit", _SLACK_PAGE)
    return Reply(
        {"next_cursor": cursor, "slack_channels": [_render_conversation(row, workspace.team_id) for row in shown]}
    )


def check_ms_teams(call: Call) -> Reply:
    """Return whether the Microsoft Entra tenant on an object is connected; a missing tenant id is an error."""
    granted = find_access(call, MS_TEAMS)
    known = granted.credential in call.world.of(Directory).ms_teams
    reason = None if known else _UNKNOWN_TENANT
    return Reply({"connection": {"ms_teams_tenant_id": granted.credential, "ok": known, "reason": reason}})


def revoke_ms_teams(call: Call) -> Reply:
    """Remove the id of the Microsoft Entra tenant from an object."""
    find_access(call, MS_TEAMS).revoke()
    return Reply(_OK)


def list_ms_teams_teams(call: Call) -> Reply:
    """Return a page of a tenant's teams."""
    options, teams = _options(call), _find_teams(call)
    rows: list[JSON] = [{"displayName": team.name, "id": team.id} for team in teams]
    shown, token = _paginate(options, _filter(options, rows), "$skiptoken", "$top", _TEAMS_PAGE)
    return Reply({"ms_teams_teams": [_select_fields(options, row) for row in shown], "skip_token": token})


def list_ms_teams_channels(call: Call) -> Reply:
    """Return the channels of a team, without archived and private ones unless there is a filter."""
    options = _options(call)
    wanted = call.query.text("team_id")
    team = next((team for team in _find_teams(call) if team.id == wanted), None)
    if team is None:
        raise not_found("team", str(wanted))
    rows: Sequence[JSON] = team.channels
    if options.text("$filter"):
        rows = _filter(options, rows)
    else:
        rows = [row for row in rows if row["membershipType"] != "private" and not row["isArchived"]]
    return Reply({"ms_teams_channels": [_select_fields(options, row) for row in rows]})


def _find_workspace(call: Call, granted: Access) -> SlackWorkspace | None:
    return call.world.of(Directory).slack.get(granted.credential)


def _requested_kinds(options: Query, granted: Access) -> Sequence[str]:
    """Return the requested kinds of conversation; by default private ones only if a connection has a Slack user."""
    types = options.text("types")
    if not types:
        known_user = any(connection.get("user_id") for connection in granted.data.get("connections", ()))
        return SLACK_KINDS[:2] if known_user else SLACK_KINDS[:1]
    kinds = [kind.strip() for kind in types.split(",")]
    if not set(kinds) <= set(SLACK_KINDS):
        raise invalid_field(
            "query_options.types", "inclusion", f"takes a comma-separated list of {', '.join(SLACK_KINDS)}"
        )
    return kinds


def _render_conversation(row: SlackConversation, team_id: str) -> JSON:
    return {
        "context_team_id": team_id,
        "id": row.id,
        "is_im": row.kind == "im",
        "is_private": row.kind != "public_channel",
        "name": row.name,
    }


def _find_teams(call: Call) -> Sequence[TeamsTeam]:
    found = call.world.of(Directory).ms_teams.get(find_access(call, MS_TEAMS).credential)
    if found is None:
        raise invalid_credential(_UNKNOWN_TENANT)
    return found


def _options(call: Call) -> Query:
    options: Any = call.query.values.get("query_options")
    return Query(options if is_object(options) else {})


def _filter(options: Query, rows: Sequence[JSON]) -> Sequence[JSON]:
    expression = options.text("$filter")
    return list(filter(compile_filter(expression, "query_options.$filter"), rows)) if expression else rows


def _select_fields(options: Query, row: JSON) -> JSON:
    """Return the requested fields of a row, and those that the API's response must have."""
    selected = options.text("$select")
    if not selected:
        return row
    names = {*_ALWAYS_SHOWN, *(name.strip() for name in selected.split(","))}
    return {name: value for name, value in row.items() if name in names}


def _paginate(
    options: Query, rows: Sequence[R], cursor: str, limit: str, default_size: int
) -> tuple[Sequence[R], str | None]:
    """Return the requested page, and the cursor of the next one; `cursor` and `limit` are names of options."""
    size = options.integer(limit)
    if size is not None and not 1 <= size <= _LARGEST_PAGE:
        raise invalid_field(f"query_options.{limit}", "number", f"must be from 1 to {_LARGEST_PAGE:,}")
    start = _parse_cursor(options, cursor)
    end = start + (size or default_size)
    return rows[start:end], urlsafe_b64encode(b"next:%d" % end).decode("ascii") if end < len(rows) else None


def _parse_cursor(options: Query, cursor: str) -> int:
    text = options.text(cursor)
    if not text:
        return 0
    try:
        matched = re.fullmatch(rb"next:(\d{1,9})", urlsafe_b64decode(text.encode("ascii")))
    except ValueError:
        matched = None
    if matched is None:
        raise invalid_field(f"query_options.{cursor}", "format", "is not a cursor that a page returned")
    return int(matched[1])


def find_access(call: Call, provider: Provider) -> Access:
    """Return the credential on the object that a request identifies.

    Raises:
        Problem: The channel does not exist or belongs to another provider, or the object has no credential.
    """
    channel = channel_of(call.world, call.path["channel_id"])
    if channel.provider != provider.name:
        raise not_found(f"{provider.name} channel", channel.id)
    holder = profiles.find(call.world, call.query.object_reference(provider.parameter))
    data = object_at(holder.channel_data, channel.id) if holder else {}
    found = credential_of(data, provider.credential)
    if found is None:
        raise Problem("authorization", provider.unset)
    return Access(provider, data, found)


HANDLERS = {
    "listChannelsForMsTeamsProvider": list_ms_teams_channels,
    "listChannelsForSlackProvider": list_slack_channels,
    "listTeamsForMsTeamsProvider": list_ms_teams_teams,
    "msTeamsProviderAuthCheck": check_ms_teams,
    "msTeamsProviderRevokeAccess": revoke_ms_teams,
    "slackProviderAuthCheck": check_slack,
    "slackProviderRevokeAccess": revoke_slack,
}
