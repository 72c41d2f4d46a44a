"""Examples of `client.providers`."""

from knock_sdk import AsyncKnock


async def providers_slack_check_auth(client: AsyncKnock) -> None:
    checked = await client.providers.slack.check_auth(
        "6310c07d-405f-4d96-a59f-1af86731843e",
        access_token_object={"collection": "$tenants", "object_id": "ingen"},
    )
    print(checked.connection.ok, checked.connection.reason)


async def providers_slack_list_channels(client: AsyncKnock) -> None:
    async for channel in client.providers.slack.list_channels(
        "6310c07d-405f-4d96-a59f-1af86731843e",
        access_token_object={"collection": "$tenants", "object_id": "ingen"},
        query_options={"types": "public_channel", "limit": 100},
    ):
        print(channel.id, channel.name)


async def providers_slack_revoke_access(client: AsyncKnock) -> None:
    revoked = await client.providers.slack.revoke_access(
        "6310c07d-405f-4d96-a59f-1af86731843e",
        access_token_object={"collection": "$tenants", "object_id": "ingen"},
    )
    print(revoked.ok)


async def providers_ms_teams_check_auth(client: AsyncKnock) -> None:
    checked = await client.providers.ms_teams.check_auth(
        "04e0ba3e-bd5e-481f-97fc-ce5833646d24",
        ms_teams_tenant_object={"collection": "$tenants", "object_id": "ingen"},
    )
    print(checked.connection.ok, checked.connection.reason)


async def providers_ms_teams_list_teams(client: AsyncKnock) -> None:
    async for team in client.providers.ms_teams.list_teams(
        "04e0ba3e-bd5e-481f-97fc-ce5833646d24",
        ms_teams_tenant_object={"collection": "$tenants", "object_id": "ingen"},
    ):
        print(team.id, team.display_name)


async def providers_ms_teams_list_channels(client: AsyncKnock) -> None:
    response = await client.providers.ms_teams.list_channels(
        "04e0ba3e-bd5e-481f-97fc-ce5833646d24",
        ms_teams_tenant_object={"collection": "$tenants", "object_id": "ingen"},
        team_id="448e9dda-19b5-4eea-8fa1-1e3b522b1145",
    )
    for channel in response.ms_teams_channels:
        print(channel.id, channel.display_name)


async def providers_ms_teams_revoke_access(client: AsyncKnock) -> None:
    revoked = await client.providers.ms_teams.revoke_access(
        "04e0ba3e-bd5e-481f-97fc-ce5833646d24",
        ms_teams_tenant_object={"collection": "$tenants", "object_id": "ingen"},
    )
    print(revoked.ok)
