"""Declarations about the account: audiences, Slack, Microsoft Teams, the time zone and failing bulk operations."""

# ruff: noqa: TC001 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from typing_extensions import Required, TypedDict

from ..background.bulk_operations import BulkOperations, check_name
from ..environment import Environment
from ..integrations import chat_providers
from ..state import settings
from ..state.arguments import check_list_of_texts, check_type
from ..state.ids import uuid_of
from ..state.json_objects import JSON
from ..state.names import refuse_misspelt
from ..workflows.runtime import time_zones
from . import audience_segments
from .audience_segments import AudienceSegment


class SlackChannel(TypedDict, total=False):
    """A conversation in a Slack workspace."""

    name: Required[str]
    """Name of the conversation, without the `#`."""
    id: str
    """Id in Slack; generated from the name if absent."""
    type: str
    """`public_channel` (the default), `private_channel`, `mpim` or `im`."""
    archived: bool
    """Whether the conversation is archived; false if absent."""


class MsTeamsChannel(TypedDict, total=False):
    """A channel of a team in Microsoft Teams."""

    name: Required[str]
    """Name of the channel."""
    id: str
    """Id in Microsoft Graph; generated from the names if absent."""
    type: str
    """`standard` (the default), `private` or `shared`."""
    archived: bool
    """Whether the channel is archived; false if absent."""


class AccountDeclarations(Environment):
    """Declarations about the account and the services that it is connected to."""

    @property
    def account_timezone(self) -> str:
        """Time zone of the account, which schedules use for recipients without a `timezone`."""
        return self._world.of(settings.AccountSettings).timezone

    @account_timezone.setter
    def account_timezone(self, name: str) -> None:
        if time_zones.find(name) is None:
            raise ValueError(f"account_timezone: {name!r} is not in the tz database; use a name such as Europe/Paris")
        with self._lock:
            self._world.note("declaration")
            self._world.of(settings.AccountSettings).timezone = name

    def audience(
        self, key: str, *, workflows: Sequence[str] = (), segments: Sequence[AudienceSegment] | None = None
    ) -> None:
        """Declare an audience, as in the dashboard; a static audience that exists keeps its members.

        Args:
            key: Key of the audience, which conditions and requests refer to.
            workflows: Keys of the workflows to trigger for each user who enters the audience from now on.
            segments: For a dynamic audience, whose members are the users that fit one of the segments:
                `[{"conditions": [{"property": "plan", "operator": "equal_to", "argument": "pro"}]}]`. They are found
                now, and again whenever a user is changed. Without segments, the audience is static, or stays as it is.

        Raises:
            TypeError: `workflows` is one string instead of a list, or the segments are malformed.
            ValueError: A key is probably a misspelling of a declared workflow's, a segment has no conditions or a
                malformed one, or the segments are given for an audience to which a step of a workflow adds users.
        """
        check_type("key", key, str, "the key of the audience")
        check_list_of_texts("workflows", workflows)
        parsed = None if segments is None else audience_segments.parse(segments, f"audience {key}")
        with self._lock:
            self._world.note("declaration")
            for workflow in workflows:
                refuse_misspelt("workflows", workflow, self._world.workflows)
            audience_segments.declare(self._world, key, tuple(workflows), parsed)

    def slack(
        self, access_token: str, *, channels: Iterable[str | SlackChannel] = (), team_id: str | None = None
    ) -> None:
        """Declare a Slack workspace and the access token for it; other tokens are rejected.

        Args:
            access_token: The token, as in the channel data of the tenant or object.
            channels: Conversations of the workspace: names of public channels, or a `SlackChannel` with more details.
            team_id: Slack's id of the workspace; generated from the token if absent.

        Raises:
            TypeError: `channels` is one string instead of a list.
            ValueError: The type of a channel is not one that Slack has.
        """
        if isinstance(channels, str):
            raise TypeError("channels: takes a list, not one string")
        team = team_id or _slack_id("T", access_token)
        conversations = tuple(_build_conversation(team, channel) for channel in channels)
        with self._lock:
            self._world.note("declaration")
            self._world.of(chat_providers.Directory).slack[access_token] = chat_providers.SlackWorkspace(
                team, conversations
            )

    def ms_teams(self, tenant_id: str, *, teams: Mapping[str, Sequence[str | MsTeamsChannel]] | None = None) -> None:
        """Declare a Microsoft Entra tenant that has connected Microsoft Teams; other tenants are rejected.

        Args:
            tenant_id: Id of the Entra tenant, a UUID, as in the channel data of the tenant or object.
            teams: Channels by the name of their team: names of standard channels, or an `MsTeamsChannel` with more
                details.

        Raises:
            TypeError: `teams` is no mapping, or the channels of a team are one string instead of a list.
            ValueError: The type of a channel is not one that Microsoft Teams has.
        """
        if teams is not None:
            check_type("teams", teams, Mapping, "lists of channels by the name of their team")
        built = tuple(_build_team(tenant_id, name, channels) for name, channels in (teams or {}).items())
        with self._lock:
            self._world.note("declaration")
            self._world.of(chat_providers.Directory).ms_teams[tenant_id] = built

    def fail_bulk_operations(self, name: str | None = None, *, next: int = 1) -> None:
        """Make the next bulk operations fail as a whole: no row is processed, and the status becomes `failed`.

        Args:
            name: Only operations with this name, such as `users.identify`; operations of any name if absent.
            next: How many operations fail.

        Raises:
            TypeError: An argument has a wrong type.
            ValueError: No bulk operation has this name, or `next` is below 1.
        """
        check_type("next", next, int, "a number of operations")
        if name is not None:
            check_type("name", name, str, "the name of a bulk operation, such as 'users.identify'")
            check_name(name)
        if next < 1:
            raise ValueError("next: takes 1 or more")
        with self._lock:
            failures = self._world.of(BulkOperations).failures
            failures[name] = failures.get(name, 0) + next


