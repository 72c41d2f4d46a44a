"""Rows of messages, single and in batches."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Final

from knock_sdk import types as t

from .row import PageOf, Row
from .samples import CHANNEL, UUID

MESSAGE: Final = "2kTn8rQdWcVxY3uBf6HsLzPaE1m"
AT: Final = f"/v1/messages/{MESSAGE}"
IDS: Final = ["m1", "m2"]
SOME: Final = {"message_ids": IDS}
INTERACTION: Final = {"button": "pay", "position": 2}

PAGING: Final = {"after": "c2", "before": "c9", "page_size": 50}
PAGING_QUERY: Final = [("after", "c2"), ("before", "c9"), ("page_size", "50")]

FILTERS: Final = {
    **PAGING,
    "tenant": "acme",
    "channel_id": CHANNEL,
    "status": ["delivered", "bounced"],
    "engagement_status": ["seen", "link_clicked"],
    "message_ids": IDS,
    "workflow_categories": ["billing", "marketing & news"],
    "source": "invoice-overdue",
    "workflow_run_id": UUID,
    "workflow_recipient_run_id": UUID,
    "trigger_data": '{"invoice":20931}',
    "inserted_at": {
        "gt": "2026-10-01T00:00:00Z",
        "gte": "2026-10-01T00:00:00+02:00",
        "lt": "2026-11-01",
        "lte": "2026-10-31T23:59:59Z",
    },
}
"""Every argument of the list methods of messages."""

FILTERS_QUERY: Final = [
    *PAGING_QUERY,
    ("tenant", "acme"),
    ("channel_id", CHANNEL),
    ("status[]", "delivered"),
    ("status[]", "bounced"),
    ("engagement_status[]", "seen"),
    ("engagement_status[]", "link_clicked"),
    ("message_ids[]", "m1"),
    ("message_ids[]", "m2"),
    ("workflow_categories[]", "billing"),
    ("workflow_categories[]", "marketing & news"),
    ("source", "invoice-overdue"),
    ("workflow_run_id", UUID),
    ("workflow_recipient_run_id", UUID),
    ("trigger_data", '{"invoice":20931}'),
    ("inserted_at[gt]", "2026-10-01T00:00:00Z"),
    ("inserted_at[gte]", "2026-10-01T00:00:00+02:00"),
    ("inserted_at[lt]", "2026-11-01"),
    ("inserted_at[lte]", "2026-10-31T23:59:59Z"),
]

LISTS = [
    Row("GET /v1/messages", "messages.list", (), FILTERS, "/v1/messages", PageOf(t.Message), query=FILTERS_QUERY),
    Row("GET /v1/messages", "messages.list", (), {}, "/v1/messages", PageOf(t.Message)),
    Row(
        "GET /v1/messages",
        "messages.list",
        (),
        {
            "trigger_data": {"invoice": 20931, "paid": False},
            "inserted_at": {"gte": datetime(2026, 10, 1, tzinfo=timezone.utc)},
        },
        "/v1/messages",
        PageOf(t.Message),
        query=[
            ("trigger_data", '{"invoice":20931,"paid":false}'),
            ("inserted_at[gte]", "2026-10-01T00:00:00+00:00"),
        ],
        only_ours="it takes trigger data as text only, and writes times between brackets with a space",
    ),
    Row(
        "GET /v1/messages/{message_id}/activities",
        "messages.list_activities",
        (MESSAGE,),
        {"trigger_data": '{"invoice":20931}', **PAGING},
        f"{AT}/activities",
        PageOf(t.Activity),
        query=[("trigger_data", '{"invoice":20931}'), *PAGING_QUERY],
    ),
    Row(
        "GET /v1/messages/{message_id}/delivery_logs",
        "messages.list_delivery_logs",
        (MESSAGE,),
        PAGING,
        f"{AT}/delivery_logs",
        PageOf(t.MessageDeliveryLog),
        query=PAGING_QUERY,
    ),
    Row(
        "GET /v1/messages/{message_id}/events",
        "messages.list_events",
        (MESSAGE,),
        PAGING,
        f"{AT}/events",
        PageOf(t.MessageEvent),
        query=PAGING_QUERY,
    ),
]

ONE = [
    Row("GET /v1/messages/{message_id}", "messages.get", (MESSAGE,), {}, AT, t.Message),
    Row(
        "GET /v1/messages/{message_id}/content",
        "messages.get_content",
        (MESSAGE,),
        {},
        f"{AT}/content",
        t.MessageContents,
    ),
    Row(
        "PUT /v1/messages/{message_id}/interacted",
        "messages.mark_as_interacted",
        (MESSAGE,),
        {"metadata": INTERACTION},
        f"{AT}/interacted",
        t.Message,
        body={"metadata": INTERACTION},
    ),
    Row(
        "PUT /v1/messages/{message_id}/interacted",
        "messages.mark_as_interacted",
        (MESSAGE,),
        {},
        f"{AT}/interacted",
        t.Message,
        body={},
    ),
    Row("PUT /v1/messages/{message_id}/read", "messages.mark_as_read", (MESSAGE,), {}, f"{AT}/read", t.Message),
    Row("DELETE /v1/messages/{message_id}/read", "messages.mark_as_unread", (MESSAGE,), {}, f"{AT}/read", t.Message),
    Row("PUT /v1/messages/{message_id}/seen", "messages.mark_as_seen", (MESSAGE,), {}, f"{AT}/seen", t.Message),
    Row("DELETE /v1/messages/{message_id}/seen", "messages.mark_as_unseen", (MESSAGE,), {}, f"{AT}/seen", t.Message),
    Row("PUT /v1/messages/{message_id}/archived", "messages.archive", (MESSAGE,), {}, f"{AT}/archived", t.Message),
    Row("DELETE /v1/messages/{message_id}/archived", "messages.unarchive", (MESSAGE,), {}, f"{AT}/archived", t.Message),
]

BATCH = [
    Row(
        "GET /v1/messages/batch/content",
        "messages.batch.get_content",
        (),
        SOME,
        "/v1/messages/batch/content",
        list[t.MessageContents],
        query=[("message_ids[]", "m1"), ("message_ids[]", "m2")],
    ),
    Row(
        "POST /v1/messages/batch/interacted",
        "messages.batch.mark_as_interacted",
        (),
        {**SOME, "metadata": INTERACTION},
        "/v1/messages/batch/interacted",
        list[t.Message],
        body={"message_ids": ["m1", "m2"], "metadata": INTERACTION},
    ),
    Row(
        "POST /v1/messages/batch/interacted",
        "messages.batch.mark_as_interacted",
        (),
        {**SOME, "metadata": None},
        "/v1/messages/batch/interacted",
        list[t.Message],
        body={"message_ids": ["m1", "m2"], "metadata": None},
    ),
    *(
        Row(
            f"POST /v1/messages/batch/{status}",
            f"messages.batch.{method}",
            (),
            SOME,
            f"/v1/messages/batch/{status}",
            list[t.Message],
            body={"message_ids": ["m1", "m2"]},
        )
        for status, method in [
            ("archived", "archive"),
            ("unarchived", "unarchive"),
            ("read", "mark_as_read"),
            ("unread", "mark_as_unread"),
            ("seen", "mark_as_seen"),
            ("unseen", "mark_as_unseen"),
        ]
    ),
]

ROWS = [*LISTS, *ONE, *BATCH]
