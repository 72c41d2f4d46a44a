"""Rows of objects: the records, their settings, lists and subscriptions."""

from __future__ import annotations

from typing import Final

from knock_sdk import types as t

from .row import PageOf, Row
from .rows_messages import FILTERS, FILTERS_QUERY, PAGING, PAGING_QUERY
from .samples import (
    AWS_ARNS,
    AWS_DEVICES,
    CHANNEL,
    DATA,
    DISCORD,
    INLINE_CHANNEL_DATA,
    INLINE_PREFERENCES,
    MS_TEAMS,
    OBJECT,
    PREFERENCES,
    REFERENCE,
    SLACK,
    USER,
)

IDS: Final = ("invoices", "inv-20931")
AT: Final = "/v1/objects/invoices/inv-20931"
SUBSCRIBERS: Final = ["jhammond", USER, OBJECT]
NEW: Final = {**{name: value for name, value in OBJECT.items() if name != "collection"}, "total": 12}

OBJECTS = [
    Row(
        "GET /v1/objects/{collection}",
        "objects.list",
        ("invoices",),
        {**PAGING, "include": ["preferences"]},
        "/v1/objects/invoices",
        PageOf(t.Object),
        query=[*PAGING_QUERY, ("include[]", "preferences")],
    ),
    Row("GET /v1/objects/{collection}/{id}", "objects.get", IDS, {}, AT, t.Object),
    Row(
        "GET /v1/objects/{collection}/{id}",
        "objects.get",
        ("$tenants", "Åbo & Co/1"),
        {},
        "/v1/objects/$tenants/%C3%85bo%20&%20Co%2F1",
        t.Object,
    ),
    Row("DELETE /v1/objects/{collection}/{id}", "objects.delete", IDS, {}, AT, None),
    Row(
        "PUT /v1/objects/{collection}/{id}",
        "objects.set",
        IDS,
        {
            "channel_data": INLINE_CHANNEL_DATA,
            "locale": "fi-FI",
            "name": "Invoice 20931",
            "preferences": INLINE_PREFERENCES,
            "timezone": "Europe/Helsinki",
            "properties": {"total": 1840.5, "lines": [{"sku": "A-1", "count": 3}]},
        },
        AT,
        t.Object,
        body={
            "channel_data": INLINE_CHANNEL_DATA,
            "locale": "fi-FI",
            "name": "Invoice 20931",
            "preferences": INLINE_PREFERENCES,
            "timezone": "Europe/Helsinki",
            "total": 1840.5,
            "lines": [{"sku": "A-1", "count": 3}],
        },
    ),
    Row("PUT /v1/objects/{collection}/{id}", "objects.set", IDS, {"name": None}, AT, t.Object, body={"name": None}),
    Row("PUT /v1/objects/{collection}/{id}", "objects.set", IDS, {}, AT, t.Object, body={}),
]

BULK = [
    Row(
        "POST /v1/objects/{collection}/bulk/set",
        "objects.bulk.set",
        ("invoices",),
        {"objects": [NEW, {"id": "inv-2"}]},
        "/v1/objects/invoices/bulk/set",
        t.BulkOperation,
        body={"objects": [NEW, {"id": "inv-2"}]},
    ),
    Row(
        "POST /v1/objects/{collection}/bulk/delete",
        "objects.bulk.delete",
        ("invoices",),
        {"object_ids": ["inv-1", "inv-2"]},
        "/v1/objects/invoices/bulk/delete",
        t.BulkOperation,
        body={"object_ids": ["inv-1", "inv-2"]},
    ),
    Row(
        "POST /v1/objects/{collection}/bulk/subscriptions/add",
        "objects.bulk.add_subscriptions",
        ("invoices",),
        {"subscriptions": [{"id": "inv-1", "recipients": SUBSCRIBERS, "properties": DATA}]},
        "/v1/objects/invoices/bulk/subscriptions/add",
        t.BulkOperation,
        body={"subscriptions": [{"id": "inv-1", "recipients": SUBSCRIBERS, "properties": DATA}]},
    ),
    Row(
        "POST /v1/objects/{collection}/bulk/subscriptions/delete",
        "objects.bulk.delete_subscriptions",
        ("invoices",),
        {"subscriptions": [{"id": "inv-1", "recipients": ["jhammond", REFERENCE]}]},
        "/v1/objects/invoices/bulk/subscriptions/delete",
        t.BulkOperation,
        body={"subscriptions": [{"id": "inv-1", "recipients": ["jhammond", REFERENCE]}]},
    ),
]

