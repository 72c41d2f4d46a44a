"""Rows for objects and tenants, with their preferences, channel data and subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .row import Failed, Read, Row
from .scene import COLLECTION, TOKENS

if TYPE_CHECKING:
    from .scene import Scene

APOLLO = (COLLECTION, "apollo")


def rows(scene: Scene) -> list[Row]:
    """Return the rows."""
    return [*_identity(), *_bulk(), *_preferences(), *_channel_data(scene), *_subscriptions(), *_tenants()]


def _identity() -> list[Row]:
    return [
        Row(
            "objects.set",
            APOLLO,
            {"name": "Apollo 11", "budget": 25.4},
            returns={"id": "apollo", "collection": COLLECTION, "properties": {"name": "Apollo 11", "budget": 25.4}},
            then=[Read("objects.get", APOLLO, {"properties": {"name": "Apollo 11", "budget": 25.4}})],
        ),
        Row("objects.get", APOLLO, returns={"id": "apollo", "collection": COLLECTION}),
        Row("objects.list", (COLLECTION,), returns=[{"id": "apollo"}]),
        Row("objects.delete", APOLLO, then=[Read("objects.get", APOLLO, Failed(404))]),
        Row("objects.list_messages", APOLLO, returns=[]),
        Row("objects.list_schedules", APOLLO, returns=[]),
    ]


def _bulk() -> list[Row]:
    ana_follows = [{"id": "apollo", "recipients": ["ana"], "properties": {"role": "guest"}}]
    return [
        Row(
            "objects.bulk.set",
            (COLLECTION,),
            {"objects": [{"id": "gemini", "name": "Gemini"}, {"id": "apollo", "budget": 1}]},
            returns={"name": f"objects.{COLLECTION}.set"},
            then=[
                Read("objects.get", (COLLECTION, "gemini"), {"properties": {"name": "Gemini"}}),
                Read("objects.get", APOLLO, {"properties": {"name": "Apollo", "budget": 1}}),
            ],
        ),
        Row(
            "objects.bulk.delete",
            (COLLECTION,),
            {"object_ids": ["apollo"]},
            returns={"name": f"objects.{COLLECTION}.delete"},
            then=[Read("objects.list", (COLLECTION,), [])],
        ),
        Row(
            "objects.bulk.add_subscriptions",
            (COLLECTION,),
            {"subscriptions": ana_follows},
            returns={"__typename": "BulkOperation"},
            then=[Read("users.list_subscriptions", ("ana",), [{"properties": {"role": "guest"}}])],
        ),
        Row(
            "objects.bulk.delete_subscriptions",
            (COLLECTION,),
            {"subscriptions": [{"id": "apollo", "recipients": ["ben"]}]},
            returns={"__typename": "BulkOperation"},
            then=[Read("objects.list_subscriptions", APOLLO, [])],
        ),
    ]


def _preferences() -> list[Row]:
    at = (*APOLLO, "default")
    email_off = {"channel_types": {"email": False}}
    return [
        Row(
            "objects.set_preferences",
            at,
            email_off,
            returns={"id": "default", **email_off},
            then=[Read("objects.get_preferences", at, email_off)],
        ),
        Row("objects.get_preferences", at, returns={"id": "default", "workflows": {"weekly": False}}),
        Row("objects.list_preferences", APOLLO, returns=[{"id": "default", "workflows": {"weekly": False}}]),
        Row("objects.unset_preferences", at, then=[Read("objects.list_preferences", APOLLO, [])]),
    ]


def _channel_data(scene: Scene) -> list[Row]:
    at = (*APOLLO, scene.push)
    return [
        Row(
            "objects.set_channel_data",
            at,
            {"data": {"tokens": ["fcm-9"]}},
            returns={"channel_id": scene.push, "data": {"tokens": ["fcm-9"]}},
            then=[Read("objects.get_channel_data", at, {"data": {"tokens": ["fcm-9"]}})],
        ),
        Row("objects.get_channel_data", at, returns={"data": TOKENS}),
        Row("objects.unset_channel_data", at, then=[Read("objects.get_channel_data", at, Failed(404))]),
    ]


def _subscriptions() -> list[Row]:
    lead = {"recipient": {"id": "ben"}, "properties": {"role": "lead"}}
    guest = {"recipient": {"id": "ana"}, "properties": {"role": "guest"}}
    return [
        Row(
            "objects.add_subscriptions",
            APOLLO,
            {"recipients": ["ana"], "properties": {"role": "guest"}},
            returns=[guest],
            then=[Read("objects.list_subscriptions", APOLLO, [guest], {"recipients": ["ana"]})],
        ),
        Row(
            "objects.delete_subscriptions",
            APOLLO,
            {"recipients": ["ben"]},
            returns=[lead],
            then=[Read("objects.list_subscriptions", APOLLO, [])],
        ),
        Row("objects.list_subscriptions", APOLLO, returns=[lead]),
    ]


def _tenants() -> list[Row]:
    branding = {"branding": {"primary_color": "#3c4fe0"}}
    return [
        Row(
            "tenants.set",
            ("acme",),
            {"name": "Acme Oy", "settings": branding, "region": "eu"},
            returns={"id": "acme", "name": "Acme Oy", "settings": branding, "region": "eu"},
            then=[Read("tenants.get", ("acme",), {"name": "Acme Oy", "settings": branding, "region": "eu"})],
        ),
        Row("tenants.get", ("acme",), {"resolve_full_preference_settings": True}, returns={"id": "acme"}),
        Row("tenants.list", given={"name": "Acme"}, returns=[{"id": "acme", "name": "Acme"}]),
        Row("tenants.delete", ("acme",), then=[Read("tenants.get", ("acme",), Failed(404))]),
        Row(
            "tenants.bulk.set",
            given={"tenants": ["initech", {"id": "acme", "name": "Acme Oy"}]},
            returns={"__typename": "BulkOperation"},
            then=[
                Read("tenants.get", ("initech",), {"id": "initech"}),
                Read("tenants.get", ("acme",), {"name": "Acme Oy"}),
            ],
        ),
        Row(
            "tenants.bulk.delete",
            given={"tenant_ids": ["acme"]},
            returns={"__typename": "BulkOperation"},
            then=[Read("tenants.list", (), [])],
        ),
    ]
