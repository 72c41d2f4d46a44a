"""Rows of users: the records and their settings."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Final

from knock_sdk import types as t

from .row import PageOf, Row
from .rows_messages import PAGING, PAGING_QUERY
from .samples import (
    CHANNEL,
    CHANNEL_TYPES,
    INLINE_CHANNEL_DATA,
    INLINE_PREFERENCES,
    ONE_SIGNAL,
    PREFERENCES,
    PUSH_DEVICES,
    PUSH_TOKENS,
    USER,
)

AT: Final = "/v1/users/jhammond"
BORN: Final = datetime(2025, 3, 14, 9, 26, 53, tzinfo=timezone.utc)

USERS = [
    Row(
        "GET /v1/users",
        "users.list",
        (),
        {"include": ["preferences"], **PAGING, "order": "desc"},
        "/v1/users",
        PageOf(t.User),
        query=[("include[]", "preferences"), *PAGING_QUERY, ("order", "desc")],
    ),
    Row("GET /v1/users/{user_id}", "users.get", ("jhammond",), {}, AT, t.User),
    Row(
        "GET /v1/users/{user_id}",
        "users.get",
        ("a/b?c#d e%2F;é@x:y",),
        {},
        "/v1/users/a%2Fb%3Fc%23d%20e%252F;%C3%A9@x:y",
        t.User,
    ),
    Row("DELETE /v1/users/{user_id}", "users.delete", ("jhammond",), {}, AT, None),
    Row(
        "PUT /v1/users/{user_id}",
        "users.update",
        ("jhammond",),
        {
            "avatar": "https://img.example/john.png",
            "channel_data": INLINE_CHANNEL_DATA,
            "created_at": BORN,
            "email": "jhammond@ingen.net",
            "locale": "en-US",
            "name": "John Hammond",
            "phone_number": "+15125550100",
            "preferences": INLINE_PREFERENCES,
            "timezone": "America/Chicago",
            "properties": {"plan": "pro", "seats": 12, "address": {"city": "San José"}},
        },
        AT,
        t.User,
        body={
            "avatar": "https://img.example/john.png",
            "channel_data": INLINE_CHANNEL_DATA,
            "created_at": "2025-03-14T09:26:53+00:00",
            "email": "jhammond@ingen.net",
            "locale": "en-US",
            "name": "John Hammond",
            "phone_number": "+15125550100",
            "preferences": INLINE_PREFERENCES,
            "timezone": "America/Chicago",
            "plan": "pro",
            "seats": 12,
            "address": {"city": "San José"},
        },
    ),
    Row(
        "PUT /v1/users/{user_id}",
        "users.update",
        ("jhammond",),
        {"email": None, "name": None, "phone_number": None, "channel_data": None, "preferences": None},
        AT,
        t.User,
        body={"email": None, "name": None, "phone_number": None, "channel_data": None, "preferences": None},
    ),
    Row(
        "POST /v1/users/{user_id}/merge",
        "users.merge",
        ("jhammond",),
        {"from_user_id": "john-temporary"},
        f"{AT}/merge",
        t.User,
        body={"from_user_id": "john-temporary"},
    ),
]

BULK = [
    Row(
        "POST /v1/users/bulk/identify",
        "users.bulk.identify",
        (),
        {"users": [USER, {"id": "grace"}]},
        "/v1/users/bulk/identify",
        t.BulkOperation,
        body={"users": [USER, {"id": "grace"}]},
    ),
    Row(
        "POST /v1/users/bulk/delete",
        "users.bulk.delete",
        (),
        {"user_ids": ["ada", "grace"]},
        "/v1/users/bulk/delete",
        t.BulkOperation,
        body={"user_ids": ["ada", "grace"]},
    ),
    Row(
        "POST /v1/users/bulk/preferences",
        "users.bulk.set_preferences",
        (),
        {"preferences": {"id": "acme", **PREFERENCES}, "user_ids": ["ada", "grace"]},
        "/v1/users/bulk/preferences",
        t.BulkOperation,
        body={"preferences": {"id": "acme", **PREFERENCES}, "user_ids": ["ada", "grace"]},
    ),
]

SETTINGS = [
    *(
        Row(
            "PUT /v1/users/{user_id}/channel_data/{channel_id}",
            "users.set_channel_data",
            ("jhammond", CHANNEL),
            {"data": data},
            f"{AT}/channel_data/{CHANNEL}",
            t.ChannelData,
            body={"data": data},
        )
        for data in (PUSH_TOKENS, PUSH_DEVICES, ONE_SIGNAL)
    ),
    Row(
        "GET /v1/users/{user_id}/channel_data/{channel_id}",
        "users.get_channel_data",
        ("jhammond", CHANNEL),
        {},
        f"{AT}/channel_data/{CHANNEL}",
        t.ChannelData,
    ),
    Row(
        "DELETE /v1/users/{user_id}/channel_data/{channel_id}",
        "users.unset_channel_data",
        ("jhammond", CHANNEL),
        {},
        f"{AT}/channel_data/{CHANNEL}",
        None,
    ),
    Row(
        "GET /v1/users/{user_id}/preferences",
        "users.list_preferences",
        ("jhammond",),
        {},
        f"{AT}/preferences",
        list[t.PreferenceSet],
    ),
    Row(
        "GET /v1/users/{user_id}/preferences/{id}",
        "users.get_preferences",
        ("jhammond", "default"),
        {"tenant": "acme"},
        f"{AT}/preferences/default",
        t.PreferenceSet,
        query=[("tenant", "acme")],
    ),
    Row(
        "PUT /v1/users/{user_id}/preferences/{id}",
        "users.set_preferences",
        ("jhammond", "default"),
        {"_persistence_strategy": "merge", **PREFERENCES},
        f"{AT}/preferences/default",
        t.PreferenceSet,
        body={"__persistence_strategy__": "merge", **PREFERENCES},
    ),
    Row(
        "PUT /v1/users/{user_id}/preferences/{id}",
        "users.set_preferences",
        ("jhammond", "default"),
        {"channel_types": CHANNEL_TYPES, "categories": None, "channels": None, "workflows": None},
        f"{AT}/preferences/default",
        t.PreferenceSet,
        body={"channel_types": CHANNEL_TYPES, "categories": None, "channels": None, "workflows": None},
    ),
    Row(
        "DELETE /v1/users/{user_id}/preferences/{id}",
        "users.unset_preferences",
        ("jhammond", "default"),
        {},
        f"{AT}/preferences/default",
        None,
    ),
    Row(
        "GET /v1/users/{user_id}/preference_center/config",
        "users.preference_center.get_config",
        ("jhammond",),
        {},
        f"{AT}/preference_center/config",
        t.PreferenceCenterConfigWithMetadata,
    ),
    Row(
        "POST /v1/users/{user_id}/preference_center/signed_url",
        "users.preference_center.generate_signed_url",
        ("jhammond",),
        {},
        f"{AT}/preference_center/signed_url",
        t.PreferenceCenterSignedUrlResponse,
    ),
]

ROWS = [*USERS, *BULK, *SETTINGS]
