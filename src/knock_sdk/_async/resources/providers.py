"""Providers: connections to Slack and Microsoft Teams."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from ..._core.values.query import graph_options, json_text
from .._paginate import paginate
from ._base import AsyncResource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import (
        JSONModel,
        MsTeamsChannelsQuery,
        MsTeamsTeamsQuery,
        ProviderObject,
        SlackChannelsQuery,
    )
    from .._paginate import AsyncPaginator


class AsyncProviders(AsyncResource):
    """Providers: connections to Slack and Microsoft Teams."""

    @cached_property
    def ms_teams(self) -> AsyncMsTeams:
        """Microsoft Teams: its connection, teams and channels."""
        return AsyncMsTeams(self._transport)

    @cached_property
    def slack(self) -> AsyncSlack:
        """Slack: its connection and channels."""
        return AsyncSlack(self._transport)


class AsyncMsTeams(AsyncResource):
    """Microsoft Teams: its connection, teams and channels."""

    async def check_auth(
        self,
        channel_id: str,
        *,
        ms_teams_tenant_object: str | ProviderObject | JSONModel,
        **options: Unpack[RequestOptions],
    ) -> t.MsTeamsAuthCheckResponse:
        """Check a Microsoft Teams connection.

        `GET /v1/providers/ms-teams/{channel_id}/auth_check`. Checks whether the Microsoft Entra tenant stored on
        the object is connected to the Teams channel. A connection that fails is still a 200 with `connection.ok`
        false and a reason.

        Args:
            channel_id: Id of the Knock channel that is set up for this provider.
            ms_teams_tenant_object: JSON string that identifies the object with the Microsoft Entra tenant id, by
                `object_id` and `collection` (as JSON text, or as an object that is encoded for you).
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Whether the connection works, and if not, why.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.MS_TEAMS_PROVIDER_AUTH_CHECK,
                t.MsTeamsAuthCheckResponse,
                path=(channel_id,),
                query={"ms_teams_tenant_object": json_text(ms_teams_tenant_object)},
                options=options,
            )
        )

    async def list_channels(
        self,
        channel_id: str,
        *,
        ms_teams_tenant_object: str | ProviderObject | JSONModel,
        team_id: str,
        query_options: MsTeamsChannelsQuery | None = None,
        **options: Unpack[RequestOptions],
    ) -> t.ChannelsForMsTeamsProviderResponse:
        """List a team's Microsoft Teams channels.

        `GET /v1/providers/ms-teams/{channel_id}/channels`. Returns the channels of one team, read from Microsoft
        Graph, all in one response. Archived and private channels are left out by default.

        Args:
            channel_id: Id of the Knock channel that is set up for this provider.
            ms_teams_tenant_object: JSON string that identifies the object with the Microsoft Entra tenant id, by
                `object_id` and `collection` (as JSON text, or as an object that is encoded for you).
            team_id: Microsoft's id of the team.
            query_options: Options that are passed on to the provider: `$filter`: OData expression that Microsoft
                Graph uses to choose channels; `$select`: comma-separated properties of a channel that Microsoft
                Graph should return.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The channels of the team.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.LIST_CHANNELS_FOR_MS_TEAMS_PROVIDER,
                t.ChannelsForMsTeamsProviderResponse,
                path=(channel_id,),
                query={
                    "ms_teams_tenant_object": json_text(ms_teams_tenant_object),
                    "team_id": team_id,
                    "query_options": graph_options(query_options),
                },
                options=options,
            )
        )

    async def revoke_access(
        self,
        channel_id: str,
        *,
        ms_teams_tenant_object: str | ProviderObject | JSONModel,
        **options: Unpack[RequestOptions],
    ) -> t.SuccessResponse:
        """Revoke Microsoft Teams access.

        `PUT /v1/providers/ms-teams/{channel_id}/revoke_access`. Disconnects Teams by removing the Microsoft Entra
        tenant id from the object. A 403 means that the object has none.

        Args:
            channel_id: Id of the Knock channel that is set up for this provider.
            ms_teams_tenant_object: JSON string that identifies the object with the Microsoft Entra tenant id, by
                `object_id` and `collection` (as JSON text, or as an object that is encoded for you).
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Confirmation that access was revoked.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.MS_TEAMS_PROVIDER_REVOKE_ACCESS,
                t.SuccessResponse,
                path=(channel_id,),
                query={"ms_teams_tenant_object": json_text(ms_teams_tenant_object)},
                options=options,
            )
        )

    def list_teams(
        self,
        channel_id: str,
        *,
        ms_teams_tenant_object: str | ProviderObject | JSONModel,
        query_options: MsTeamsTeamsQuery | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.MsTeamsTeam]:
        """List Microsoft Teams teams.

        `GET /v1/providers/ms-teams/{channel_id}/teams`. Returns the teams of the connected Microsoft Entra tenant,
        read from Microsoft Graph. For the next page, pass `skip_token` as `query_options.$skiptoken`.

        Args:
            channel_id: Id of the Knock channel that is set up for this provider.
            ms_teams_tenant_object: JSON string that identifies the object with the Microsoft Entra tenant id, by
                `object_id` and `collection` (as JSON text, or as an object that is encoded for you).
            query_options: Options that are passed on to the provider: `$filter`: OData expression that Microsoft
                Graph uses to choose teams; `$select`: comma-separated properties of a team that Microsoft Graph
                should return; `$top`: maximum number of teams on a page, passed to Microsoft Graph; `$skiptoken`:
                the `skip_token` of the page before; leave it out for the first page.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_TEAMS_FOR_MS_TEAMS_PROVIDER,
                t.TeamsForMsTeamsProviderResponse,
                path=(channel_id,),
                query={
                    "ms_teams_tenant_object": json_text(ms_teams_tenant_object),
                    "query_options": graph_options(query_options),
                },
                options=options,
            ),
        )


class AsyncSlack(AsyncResource):
    """Slack: its connection and channels."""

    async def check_auth(
        self,
        channel_id: str,
        *,
        access_token_object: str | ProviderObject | JSONModel,
        **options: Unpack[RequestOptions],
    ) -> t.SlackAuthCheckResponse:
        """Check a Slack connection.

        `GET /v1/providers/slack/{channel_id}/auth_check`. Checks whether the Slack access token stored on the
        object works. A connection that fails is usually a 200 with `connection.ok` false and a reason.

        Args:
            channel_id: Id of the Knock channel that is set up for this provider.
            access_token_object: JSON string that identifies the object with the Slack access token, by `object_id`
                and `collection` (as JSON text, or as an object that is encoded for you).
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Whether the connection works, and if not, why.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.SLACK_PROVIDER_AUTH_CHECK,
                t.SlackAuthCheckResponse,
                path=(channel_id,),
                query={"access_token_object": json_text(access_token_object)},
                options=options,
            )
        )

    def list_channels(
        self,
        channel_id: str,
        *,
        access_token_object: str | ProviderObject | JSONModel,
        query_options: SlackChannelsQuery | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.SlackChannel]:
        """List Slack channels.

        `GET /v1/providers/slack/{channel_id}/channels`. Returns the channels of the connected Slack workspace. For
        the next page, pass `next_cursor` as `query_options.cursor`; a 403 means that the object has no usable
        access token.

        Args:
            channel_id: Id of the Knock channel that is set up for this provider.
            access_token_object: JSON string that identifies the object with the Slack access token, by `object_id`
                and `collection` (as JSON text, or as an object that is encoded for you).
            query_options: Options that are passed on to the provider: `cursor`: the `next_cursor` of the page
                before; leave it out for the first page; `limit`: maximum number of channels on a page; 200 if
                absent; `exclude_archived`: whether to leave out archived channels; true if absent; `types`:
                comma-separated kinds of channels: `public_channel`, `private_channel`, `mpim` and `im`; the first
                two if absent, public only without a Slack user id; `team_id`: Slack's id of the workspace, such as
                `T1234`; needed when the token is for a whole organisation.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_CHANNELS_FOR_SLACK_PROVIDER,
                t.ChannelsForSlackProviderResponse,
                path=(channel_id,),
                query={"access_token_object": json_text(access_token_object), "query_options": query_options},
                options=options,
            ),
        )

    async def revoke_access(
        self,
        channel_id: str,
        *,
        access_token_object: str | ProviderObject | JSONModel,
        **options: Unpack[RequestOptions],
    ) -> t.SuccessResponse:
        """Revoke Slack access.

        `PUT /v1/providers/slack/{channel_id}/revoke_access`. Disconnects Slack by revoking the access token stored
        on the object. A 403 means that the object has none.

        Args:
            channel_id: Id of the Knock channel that is set up for this provider.
            access_token_object: JSON string that identifies the object with the Slack access token, by `object_id`
                and `collection` (as JSON text, or as an object that is encoded for you).
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Confirmation that access was revoked.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.SLACK_PROVIDER_REVOKE_ACCESS,
                t.SuccessResponse,
                path=(channel_id,),
                query={"access_token_object": json_text(access_token_object)},
                options=options,
            )
        )
