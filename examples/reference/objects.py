"""Examples of `client.objects`."""

from knock_sdk import AsyncKnock


async def objects_list(client: AsyncKnock) -> None:
    async for project in client.objects.list("projects"):
        print(project.id, project.properties)


async def objects_get(client: AsyncKnock) -> None:
    project = await client.objects.get("projects", "isla-nublar")
    print(project.properties, project.updated_at)


async def objects_set(client: AsyncKnock) -> None:
    project = await client.objects.set(
        "projects", "isla-sorna", name="Isla Sorna", properties={"status": "abandoned", "area": 207}
    )
    print(project.id)


async def objects_delete(client: AsyncKnock) -> None:
    await client.objects.delete("projects", "isla-nublar")


async def objects_list_messages(client: AsyncKnock) -> None:
    async for message in client.objects.list_messages("projects", "isla-nublar"):
        print(message.channel.type, message.status)


async def objects_list_schedules(client: AsyncKnock) -> None:
    async for schedule in client.objects.list_schedules("projects", "isla-nublar"):
        print(schedule.workflow, schedule.next_occurrence_at)


async def objects_list_subscriptions(client: AsyncKnock) -> None:
    async for subscription in client.objects.list_subscriptions("projects", "isla-nublar"):
        print(subscription.recipient, subscription.properties)


async def objects_add_subscriptions(client: AsyncKnock) -> None:
    subscriptions = await client.objects.add_subscriptions(
        "projects", "isla-nublar", recipients=["jhammond", "esattler"], properties={"role": "owner"}
    )
    print(len(subscriptions))


async def objects_delete_subscriptions(client: AsyncKnock) -> None:
    await client.objects.delete_subscriptions("projects", "isla-nublar", recipients=["agrant"])


async def objects_list_preferences(client: AsyncKnock) -> None:
    for preferences in await client.objects.list_preferences("projects", "isla-nublar"):
        print(preferences.id, preferences.channel_types)


async def objects_get_preferences(client: AsyncKnock) -> None:
    preferences = await client.objects.get_preferences("projects", "isla-nublar", "default")
    print(preferences.channel_types)


async def objects_set_preferences(client: AsyncKnock) -> None:
    await client.objects.set_preferences("projects", "isla-nublar", "default", channel_types={"chat": False})


async def objects_unset_preferences(client: AsyncKnock) -> None:
    await client.objects.unset_preferences("projects", "isla-nublar", "default")


async def objects_get_channel_data(client: AsyncKnock) -> None:
    stored = await client.objects.get_channel_data("$tenants", "ingen", "6310c07d-405f-4d96-a59f-1af86731843e")
    print(stored.data)


async def objects_set_channel_data(client: AsyncKnock) -> None:
    stored = await client.objects.set_channel_data(
        "projects",
        "isla-nublar",
        "6310c07d-405f-4d96-a59f-1af86731843e",
        data={"connections": [{"incoming_webhook": {"url": "https://hooks.slack.example/services/T0/B0/x"}}]},
    )
    print(stored.data)


async def objects_unset_channel_data(client: AsyncKnock) -> None:
    await client.objects.unset_channel_data("$tenants", "ingen", "6310c07d-405f-4d96-a59f-1af86731843e")


async def objects_bulk_set(client: AsyncKnock) -> None:
    operation = await client.objects.bulk.set(
        "projects", objects=[{"id": "isla-sorna", "name": "Isla Sorna"}, {"id": "isla-muerta", "name": "Isla Muerta"}]
    )
    print(operation.id, operation.status)


async def objects_bulk_delete(client: AsyncKnock) -> None:
    operation = await client.objects.bulk.delete("projects", object_ids=["isla-nublar"])
    print(operation.status)


async def objects_bulk_add_subscriptions(client: AsyncKnock) -> None:
    operation = await client.objects.bulk.add_subscriptions(
        "projects", subscriptions=[{"id": "isla-nublar", "recipients": ["jhammond", "esattler"]}]
    )
    print(operation.status)


async def objects_bulk_delete_subscriptions(client: AsyncKnock) -> None:
    operation = await client.objects.bulk.delete_subscriptions(
        "projects", subscriptions=[{"id": "isla-nublar", "recipients": ["agrant"]}]
    )
    print(operation.status)
