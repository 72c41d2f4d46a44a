"""What tests declare about the account around workflows: audiences, Slack, Microsoft Teams, time zone, failing jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import Required, TypedDict

from ..background.bulk_operations import BulkOperations
from ..environment import Environment
from ..integrations import chat_providers
from ..recipients import audiences
from ..state import settings
from ..state.ids import uuid_of
from ..workflows import time_zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..state.json_objects import JSON


class SlackChannel(TypedDict, total=False):
    """A conversation in a Slack workspace."""

    name: Required[str]
    """Its name, without the `#`."""
    id: str
    """Its id in Slack; one made from the name if absent."""
    type: str
    """`public_channel`, which it is if absent, `private_channel`, `mpim` or `im`."""
    archived: bool
    """Whether it has been archived."""


class MsTeamsChannel(TypedDict, total=False):
    """A channel of a team in Microsoft Teams."""

    name: Required[str]
    """Its name."""
    id: str
    """Its id in Microsoft Graph; one made from the names if absent."""
    type: str
    """`standard`, which it is if absent, `private` or `shared`."""
    archived: bool
    """Whether it has been archived."""


class AccountDeclarations(Environment):
    """The part of the simulator that declares what stands around workflows."""

    @property
    def account_timezone(self) -> str:
        """The time zone of the account, in which the schedules of recipients without a `timezone` are read."""
        return self._world.of(settings.AccountSettings).timezone

    @account_timezone.setter
    def account_timezone(self, name: str) -> None:
        if time_zones.find(name) is None:
            raise ValueError(f"{name!r} is no time zone of the tz database, such as Europe/Paris")
        with self._lock:
            self._world.of(settings.AccountSettings).timezone = name

    def audience(self, key: str, *, workflows: Sequence[str] = ()) -> None:
        """Declare an audience, as one does in the dashboard; one that exists keeps its members.

        Args:
            key: Key of the audience, by which conditions and requests name it.
            workflows: Keys of the workflows that are triggered for whoever enters it.
        """
        if isinstance(workflows, str):
            raise TypeError("workflows takes a list, not one string")
        with self._lock:
            audiences.create(self._world, key)
            audiences.existing(self._world, key).workflows = tuple(workflows)

    def slack(
        self, access_token: str, *, channels: Iterable[str | SlackChannel] = (), team_id: str | None = None
    ) -> None:
        """Declare a Slack workspace that an access token opens; any other token is refused.

        Args:
            access_token: The token, as it stands in the channel data of the tenant or object.
            channels: What is in the workspace: names of public channels, or more about each.
            team_id: Slack's id of the workspace; one made from the token if absent.

        Raises:
            ValueError: A channel is of no type that Slack has.
        """
        team = team_id or _slack_id("T", access_token)
        conversations = tuple(_conversation(team, channel) for channel in channels)
        with self._lock:
            self._world.of(chat_providers.Directory).slack[access_token] = chat_providers.SlackWorkspace(
                team, conversations
            )

    def ms_teams(self, tenant_id: str, *, teams: Mapping[str, Sequence[str | MsTeamsChannel]] | None = None) -> None:
        """Declare a Microsoft Entra tenant that has connected Microsoft Teams; any other tenant is refused.

        Args:
            tenant_id: Its id, a UUID, as it stands in the channel data of the tenant or object.
            teams: Its teams by their names, each with the names of its channels, or more about each.

        Raises:
            ValueError: A channel is of no type that Teams has.
        """
        found = tuple(_team(tenant_id, name, channels) for name, channels in (teams or {}).items())
        with self._lock:
            self._world.of(chat_providers.Directory).ms_teams[tenant_id] = found

    def fail_bulk_operations(self, name: str | None = None, *, next: int = 1) -> None:
        """Let bulk operations fail as a whole: no row is worked on, and the status becomes `failed`.

        Args:
            name: Only those with this name, such as `users.identify`.
            next: How many of the next ones.
        """
        with self._lock:
            failures = self._world.of(BulkOperations).failures
            failures[name] = failures.get(name, 0) + next


def _conversation(team: str, channel: str | SlackChannel) -> chat_providers.SlackConversation:
    described: SlackChannel = {"name": channel} if isinstance(channel, str) else channel
    name, kind = described["name"], described.get("type", chat_providers.SLACK_KINDS[0])
    if kind not in chat_providers.SLACK_KINDS:
        raise ValueError(f"channel {name!r}: {kind!r} is none of {', '.join(chat_providers.SLACK_KINDS)}")
    made = _slack_id("D" if kind == "im" else "C", f"{team} {name}")
    return chat_providers.SlackConversation(described.get("id", made), name, kind, described.get("archived", False))


def _slack_id(letter: str, name: str) -> str:
    return letter + uuid_of(f"slack {name}").replace("-", "")[:10].upper()


def _team(tenant_id: str, name: str, channels: Sequence[str | MsTeamsChannel]) -> chat_providers.TeamsTeam:
    if isinstance(channels, str):
        raise TypeError(f"team {name!r}: takes a list of channels, not one string")
    place = f"{tenant_id} {name}"
    return chat_providers.TeamsTeam(
        uuid_of(f"team {place}"), name, tuple(_teams_channel(place, channel) for channel in channels)
    )


def _teams_channel(place: str, channel: str | MsTeamsChannel) -> JSON:
    described: MsTeamsChannel = {"name": channel} if isinstance(channel, str) else channel
    name, kind = described["name"], described.get("type", "standard")
    if kind not in chat_providers.TEAMS_KINDS:
        raise ValueError(f"channel {name!r}: {kind!r} is none of {', '.join(chat_providers.TEAMS_KINDS)}")
    made = f"19:{uuid_of(f'channel {place} {name}').replace('-', '')}@thread.tacv2"
    return {
        "displayName": name,
        "id": described.get("id", made),
        "isArchived": described.get("archived", False),
        "membershipType": kind,
    }