SETTINGS = [
    *(
        Row(
            "PUT /v1/objects/{collection}/{object_id}/channel_data/{channel_id}",
            "objects.set_channel_data",
            (*IDS, CHANNEL),
            {"data": data},
            f"{AT}/channel_data/{CHANNEL}",
            t.ChannelData,
            body={"data": data},
        )
        for data in (SLACK, MS_TEAMS, DISCORD, AWS_ARNS, AWS_DEVICES)
    ),
    Row(
        "GET /v1/objects/{collection}/{object_id}/channel_data/{channel_id}",
        "objects.get_channel_data",
        (*IDS, CHANNEL),
        {},
        f"{AT}/channel_data/{CHANNEL}",
        t.ChannelData,
    ),
    Row(
        "DELETE /v1/objects/{collection}/{object_id}/channel_data/{channel_id}",
        "objects.unset_channel_data",
        (*IDS, CHANNEL),
        {},
        f"{AT}/channel_data/{CHANNEL}",
        None,
    ),
    Row(
        "GET /v1/objects/{collection}/{object_id}/preferences",
        "objects.list_preferences",
        IDS,
        {},
        f"{AT}/preferences",
        list[t.PreferenceSet],
    ),
    Row(
        "GET /v1/objects/{collection}/{object_id}/preferences/{id}",
        "objects.get_preferences",
        (*IDS, "default"),
        {},
        f"{AT}/preferences/default",
        t.PreferenceSet,
    ),
    Row(
        "PUT /v1/objects/{collection}/{object_id}/preferences/{id}",
        "objects.set_preferences",
        (*IDS, "default"),
        {"_persistence_strategy": "replace", **PREFERENCES},
        f"{AT}/preferences/default",
        t.PreferenceSet,
        body={"__persistence_strategy__": "replace", **PREFERENCES},
    ),
    Row(
        "DELETE /v1/objects/{collection}/{object_id}/preferences/{id}",
        "objects.unset_preferences",
        (*IDS, "default"),
        {},
        f"{AT}/preferences/default",
        None,
    ),
]

LISTS = [
    Row(
        "GET /v1/objects/{collection}/{id}/messages",
        "objects.list_messages",
        IDS,
        FILTERS,
        f"{AT}/messages",
        PageOf(t.Message),
        query=FILTERS_QUERY,
    ),
    Row(
        "GET /v1/objects/{collection}/{id}/schedules",
        "objects.list_schedules",
        IDS,
        {"tenant": "acme", "workflow": "digest", **PAGING},
        f"{AT}/schedules",
        PageOf(t.Schedule),
        query=[("tenant", "acme"), ("workflow", "digest"), *PAGING_QUERY],
    ),
    Row(
        "GET /v1/objects/{collection}/{object_id}/subscriptions",
        "objects.list_subscriptions",
        IDS,
        {
            "mode": "recipient",
            "include": ["preferences"],
            "recipients": ["jhammond"],
            "objects": [REFERENCE, {"id": "p1", "collection": "projects"}],
            **PAGING,
        },
        f"{AT}/subscriptions",
        PageOf(t.Subscription),
        query=[
            ("mode", "recipient"),
            ("include[]", "preferences"),
            ("recipients[]", "jhammond"),
            ("objects[0][id]", "inv-20931"),
            ("objects[0][collection]", "invoices"),
            ("objects[1][id]", "p1"),
            ("objects[1][collection]", "projects"),
            *PAGING_QUERY,
        ],
    ),
    Row(
        "GET /v1/objects/{collection}/{object_id}/subscriptions",
        "objects.list_subscriptions",
        IDS,
        {"recipients": ["jhammond", REFERENCE]},
        f"{AT}/subscriptions",
        PageOf(t.Subscription),
        query=[
            ("recipients[0]", "jhammond"),
            ("recipients[1][id]", "inv-20931"),
            ("recipients[1][collection]", "invoices"),
        ],
    ),
    Row(
        "POST /v1/objects/{collection}/{object_id}/subscriptions",
        "objects.add_subscriptions",
        IDS,
        {"recipients": SUBSCRIBERS, "properties": DATA},
        f"{AT}/subscriptions",
        list[t.Subscription],
        body={"recipients": SUBSCRIBERS, "properties": DATA},
    ),
    Row(
        "DELETE /v1/objects/{collection}/{object_id}/subscriptions",
        "objects.delete_subscriptions",
        IDS,
        {"recipients": ["jhammond", REFERENCE]},
        f"{AT}/subscriptions",
        list[t.Subscription],
        body={"recipients": ["jhammond", REFERENCE]},
    ),
]

ROWS = [*OBJECTS, *BULK, *SETTINGS, *LISTS]
