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


async def invalid_async_calls(client: Knock) -> None:
    await client.users.get("u")  # refused
    async for _ in client.users.list():  # refused
        pass
