"""Examples of `client.integrations`."""

from knock_sdk import AsyncKnock


async def integrations_census_custom_destination(client: AsyncKnock) -> None:
    response = await client.integrations.census.custom_destination(
        id="1", jsonrpc="2.0", method="test_connection", params={}
    )
    print(response.result)


async def integrations_hightouch_embedded_destination(client: AsyncKnock) -> None:
    response = await client.integrations.hightouch.embedded_destination(
        id="1", jsonrpc="2.0", method="list_objects", params={}
    )
    print(response.result)
