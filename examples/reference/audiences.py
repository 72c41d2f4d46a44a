"""Examples of `client.audiences`."""

from knock_sdk import AsyncKnock


async def audiences_list_members(client: AsyncKnock) -> None:
    members = await client.audiences.list_members("beta-testers")
    for member in members.entries:
        print(member.user_id, member.added_at)


async def audiences_add_members(client: AsyncKnock) -> None:
    await client.audiences.add_members(
        "beta-testers", members=[{"user": {"id": "jhammond"}}, {"user": {"id": "agrant", "name": "Alan Grant"}}]
    )


async def audiences_remove_members(client: AsyncKnock) -> None:
    await client.audiences.remove_members("beta-testers", members=[{"user": {"id": "esattler"}}])