def _build_conversation(team: str, channel: str | SlackChannel) -> chat_providers.SlackConversation:
    details: SlackChannel = {"name": channel} if isinstance(channel, str) else channel
    name, kind = details["name"], details.get("type", chat_providers.SLACK_KINDS[0])
    if kind not in chat_providers.SLACK_KINDS:
        kinds = ", ".join(chat_providers.SLACK_KINDS)
        raise ValueError(f"channel {name!r}: the type {kind!r} is not one of {kinds}")
    default_id = _slack_id("D" if kind == "im" else "C", f"{team} {name}")
    return chat_providers.SlackConversation(details.get("id", default_id), name, kind, details.get("archived", False))


def _slack_id(letter: str, name: str) -> str:
    return letter + uuid_of(f"slack {name}").replace("-", "")[:10].upper()


def _build_team(tenant_id: str, name: str, channels: Sequence[str | MsTeamsChannel]) -> chat_providers.TeamsTeam:
    if isinstance(channels, str):
        raise TypeError(f"team {name!r}: takes a list of channels, not one string")
    seed = f"{tenant_id} {name}"
    return chat_providers.TeamsTeam(
        uuid_of(f"team {seed}"), name, tuple(_build_teams_channel(seed, channel) for channel in channels)
    )


def _build_teams_channel(seed: str, channel: str | MsTeamsChannel) -> JSON:
    details: MsTeamsChannel = {"name": channel} if isinstance(channel, str) else channel
    name, kind = details["name"], details.get("type", "standard")
    if kind not in chat_providers.TEAMS_KINDS:
        kinds = ", ".join(chat_providers.TEAMS_KINDS)
        raise ValueError(f"channel {name!r}: the type {kind!r} is not one of {kinds}")
    default_id = f"19:{uuid_of(f'channel {seed} {name}').replace('-', '')}@thread.tacv2"
    return {
        "displayName": name,
        "id": details.get("id", default_id),
        "isArchived": details.get("archived", False),
        "membershipType": kind,
    }
