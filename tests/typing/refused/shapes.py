"""Request bodies that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from typing import Any

from knock_sdk import AsyncKnock, Knock


def refused(client: Knock, rule: dict[str, Any], flags: dict[str, bool]) -> None:
    client.schedules.create(workflow="w", recipients=["a"], repeats=[{"frequency": 5}])  # refused
    client.schedules.create(workflow="w", recipients=["a"], repeats=[{"freqency": "daily"}])  # refused
    client.schedules.create(workflow="w", recipients=["a"], repeats=[{"frequency": "daily", "hour": 9}])  # refused
    client.schedules.create(workflow="w", recipients=["a"], repeats=[rule])  # refused
    client.schedules.create(workflow="w", recipients=["a"], repeats=[{}])  # refused
    client.schedules.update(schedule_ids=["s"], repeats=[{"frequency": "daily", "days": ["monday"]}])  # refused
    client.schedules.update(schedule_ids=["s"], repeats={"frequency": "daily"})  # refused
    client.schedules.list(workflow="w", recipients=[{"id": "p", "colection": "c"}])  # refused
    client.workflows.trigger("w", recipients=["a"], settings={"sandbox": True})  # refused
    client.workflows.trigger("w", recipients=["a"], settings={"skip_delay": "yes"})  # refused
    client.workflows.trigger("w", recipients=["a"], settings=flags)  # refused
    client.workflows.cancel("w", cancellation_key="k", recipients=[{"idd": "p"}])  # refused
    client.audiences.add_members("k", members=[{"users": {"id": "u"}}])  # refused
    client.tenants.set("t", settings={"brand": {}})  # refused
    client.tenants.set("t", settings={"branding": {"color": "#fff"}})  # refused
    client.users.set_channel_data("u", "c", data={"token": ["x"]})  # refused
    client.users.set_channel_data("u", "c", data={"tokens": "x"})  # refused
    client.users.set_channel_data("u", "c", data={"devices": [{"tokn": "x"}]})  # refused
    client.users.set_channel_data("u", "c", data=rule)  # refused
    client.users.update("u", channel_data={"c": {"token": ["x"]}})  # refused
    client.users.set_preferences("u", "default", channel_types={"emial": False})  # refused
    client.users.set_preferences("u", "default", channel_types={"email": "no"})  # refused
    client.users.set_preferences("u", "default", channel_types=flags)  # refused
    client.users.set_preferences("u", "default", workflows={"w": {"chanel_types": {}}})  # refused
    client.users.set_preferences("u", "default", workflows={"w": "no"})  # refused
    client.users.set_preferences("u", "default", workflows={"w": {"__strategy__": "override"}})  # refused
    client.users.set_preferences("u", "default", channels={"__strategy__": "override"})  # refused
    client.users.set_preferences("u", "default", commercial_subscribed={"condition": []})  # refused
    client.users.bulk.set_preferences(user_ids=["u"], preferences={"channel_type": {}})  # refused
    client.users.update("u", preferences={"default": {"workflow": {}}})  # refused


async def refused_async(client: AsyncKnock) -> None:
    await client.schedules.create(workflow="w", recipients=["a"], repeats=[{"freqency": "daily"}])  # refused
    await client.users.set_preferences("u", "default", channel_types={"emial": False})  # refused
    await client.tenants.set("t", settings={"brand": {}})  # refused
