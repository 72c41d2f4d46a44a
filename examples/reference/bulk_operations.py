"""Examples of `client.bulk_operations`."""

from knock_sdk import AsyncKnock


async def bulk_operations_get(client: AsyncKnock) -> None:
    operation = await client.users.bulk.delete(user_ids=["agrant"])
    operation = await client.bulk_operations.get(operation.id)
    print(operation.status, operation.processed_rows, operation.estimated_total_rows, operation.error_items)
