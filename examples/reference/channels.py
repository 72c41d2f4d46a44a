"""Examples of `client.channels`."""

from knock_sdk import AsyncKnock


async def channels_bulk_update_message_status(client: AsyncKnock) -> None:
    operation = await client.channels.bulk.update_message_status(
        "4eaf3d6a-79f8-4b4e-85d0-5b2e20f03b8d", "read", recipient_ids=["jhammond"], workflows=["comment-created"]
    )
    print(operation.status)
