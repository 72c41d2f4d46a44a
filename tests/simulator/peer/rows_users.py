"""Rows for users: their properties, preferences, channel data, lists and bulk operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .row import Failed, Read, Row
from .scene import COLLECTION, DIGEST, TOKENS, WORKFLOW

if TYPE_CHECKING:
    from .scene import Scene

NAMES = {"ana": "Ana", "ben": "Ben", "cy": "Cy"}


def rows(scene: Scene) -> list[Row]:
    """Return the rows."""
    return [*_identity(), *_bulk(), *_preferences(), *_channel_data(scene), *_lists(scene)]


def _identity() -> list[Row]:
    ana_elsewhere = {"name": "Ana-Maria", "timezone": "Europe/Lisbon", "address": {"city": "Porto"}}
    return [
        Row(
            "users.update",
            ("ana",),
            ana_elsewhere,
            returns={"id": "ana", **ana_elsewhere, "plan": "pro"},
            then=[Read("users.get", ("ana",), {**ana_elsewhere, "email": "ana@example.com", "plan": "pro"})],
        ),
        Row("users.get", ("ana",), returns={"id": "ana", "name": "Ana", "email": "ana@example.com", "plan": "pro"}),
        Row("users.get", ("nobody",), returns=Failed(404)),
        Row("users.list", given={"page_size": 2}, returns=lambda found: _names(found) == NAMES),
        Row("users.delete", ("ana",), then=[Read("users.get", ("ana",), Failed(404))]),
        Row(
            "users.merge",
            ("ben",),
            {"from_user_id": "ana"},
            returns={"id": "ben", "name": "Ben", "email": "ben@example.com", "plan": "pro"},
            then=[Read("users.get", ("ana",), Failed(404)), Read("users.get", ("ben",), {"plan": "pro"})],
        ),
    ]


def _names(found: list[dict[str, str]]) -> dict[str, str]:
    return {user["id"]: user["name"] for user in found}


def _bulk() -> list[Row]:
    digest_off = {"workflows": {DIGEST: False}}
    return [
        Row(
            "users.bulk.identify",
            given={"users": [{"id": "di", "name": "Di", "seat": 4}, {"id": "ben", "name": "Benjamin"}]},
            returns={"__typename": "BulkOperation", "name": "users.identify"},
            then=[
                Read("users.get", ("di",), {"name": "Di", "seat": 4}),
                Read("users.get", ("ben",), {"name": "Benjamin", "email": "ben@example.com"}),
            ],
        ),
        Row(
            "users.bulk.delete",
            given={"user_ids": ["ana", "ben"]},
            returns={"name": "users.delete"},
            then=[Read("users.get", ("ana",), Failed(404)), Read("users.get", ("ben",), Failed(404))],
        ),
        Row(
            "users.bulk.set_preferences",
            given={"user_ids": ["ana", "ben"], "preferences": digest_off},
            returns={"name": "users.set_preferences"},
            then=[
                Read("users.get_preferences", ("ana", "default"), {"workflows": {DIGEST: False}}),
                Read("users.get_preferences", ("ben", "default"), {"workflows": {DIGEST: False}}),
            ],
        ),
    ]


def _preferences() -> list[Row]:
    email_off = {"channel_types": {"email": False}}
    return [
        Row(
            "users.set_preferences",
            ("ana", "default"),
            {**email_off, "__persistence_strategy__": "merge"},
            returns={"id": "default", **email_off, "workflows": {"weekly": False}},
            then=[Read("users.get_preferences", ("ana", "default"), {**email_off, "workflows": {"weekly": False}})],
        ),
        Row(
            "users.set_preferences",
            ("ana", "acme"),
            email_off,
            returns={"id": "acme", **email_off},
            then=[Read("users.get_preferences", ("ana", "acme"), {"id": "acme", **email_off})],
        ),
        Row("users.get_preferences", ("ana", "default"), returns={"id": "default", "workflows": {"weekly": False}}),
        Row("users.list_preferences", ("ana",), returns=[{"id": "default", "workflows": {"weekly": False}}]),
        Row("users.unset_preferences", ("ana", "default"), then=[Read("users.list_preferences", ("ana",), [])]),
    ]


def _channel_data(scene: Scene) -> list[Row]:
    at = ("ana", scene.push)
    return [
        Row(
            "users.set_channel_data",
            at,
            {"data": {"tokens": ["fcm-2", "fcm-3"]}},
            returns={"channel_id": scene.push, "data": {"tokens": ["fcm-2", "fcm-3"]}},
            then=[Read("users.get_channel_data", at, {"data": {"tokens": ["fcm-2", "fcm-3"]}})],
        ),
        Row("users.get_channel_data", at, returns={"__typename": "ChannelData", "data": TOKENS}),
        Row("users.unset_channel_data", at, then=[Read("users.get_channel_data", at, Failed(404))]),
    ]


def _lists(scene: Scene) -> list[Row]:
    apollo = {"id": "apollo", "collection": COLLECTION}
    return [
        Row(
            "users.list_messages",
            ("ana",),
            {"channel_id": scene.feed, "source": WORKFLOW, "inserted_at": {"gte": "2026-01-05T00:00:00Z"}},
            returns=[{"id": scene.message, "recipient": "ana", "tenant": "acme", "data": {"comment": "Done."}}],
        ),
        Row(
            "users.list_schedules",
            ("ana",),
            {"workflow": DIGEST},
            returns=[{"id": scene.schedule, "workflow": DIGEST}],
        ),
        Row(
            "users.list_subscriptions",
            ("ben",),
            {"objects": [apollo]},
            returns=[{"object": apollo, "recipient": {"id": "ben"}, "properties": {"role": "lead"}}],
        ),
        Row("users.list_subscriptions", ("ana",), returns=[]),
    ]
