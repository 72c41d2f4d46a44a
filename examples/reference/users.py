"""Examples of `client.users`."""

from knock_sdk import AsyncKnock


async def users_list(client: AsyncKnock) -> None:
    async for user in client.users.list(order="desc"):
        print(user.id, user.email)


async def users_get(client: AsyncKnock) -> None:
    user = await client.users.get("jhammond")
    print(user.name, user.properties)


async def users_update(client: AsyncKnock) -> None:
    user = await client.users.update(
        "jhammond",
        name="John Hammond",
        email="jhammond@example.com",
        timezone="America/Costa_Rica",
        properties={"plan": "pro", "address": {"island": "Isla Nublar"}},
    )
    print(user.updated_at)


async def users_delete(client: AsyncKnock) -> None:
    await client.users.delete("jhammond")


async def users_merge(client: AsyncKnock) -> None:
    user = await client.users.merge("jhammond", from_user_id="agrant")  # afterwards there is no agrant
    print(user.id, user.name)


async def users_list_messages(client: AsyncKnock) -> None:
    async for message in client.users.list_messages("jhammond", source="comment-created"):
        print(message.channel.type, message.status, message.inserted_at)


async def users_list_schedules(client: AsyncKnock) -> None:
    async for schedule in client.users.list_schedules("jhammond", workflow="weekly-digest"):
        print(schedule.id, schedule.next_occurrence_at)


async def users_list_subscriptions(client: AsyncKnock) -> None:
    async for subscription in client.users.list_subscriptions("agrant"):
        print(subscription.object.collection, subscription.object.id)


async def users_list_preferences(client: AsyncKnock) -> None:
    for preferences in await client.users.list_preferences("jhammond"):
        print(preferences.id, preferences.channel_types)


async def users_get_preferences(client: AsyncKnock) -> None:
    preferences = await client.users.get_preferences("jhammond", "default", tenant="ingen")
    print(preferences.channel_types, preferences.categories)


async def users_set_preferences(client: AsyncKnock) -> None:
    preferences = await client.users.set_preferences(
        "jhammond",
        "default",
        channel_types={"email": False},
        categories={"billing": True},
        workflows={"weekly-digest": {"channel_types": {"email": True}}},
    )
    print(preferences.channel_types)


async def users_unset_preferences(client: AsyncKnock) -> None:
    await client.users.unset_preferences("jhammond", "default")


async def users_get_channel_data(client: AsyncKnock) -> None:
    stored = await client.users.get_channel_data("jhammond", "19574379-3b20-4f49-9cb5-a16057620443")
    print(stored.data)


async def users_set_channel_data(client: AsyncKnock) -> None:
    stored = await client.users.set_channel_data(
        "jhammond", "19574379-3b20-4f49-9cb5-a16057620443", data={"tokens": ["fcm-token-of-a-phone"]}
    )
    print(stored.channel_id, stored.data)


async def users_unset_channel_data(client: AsyncKnock) -> None:
    await client.users.unset_channel_data("jhammond", "19574379-3b20-4f49-9cb5-a16057620443")


async def users_feeds_list_items(client: AsyncKnock) -> None:
    feed = await client.users.feeds.list_items("jhammond", "4eaf3d6a-79f8-4b4e-85d0-5b2e20f03b8d", status="unread")
    print(feed.meta)
    async for item in feed:
        print(item.id, item.data, item.inserted_at)


async def users_feeds_get_settings(client: AsyncKnock) -> None:
    settings = await client.users.feeds.get_settings("jhammond", "4eaf3d6a-79f8-4b4e-85d0-5b2e20f03b8d")
    print(settings.features.branding_required)


async def users_guides_get_channel(client: AsyncKnock) -> None:
    guides = await client.users.guides.get_channel("jhammond", "a90c5f8e-9d68-47b5-aba2-ac2fc337b880")
    for guide in guides.entries:
        print(guide.key, [step.ref for step in guide.steps])


async def users_guides_mark_message_as_seen(client: AsyncKnock) -> None:
    guides = await client.users.guides.get_channel("jhammond", "a90c5f8e-9d68-47b5-aba2-ac2fc337b880")
    guide, step = guides.entries[0], guides.entries[0].steps[0]
    await client.users.guides.mark_message_as_seen(
        "jhammond",
        channel_id="a90c5f8e-9d68-47b5-aba2-ac2fc337b880",
        guide_id=guide.id,
        guide_key=guide.key,
        guide_step_ref=step.ref,
        content=step.content,
    )


async def users_guides_mark_message_as_interacted(client: AsyncKnock) -> None:
    guides = await client.users.guides.get_channel("jhammond", "a90c5f8e-9d68-47b5-aba2-ac2fc337b880")
    guide, step = guides.entries[0], guides.entries[0].steps[0]
    await client.users.guides.mark_message_as_interacted(
        "jhammond",
        channel_id="a90c5f8e-9d68-47b5-aba2-ac2fc337b880",
        guide_id=guide.id,
        guide_key=guide.key,
        guide_step_ref=step.ref,
        metadata={"button": "show me"},
    )


async def users_guides_mark_message_as_archived(client: AsyncKnock) -> None:
    guides = await client.users.guides.get_channel("jhammond", "a90c5f8e-9d68-47b5-aba2-ac2fc337b880")
    guide, step = guides.entries[0], guides.entries[0].steps[0]
    await client.users.guides.mark_message_as_archived(
        "jhammond",
        channel_id="a90c5f8e-9d68-47b5-aba2-ac2fc337b880",
        guide_id=guide.id,
        guide_key=guide.key,
        guide_step_ref=step.ref,
        is_final=True,
    )


async def users_guides_unarchive_guide_message(client: AsyncKnock) -> None:
    await client.users.guides.unarchive_guide_message("jhammond", guide_key="tour")


async def users_guides_reset_guide_engagements(client: AsyncKnock) -> None:
    await client.users.guides.reset_guide_engagements("jhammond", guide_key="tour")


async def users_preference_center_get_config(client: AsyncKnock) -> None:
    center = await client.users.preference_center.get_config("jhammond")
    print(center.enabled, center.config.title)


async def users_preference_center_generate_signed_url(client: AsyncKnock) -> None:
    signed = await client.users.preference_center.generate_signed_url("jhammond")
    print(signed.url)  # for the next email to this user


async def users_bulk_identify(client: AsyncKnock) -> None:
    operation = await client.users.bulk.identify(
        users=[{"id": "imalcolm", "name": "Ian Malcolm"}, {"id": "dnedry", "name": "Dennis Nedry"}]
    )
    print(operation.id, operation.status)


async def users_bulk_delete(client: AsyncKnock) -> None:
    operation = await client.users.bulk.delete(user_ids=["agrant", "esattler"])
    print(operation.status)


async def users_bulk_set_preferences(client: AsyncKnock) -> None:
    operation = await client.users.bulk.set_preferences(
        user_ids=["agrant", "esattler"], preferences={"channel_types": {"sms": False}}
    )
    print(operation.status)
