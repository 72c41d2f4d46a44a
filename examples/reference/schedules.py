"""Examples of `client.schedules`."""

from datetime import datetime, timezone

from knock_sdk import AsyncKnock


async def schedules_create(client: AsyncKnock) -> None:
    (schedule,) = await client.schedules.create(
        workflow="weekly-digest",
        recipients=["jhammond"],
        repeats=[{"frequency": "weekly", "days": ["mon"], "hours": 9, "minutes": 0}],
        data={"section": "park"},
    )
    print(schedule.id, schedule.next_occurrence_at)


async def schedules_list(client: AsyncKnock) -> None:
    async for schedule in client.schedules.list(workflow="weekly-digest", recipients=["jhammond"]):
        print(schedule.id, schedule.next_occurrence_at)


async def schedules_update(client: AsyncKnock) -> None:
    page = await client.schedules.list(workflow="weekly-digest")
    await client.schedules.update(
        schedule_ids=[schedule.id for schedule in page.items],
        ending_at=datetime(2030, 1, 1, tzinfo=timezone.utc),
    )


async def schedules_delete(client: AsyncKnock) -> None:
    page = await client.schedules.list(workflow="weekly-digest", recipients=["jhammond"])
    await client.schedules.delete(schedule_ids=[schedule.id for schedule in page.items])


async def schedules_bulk_create(client: AsyncKnock) -> None:
    operation = await client.schedules.bulk.create(
        schedules=[
            {"workflow": "weekly-digest", "recipient": user, "repeats": [{"frequency": "daily", "hours": 8}]}
            for user in ("agrant", "esattler")
        ]
    )
    print(operation.id, operation.status)
