"""Calls that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from knock_sdk import AsyncKnock, Knock


def invalid_calls(client: Knock, async_client: AsyncKnock) -> None:
    client.workflows.trigger("w", recipients="jhammond")  # refused
    client.workflows.trigger("w", recipients={"id": "u"})  # refused
    client.workflows.trigger("w", recipeints=["jhammond"])  # refused
    client.workflows.trigger("w")  # refused
    # ty takes any keyword for `**options: Unpack[Options]`, with a typed dict `Options` that has none of this name.
    client.users.update("u", idempotency_key="k")  # refused except by ty
    client.users.list(page_size="20")  # refused
    client.messages.list(status=["delivred"])  # refused
    client.users.get(5)  # refused
    client.nothing.get("u")  # refused
    print(async_client.users.get("u").name)  # refused
    print(async_client.users.list()[0])  # refused
    print(async_client.users.list().items)  # refused
    print(async_client.users.feeds.list_items("u", "c").meta)  # refused
    with async_client:  # refused
        pass


async def invalid_async_calls(client: Knock, async_client: AsyncKnock) -> None:
    await client.users.get("u")  # refused
    async for _ in client.users.list():  # refused
        pass
    async with client:  # refused
        pass
    for _ in async_client.users.list():  # refused
        pass
    page = await async_client.users.list()
    # pyrefly iterates by index over a class with `__iter__: None` and `def __getitem__(self, index: int) -> int: ...`.
    for _ in page:  # refused except by pyrefly
        pass
    print([user.id for user in await async_client.users.list()])  # refused except by pyrefly
    print(list(page))  # refused
    for _ in page.pages():  # refused
        pass
    # ty warns of a coroutine that is not awaited, which is no error.
    async_client.users.delete("u")  # refused except by ty
