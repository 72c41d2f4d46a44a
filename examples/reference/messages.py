"""Examples of `client.messages`."""

from knock_sdk import AsyncKnock


async def messages_list(client: AsyncKnock) -> None:
    async for message in client.messages.list(source="comment-created", status=["delivered"]):
        print(message.id, message.recipient, message.channel.type)


async def messages_get(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=1)
    message = await client.messages.get(page[0].id)
    print(message.status, message.engagement_statuses, message.read_at)


async def messages_get_content(client: AsyncKnock) -> None:
    page = await client.messages.list(channel_id="da2798d7-5892-4740-913d-ba997079e1d5", page_size=1)
    content = await client.messages.get_content(page[0].id)
    print(content.data)


async def messages_list_activities(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=1)
    async for activity in client.messages.list_activities(page[0].id):
        print(activity.data, activity.inserted_at)


async def messages_list_delivery_logs(client: AsyncKnock) -> None:
    page = await client.messages.list(channel_id="da2798d7-5892-4740-913d-ba997079e1d5", page_size=1)
    async for log in client.messages.list_delivery_logs(page[0].id):
        print(log.service_name, log.response)


async def messages_list_events(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=1)
    async for event in client.messages.list_events(page[0].id):
        print(event.type, event.inserted_at)


async def messages_mark_as_seen(client: AsyncKnock) -> None:
    page = await client.messages.list(engagement_status=["unseen"], page_size=1)
    message = await client.messages.mark_as_seen(page[0].id)
    print(message.seen_at)


async def messages_mark_as_unseen(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=1)
    message = await client.messages.mark_as_unseen(page[0].id)
    print(message.seen_at)  # None


async def messages_mark_as_read(client: AsyncKnock) -> None:
    page = await client.messages.list(engagement_status=["unread"], page_size=1)
    message = await client.messages.mark_as_read(page[0].id)
    print(message.read_at)


async def messages_mark_as_unread(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=1)
    message = await client.messages.mark_as_unread(page[0].id)
    print(message.read_at)  # None


async def messages_mark_as_interacted(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=1)
    message = await client.messages.mark_as_interacted(page[0].id, metadata={"button": "reply"})
    print(message.interacted_at)


async def messages_archive(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=1)
    message = await client.messages.archive(page[0].id)
    print(message.archived_at)


async def messages_unarchive(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=1)
    message = await client.messages.unarchive(page[0].id)
    print(message.archived_at)  # None


async def messages_batch_get_content(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=2)
    for content in await client.messages.batch.get_content(message_ids=[message.id for message in page.items]):
        print(content.message_id, content.data)


async def messages_batch_mark_as_seen(client: AsyncKnock) -> None:
    page = await client.messages.list(engagement_status=["unseen"])
    messages = await client.messages.batch.mark_as_seen(message_ids=[message.id for message in page.items])
    print([message.seen_at for message in messages])


async def messages_batch_mark_as_unseen(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=2)
    await client.messages.batch.mark_as_unseen(message_ids=[message.id for message in page.items])


async def messages_batch_mark_as_read(client: AsyncKnock) -> None:
    page = await client.messages.list(engagement_status=["unread"])
    messages = await client.messages.batch.mark_as_read(message_ids=[message.id for message in page.items])
    print([message.read_at for message in messages])


async def messages_batch_mark_as_unread(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=2)
    await client.messages.batch.mark_as_unread(message_ids=[message.id for message in page.items])


async def messages_batch_mark_as_interacted(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=2)
    ids = [message.id for message in page.items]
    await client.messages.batch.mark_as_interacted(message_ids=ids, metadata={"button": "reply"})


async def messages_batch_archive(client: AsyncKnock) -> None:
    page = await client.messages.list(engagement_status=["read"])
    if page.items:
        await client.messages.batch.archive(message_ids=[message.id for message in page.items])


async def messages_batch_unarchive(client: AsyncKnock) -> None:
    page = await client.messages.list(page_size=2)
    messages = await client.messages.batch.unarchive(message_ids=[message.id for message in page.items])
    print([message.archived_at for message in messages])  # [None, None]
