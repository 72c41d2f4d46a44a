"""Wrong uses of webhooks, each of which type checkers must refuse."""

from __future__ import annotations

from knock_sdk import webhooks
from knock_sdk.testing import Simulator


def misuse(body: bytes, headers: dict[str, str], parsed: dict[str, object], sim: Simulator) -> None:
    webhooks.unwrap(parsed, headers)  # refused
    webhooks.unwrap(body)  # refused
    webhooks.unwrap(body, headers, "secret")  # refused
    webhooks.unwrap(body, headers, secret=5)  # refused
    webhooks.unwrap(body, headers, now="2026-01-05")  # refused
    webhooks.unwrap(body, 5)  # refused
    webhooks.sign(body)  # refused
    sim.webhook(5)  # refused
    sim.webhook(lambda body: None)  # refused


async def handle(body: bytes, headers: dict[str, str]) -> int:
    return 200


def misread(event: webhooks.Event, sim: Simulator) -> None:
    print(event.data.recipient)  # refused
    if isinstance(event, webhooks.MessageBounced):
        print(event.data.nothing)  # refused
        print(event.event_data.token)  # refused
    if isinstance(event, webhooks.WorkflowRecipientRunStarted):
        print(event.data.channel)  # refused
    sim.webhook(handle)  # refused
