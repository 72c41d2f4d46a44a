"""Request bodies of closed and of open shapes, as they must be accepted; read by type checkers only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from knock_sdk import Knock, types
from knock_sdk import params as p


class Repeat(BaseModel):
    frequency: str


@dataclass
class Settings:
    sandbox_mode: bool


def closed(client: Knock, rule: types.ScheduleRepeatRule, message: types.Message) -> None:
    client.schedules.create(workflow="w", recipients=["a"], repeats=[{"frequency": "daily", "hours": 9}])
    client.schedules.create(workflow="w", recipients=["a"], repeats=[{"frequency": "weekly", "days": ["mon", "fri"]}])
    client.schedules.create(workflow="w", recipients=["a"], repeats=[{"frequency": "weekly", "days": "weekdays"}])
    client.schedules.create(workflow="w", recipients=["a"], repeats=[rule, Repeat(frequency="daily")])
    client.schedules.create(
        workflow="w", recipients=["a"], repeats=[{"_typename": "ScheduleRepeat", "frequency": "daily"}]
    )
    repeats: list[p.ScheduleRepeatRule] = [{"frequency": "daily"}]
    client.schedules.update(schedule_ids=["s"], repeats=repeats)
    # mypy and ty find no type for the dict in `show(({"title": "Jurassic Park"},))`, where the parameter of `show` is
    # `Pair | None`, with `Pair = tuple[Movie, ...] | frozenset[Movie]` and a typed dict `Movie`.
    client.schedules.update(schedule_ids=["s"], repeats=({"frequency": "hourly"},))  # accepted except by mypy, ty
    client.schedules.list(workflow="w", recipients=["a", {"id": "p", "collection": "c"}, message.recipient])
    client.schedules.bulk.create(schedules=[{"workflow": "w", "recipient": {"id": "u", "plan": "pro"}}])
    client.workflows.trigger("w", recipients=["a"], settings={"sandbox_mode": True})
    client.workflows.trigger("w", recipients=["a"], settings=Settings(sandbox_mode=True))
    client.workflows.cancel("w", cancellation_key="k", recipients=[{"id": "p", "collection": "c"}, "a"])
    client.audiences.add_members("k", members=[{"user": {"id": "u", "plan": "pro"}, "tenant": "t"}])
    client.tenants.set("t", settings={"branding": {"primary_color": "#fff"}}, properties={"region": "eu"})


def channel_data(client: Knock, stored: types.ChannelData, tokens: list[str]) -> None:
    client.users.set_channel_data("u", "c", data={"tokens": tokens})
    client.users.set_channel_data("u", "c", data={"devices": [{"token": "x", "locale": None}]})
    client.users.set_channel_data("u", "c", data={"devices": [{"target_arn": "x"}]})
    client.users.set_channel_data("u", "c", data={"connections": [{"channel_id": "C1", "access_token": "t"}]})
    client.users.set_channel_data("u", "c", data={"connections": [{"incoming_webhook": {"url": "https://x"}}]})
    client.users.set_channel_data("u", "c", data={"connections": [{"ms_teams_channel_id": "C1"}]})
    client.users.set_channel_data(
        "u", "c", data={"connections": [{"channel_id": "C1"}, {"user_id": "U1"}], "token": None}
    )
    client.users.set_channel_data("u", "c", data=stored.data)
    client.users.update("u", channel_data={"c": {"tokens": tokens}, "d": stored.data})


def preferences(client: Knock, flags: dict[str, bool], stored: types.PreferenceSet) -> None:
    vip: p.Condition = {"variable": "recipient.plan", "operator": "equal_to", "argument": "vip"}
    client.users.set_preferences("u", "default", channel_types={"email": {"conditions": [vip]}, "sms": False})
    client.users.set_preferences("u", "default", channel_types=stored.channel_types, workflows=stored.workflows)
    client.users.set_preferences("u", "default", categories=flags, channels=flags, workflows=flags)
    client.users.set_preferences("u", "default", workflows={"w": {"conditions": [vip], "channels": flags}, "v": True})
    client.users.set_preferences("u", "default", commercial_subscribed={"conditions": [vip]})
    client.users.set_preferences("u", "acme", workflows={"w": {"__strategy__": "replace", "conditions": [vip]}})
    client.users.set_preferences(
        "u", "acme", channels={"__strategy__": "replace", "c": False, "d": {"conditions": [vip]}}
    )
    client.users.bulk.set_preferences(user_ids=["u"], preferences={"channel_types": {"push": True}})
    client.users.update("u", preferences={"default": {"channel_types": {"email": False}}, "t": stored})


def open_shapes(client: Knock, record: dict[str, Any], texts: Mapping[str, str], user: types.User) -> None:
    client.users.update("u", properties=record)
    client.users.bulk.identify(users=[{"id": "u", "plan": "pro", "seats": 3}, record, user])
    client.workflows.trigger("w", recipients=[record, texts, user], data=record, tenant=record, actor=texts)
    client.objects.set("c", "o", properties=record)
    client.objects.add_subscriptions("c", "o", recipients=[record], properties=texts)
    client.messages.list(trigger_data=record)
