"""Values for the rows: between them they have every field that a request can carry."""

from __future__ import annotations

from typing import Any, Final

JSON = dict[str, Any]

CHANNEL: Final = "4f1c9a52-7d0e-4f53-9a9b-2f3f5c1d8e60"
"""Id of a channel."""
SCHEDULE: Final = "e0d1c2b3-a4f5-4e6d-8c7b-9a0f1e2d3c4b"
"""Id of a schedule."""
UUID: Final = "0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d"
"""Any other id that the API makes."""

CONDITION: Final[JSON] = {"variable": "recipient.plan", "operator": "equal_to", "argument": "pro"}
CONDITIONS: Final[JSON] = {"conditions": [CONDITION, {"variable": "data.due", "operator": "exists", "argument": None}]}

CHANNEL_TYPES: Final[JSON] = {
    "chat": True,
    "email": False,
    "http": True,
    "in_app_feed": CONDITIONS,
    "push": False,
    "sms": True,
}
CATEGORY: Final[JSON] = {"channel_types": {"sms": False}, "channels": {CHANNEL: CONDITIONS}, "conditions": [CONDITION]}

PREFERENCES: Final[JSON] = {
    "categories": {"billing": True, "marketing": CATEGORY},
    "channel_types": CHANNEL_TYPES,
    "channels": {CHANNEL: False},
    "commercial_subscribed": CONDITIONS,
    "workflows": {"digest": False, "invoice-overdue": {"channel_types": None, "channels": None, "conditions": None}},
}
"""One preference set, without the strategy, whose name in a method is not the one on the wire."""

INLINE_PREFERENCES: Final[JSON] = {
    "default": {"__persistence_strategy__": "replace", **PREFERENCES},
    "acme": {"commercial_subscribed": True},
}

PUSH_TOKENS: Final[JSON] = {"tokens": ["fcm-1", "fcm-2"]}
PUSH_DEVICES: Final[JSON] = {
    "devices": [{"token": "apns-1", "locale": "fi-FI", "timezone": "Europe/Helsinki"}, {"token": "apns-2"}]
}
AWS_ARNS: Final[JSON] = {"target_arns": ["arn:aws:sns:eu-west-1:000000000000:endpoint/GCM/app/1"]}
AWS_DEVICES: Final[JSON] = {
    "devices": [{"target_arn": AWS_ARNS["target_arns"][0], "locale": "fi-FI", "timezone": "Europe/Helsinki"}]
}
ONE_SIGNAL: Final[JSON] = {"player_ids": [UUID]}
SLACK: Final[JSON] = {
    "connections": [
        {"access_token": "xoxb-1", "channel_id": "C04F7JQ2Z", "channel_name": "#billing", "user_id": None},
        {"incoming_webhook": {"url": "https://hooks.example/slack"}},
    ],
    "token": {"access_token": "xoxb-0"},
}
MS_TEAMS: Final[JSON] = {
    "connections": [
        {
            "ms_teams_tenant_id": UUID,
            "ms_teams_team_id": UUID,
            "ms_teams_channel_id": CHANNEL,
            "ms_teams_user_id": None,
        },
        {"incoming_webhook": {"url": "https://hooks.example/teams"}},
    ],
    "ms_teams_tenant_id": UUID,
}
DISCORD: Final[JSON] = {
    "connections": [{"channel_id": "1083429182735461"}, {"incoming_webhook": {"url": "https://hooks.example/discord"}}]
}
INLINE_CHANNEL_DATA: Final[JSON] = {CHANNEL: SLACK, UUID: PUSH_TOKENS}

USER: Final[JSON] = {
    "id": "ada",
    "avatar": "https://img.example/ada.png",
    "channel_data": INLINE_CHANNEL_DATA,
    "created_at": "2025-03-14T09:26:53+00:00",
    "email": "ada@example.com",
    "locale": "en-GB",
    "name": "Ada Lovelace",
    "phone_number": "+447700900123",
    "preferences": INLINE_PREFERENCES,
    "timezone": "Europe/London",
    "plan": "pro",
    "seats": 12,
}
"""A user given inline, with two custom properties."""

OBJECT: Final[JSON] = {
    "id": "inv-20931",
    "collection": "invoices",
    "channel_data": INLINE_CHANNEL_DATA,
    "created_at": "2026-08-19T11:00:00+00:00",
    "name": "Invoice 20931",
    "preferences": INLINE_PREFERENCES,
    "total": 1840.5,
}
"""An object given inline, with a custom property."""

REFERENCE: Final[JSON] = {"id": "inv-20931", "collection": "invoices"}

BRANDING: Final[JSON] = {
    "icon_url": "https://cdn.example/icon.png",
    "logo_url": "https://cdn.example/logo.svg",
    "primary_color": "#3c4fe0",
    "primary_color_contrast": None,
}
DARK_BRANDING: Final[JSON] = {
    "dark_icon_url": "https://cdn.example/icon-dark.png",
    "dark_logo_url": "https://cdn.example/logo-dark.svg",
    "dark_primary_color": "#7f9cf5",
    "dark_primary_color_contrast": "#0b1020",
}
TENANT: Final[JSON] = {
    "id": "acme",
    "channel_data": INLINE_CHANNEL_DATA,
    "name": "Acme Oy",
    "preferences": INLINE_PREFERENCES,
    "settings": {"branding": {**BRANDING, **DARK_BRANDING}, "preference_set": PREFERENCES},
    "region": "eu",
}
"""A tenant given inline, with a custom property."""

REPEATS: Final[list[JSON]] = [
    {
        "__typename": "ScheduleRepeat",
        "frequency": "weekly",
        "interval": 2,
        "days": ["mon", "thu"],
        "hours": 9,
        "minutes": 30,
    },
    {"frequency": "monthly", "day_of_month": 31},
]

DATA: Final[JSON] = {
    "invoice": {"number": 20931, "total": 1840.5, "lines": [{"sku": "A-1"}]},
    "paid": False,
    "due": None,
}
"""Data of a workflow run."""
