"""Rows of tenants, audiences, channels and bulk operations."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Final

from knock_sdk import types as t

from .row import PageOf, Row
from .rows_messages import PAGING, PAGING_QUERY
from .samples import BRANDING, CHANNEL, INLINE_CHANNEL_DATA, PREFERENCES, TENANT, USER, UUID

SETTINGS: Final = {
    "branding": BRANDING,
    "preference_set": {"__persistence_strategy__": "merge", **PREFERENCES},
}

TENANTS = [
    Row(
        "GET /v1/tenants",
        "tenants.list",
        (),
        {"tenant_id": "acme", "name": "Acme Oy", **PAGING},
        "/v1/tenants",
        PageOf(t.Tenant),
        query=[("tenant_id", "acme"), ("name", "Acme Oy"), *PAGING_QUERY],
    ),
    Row(
        "GET /v1/tenants/{id}",
        "tenants.get",
        ("acme",),
        {"resolve_full_preference_settings": True},
        "/v1/tenants/acme",
        t.Tenant,
        query=[("resolve_full_preference_settings", "true")],
    ),
    Row("DELETE /v1/tenants/{id}", "tenants.delete", ("acme",), {}, "/v1/tenants/acme", None),
    Row(
        "PUT /v1/tenants/{id}",
        "tenants.set",
        ("acme",),
        {
            "resolve_full_preference_settings": False,
            "channel_data": INLINE_CHANNEL_DATA,
            "name": "Acme Oy",
            "settings": SETTINGS,
            "properties": {"region": "eu", "seats": 40},
        },
        "/v1/tenants/acme",
        t.Tenant,
        query=[("resolve_full_preference_settings", "false")],
        body={
            "channel_data": INLINE_CHANNEL_DATA,
            "name": "Acme Oy",
            "settings": SETTINGS,
            "region": "eu",
            "seats": 40,
        },
    ),
    Row(
        "PUT /v1/tenants/{id}",
        "tenants.set",
        ("acme",),
        {"channel_data": None, "name": None},
        "/v1/tenants/acme",
        t.Tenant,
        body={"channel_data": None, "name": None},
    ),
    Row(
        "POST /v1/tenants/bulk/set",
        "tenants.bulk.set",
        (),
        {"tenants": [TENANT, "globex"]},
        "/v1/tenants/bulk/set",
        t.BulkOperation,
        body={"tenants": [TENANT, "globex"]},
    ),
    Row(
        "POST /v1/tenants/bulk/delete",
        "tenants.bulk.delete",
        (),
        {"tenant_ids": ["acme", "globex & co"]},
        "/v1/tenants/bulk/delete",
        t.BulkOperation,
        query=[("tenant_ids[]", "acme"), ("tenant_ids[]", "globex & co")],
    ),
]

AUDIENCES = [
    Row(
        "GET /v1/audiences/{key}/members",
        "audiences.list_members",
        ("trial-ending",),
        {},
        "/v1/audiences/trial-ending/members",
        t.ListAudienceMembersResponse,
    ),
    Row(
        "POST /v1/audiences/{key}/members",
        "audiences.add_members",
        ("trial-ending",),
        {"members": [{"user": USER, "tenant": "acme"}, {"user": {"id": "grace"}}], "create_audience": True},
        "/v1/audiences/trial-ending/members",
        None,
        query=[("create_audience", "true")],
        body={"members": [{"user": USER, "tenant": "acme"}, {"user": {"id": "grace"}}]},
    ),
    Row(
        "DELETE /v1/audiences/{key}/members",
        "audiences.remove_members",
        ("trial-ending",),
        {"members": [{"user": {"id": "grace"}, "tenant": None}]},
        "/v1/audiences/trial-ending/members",
        None,
        body={"members": [{"user": {"id": "grace"}, "tenant": None}]},
    ),
]

CHANNELS = [
    Row(
        "POST /v1/channels/{channel_id}/messages/bulk/{action}",
        "channels.bulk.update_message_status",
        (CHANNEL, "archive"),
        {
            "archived": "exclude",
            "delivery_status": "delivered",
            "engagement_status": "unread",
            "has_tenant": True,
            "newer_than": datetime(2026, 9, 1, tzinfo=timezone.utc),
            "older_than": datetime(2026, 10, 1, 8, tzinfo=timezone(timedelta(hours=3))),
            "recipient_ids": ["ada", "grace"],
            "tenants": ["acme"],
            "trigger_data": '{"invoice":20931}',
            "workflows": ["invoice-overdue"],
        },
        f"/v1/channels/{CHANNEL}/messages/bulk/archive",
        t.BulkOperation,
        body={
            "archived": "exclude",
            "delivery_status": "delivered",
            "engagement_status": "unread",
            "has_tenant": True,
            "newer_than": "2026-09-01T00:00:00+00:00",
            "older_than": "2026-10-01T08:00:00+03:00",
            "recipient_ids": ["ada", "grace"],
            "tenants": ["acme"],
            "trigger_data": '{"invoice":20931}',
            "workflows": ["invoice-overdue"],
        },
    ),
    Row(
        "GET /v1/bulk_operations/{id}",
        "bulk_operations.get",
        (UUID,),
        {},
        f"/v1/bulk_operations/{UUID}",
        t.BulkOperation,
    ),
]

ROWS = [*TENANTS, *AUDIENCES, *CHANNELS]
