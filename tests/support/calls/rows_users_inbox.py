"""Rows of a user's messages, schedules, subscriptions, feeds and guides."""

from __future__ import annotations

from typing import Final

from knock_sdk import types as t

from .row import PageOf, Row
from .rows_messages import FILTERS, FILTERS_QUERY, MESSAGE, PAGING, PAGING_QUERY
from .samples import CHANNEL, DATA, REFERENCE, UUID

AT: Final = "/v1/users/jhammond"

LISTS = [
    Row(
        "GET /v1/users/{user_id}/messages",
        "users.list_messages",
        ("jhammond",),
        FILTERS,
        f"{AT}/messages",
        PageOf(t.Message),
        query=FILTERS_QUERY,
    ),
    Row(
        "GET /v1/users/{user_id}/schedules",
        "users.list_schedules",
        ("jhammond",),
        {"workflow": "digest", "tenant": "acme", **PAGING},
        f"{AT}/schedules",
        PageOf(t.Schedule),
        query=[("workflow", "digest"), ("tenant", "acme"), *PAGING_QUERY],
    ),
    Row(
        "GET /v1/users/{user_id}/subscriptions",
        "users.list_subscriptions",
        ("jhammond",),
        {"include": ["preferences"], "objects": [REFERENCE, "ada", {"id": "p 1", "collection": "projects"}], **PAGING},
        f"{AT}/subscriptions",
        PageOf(t.Subscription),
        query=[
            ("include[]", "preferences"),
            ("objects[0][id]", "inv-20931"),
            ("objects[0][collection]", "invoices"),
            ("objects[1]", "ada"),
            ("objects[2][id]", "p 1"),
            ("objects[2][collection]", "projects"),
            *PAGING_QUERY,
        ],
    ),
    Row(
        "GET /v1/users/{user_id}/subscriptions",
        "users.list_subscriptions",
        ("jhammond",),
        {"objects": ["ada"]},
        f"{AT}/subscriptions",
        PageOf(t.Subscription),
        query=[("objects[]", "ada")],
    ),
    Row(
        "GET /v1/users/{user_id}/feeds/{id}",
        "users.feeds.list_items",
        ("jhammond", CHANNEL),
        {
            "status": "unread",
            "source": "invoice-overdue",
            "tenant": "acme",
            "has_tenant": True,
            "workflow_categories": ["billing"],
            "archived": "only",
            "trigger_data": '{"invoice":20931}',
            "locale": "fi-FI",
            "exclude": "entries.archived_at,meta.total_count",
            "mode": "compact",
            "after": "c2",
            "before": "c9",
            "page_size": 200,
            "inserted_at": FILTERS["inserted_at"],
        },
        f"{AT}/feeds/{CHANNEL}",
        PageOf(t.InAppFeedItem),
        query=[
            ("status", "unread"),
            ("source", "invoice-overdue"),
            ("tenant", "acme"),
            ("has_tenant", "true"),
            ("workflow_categories[]", "billing"),
            ("archived", "only"),
            ("trigger_data", '{"invoice":20931}'),
            ("locale", "fi-FI"),
            ("exclude", "entries.archived_at,meta.total_count"),
            ("mode", "compact"),
            ("after", "c2"),
            ("before", "c9"),
            ("page_size", "200"),
            *(pair for pair in FILTERS_QUERY if pair[0].startswith("inserted_at")),
        ],
    ),
    Row(
        "GET /v1/users/{user_id}/feeds/{id}",
        "users.feeds.list_items",
        ("jhammond", CHANNEL),
        {"exclude": ["entries.archived_at", "meta.total_count"], "trigger_data": {"invoice": 20931}},
        f"{AT}/feeds/{CHANNEL}",
        PageOf(t.InAppFeedItem),
        query=[("exclude", "entries.archived_at,meta.total_count"), ("trigger_data", '{"invoice":20931}')],
        only_ours="it takes both as text only",
    ),
    Row(
        "GET /v1/users/{user_id}/feeds/{id}/settings",
        "users.feeds.get_settings",
        ("jhammond", CHANNEL),
        {},
        f"{AT}/feeds/{CHANNEL}/settings",
        t.UserInAppFeedSettingsResponse,
    ),
]

STEP: Final = {"channel_id": CHANNEL, "guide_id": UUID, "guide_key": "tour", "guide_step_ref": "step-1"}
SEEN: Final = {**STEP, "content": {"title": "Welcome"}, "data": DATA, "tenant": "acme"}
INTERACTED: Final = {**STEP, "metadata": {"button": "next"}, "tenant": "acme"}
ARCHIVED: Final = {**STEP, "is_final": True, "tenant": "acme", "unthrottled": False}

GUIDES = [
    Row(
        "GET /v1/users/{user_id}/guides/{channel_id}",
        "users.guides.get_channel",
        ("jhammond", CHANNEL),
        {"tenant": "acme", "data": '{"beta":true}', "type": "banner"},
        f"{AT}/guides/{CHANNEL}",
        t.GuidesResponse,
        query=[("tenant", "acme"), ("data", '{"beta":true}'), ("type", "banner")],
    ),
    Row(
        "GET /v1/users/{user_id}/guides/{channel_id}",
        "users.guides.get_channel",
        ("jhammond", CHANNEL),
        {"data": {"beta": True}},
        f"{AT}/guides/{CHANNEL}",
        t.GuidesResponse,
        query=[("data", '{"beta":true}')],
        only_ours="it takes the data as text only",
    ),
    Row(
        "PUT /v1/users/{user_id}/guides/engagements/reset",
        "users.guides.reset_guide_engagements",
        ("jhammond",),
        {"guide_key": "tour", "tenant": "acme"},
        f"{AT}/guides/engagements/reset",
        t.GuideActionResponse,
        body={"guide_key": "tour", "tenant": "acme"},
    ),
    Row(
        "DELETE /v1/users/{user_id}/guides/messages/archived",
        "users.guides.unarchive_guide_message",
        ("jhammond",),
        {"guide_key": "tour", "tenant": "acme"},
        f"{AT}/guides/messages/archived",
        t.GuideActionResponse,
        body={"guide_key": "tour", "tenant": "acme"},
    ),
    *(
        Row(
            f"PUT /v1/users/{{user_id}}/guides/messages/{between}{status}",
            f"users.guides.mark_message_as_{status}",
            args,
            given,
            f"{AT}/guides/messages/{MESSAGE + '/' if between else ''}{status}",
            t.GuideActionResponse,
            body=given,
            only_ours="it sends the newer spelling only, without the message's id" if between else "",
        )
        for status, given in [("seen", SEEN), ("interacted", INTERACTED), ("archived", ARCHIVED)]
        for between, args in [("", ("jhammond",)), ("{message_id}/", ("jhammond", MESSAGE))]
    ),
]

ROWS = [*LISTS, *GUIDES]
