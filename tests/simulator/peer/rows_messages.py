"""Rows for messages, alone, in batches and by channel, and for workflows and their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .row import Read, Row
from .scene import DIGEST, WORKFLOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from .row import Expected
    from .scene import Scene


def rows(scene: Scene) -> list[Row]:
    """Return the rows."""
    return [*_reading(scene), *_marking(scene), *_batches(scene), *_by_channel(scene), *_workflows(scene)]


def _reading(scene: Scene) -> list[Row]:
    newest_first = [{"id": scene.email_message}, {"id": scene.message}]
    return [
        Row("messages.get", (scene.message,), returns={"id": scene.message, "status": "delivered", "recipient": "ana"}),
        Row("messages.list", given={"page_size": 1}, returns=newest_first),
        Row(
            "messages.list",
            given={
                "status": ["delivered"],
                "message_ids": [scene.message, scene.email_message],
                "workflow_run_id": scene.run,
                "channel_id": scene.email,
                "workflow_categories": ["collaboration"],
                "trigger_data": '{"comment":"Done."}',
            },
            returns=[{"id": scene.email_message}],
        ),
        Row(
            "messages.get_content",
            (scene.email_message,),
            returns={"message_id": scene.email_message, "data": {"__typename": "MessageEmailContent"}},
        ),
        Row(
            "messages.list_activities",
            (scene.message,),
            returns=[{"__typename": "Activity", "actor": {"id": "ben"}, "data": {"comment": "Done."}}],
        ),
        Row(
            "messages.list_events",
            (scene.message,),
            returns=lambda events: {event["type"] for event in events} >= {"message.created", "message.delivered"},
        ),
        Row(
            "messages.list_delivery_logs",
            (scene.email_message,),
            returns=lambda logs: bool(logs) and all(log["__typename"] == "MessageDeliveryLog" for log in logs),
        ),
    ]


def _marks(mark: Callable[..., Row]) -> list[Row]:
    """Return a row for each mark that a message can have, and for each that can be removed."""
    return [
        mark("mark_as_seen", "seen_at", bool),
        mark("mark_as_read", "read_at", bool),
        mark("mark_as_interacted", "interacted_at", bool, metadata={"button": "open"}),
        mark("archive", "archived_at", bool),
        mark("mark_as_unseen", "seen_at", None),
        mark("mark_as_unread", "read_at", None),
        mark("unarchive", "archived_at", None),
    ]


def _marking(scene: Scene) -> list[Row]:
    def mark(method: str, field: str, value: Expected, **given: object) -> Row:
        return Row(
            f"messages.{method}",
            (scene.message,),
            given,
            returns={"id": scene.message, field: value},
            then=[Read("messages.get", (scene.message,), {field: value})],
        )

    return _marks(mark)


def _batches(scene: Scene) -> list[Row]:
    both = [scene.message, scene.email_message]

    def mark(method: str, field: str, value: Expected, **given: object) -> Row:
        return Row(
            f"messages.batch.{method}",
            given={"message_ids": both, **given},
            returns=[{"id": name, field: value} for name in both],
            then=[Read("messages.get", (name,), {field: value}) for name in both],
        )

    return [
        *_marks(mark),
        Row(
            "messages.batch.get_content",
            given={"message_ids": both},
            returns=[{"message_id": name, "data": ...} for name in both],
        ),
    ]


def _by_channel(scene: Scene) -> list[Row]:
    return [
        Row(
            "channels.bulk.update_message_status",
            (scene.feed, "read"),
            {"recipient_ids": ["ana"], "workflows": [WORKFLOW], "tenants": ["acme"], "engagement_status": "unread"},
            returns={"name": "messages.read"},
            then=[
                Read("messages.get", (scene.message,), {"read_at": bool}),
                Read("messages.get", (scene.email_message,), {"read_at": None}),
            ],
        ),
        Row("bulk_operations.get", (scene.job,), returns={"id": scene.job, "name": "users.identify"}),
    ]


def _workflows(scene: Scene) -> list[Row]:
    return [
        Row(
            "workflows.trigger",
            (WORKFLOW,),
            {"recipients": ["ben", {"id": "di", "name": "Di"}], "data": {"comment": "More?"}, "actor": "ana"},
            returns={"workflow_run_id": bool},
            then=[
                Read("users.get", ("di",), {"name": "Di"}),
                Read(
                    "messages.list",
                    (),
                    [{"recipient": "di"}, {"recipient": "ben"}],
                    {"channel_id": scene.feed, "trigger_data": '{"comment":"More?"}'},
                ),
            ],
        ),
        Row(
            "workflows.cancel",
            (DIGEST,),
            {"cancellation_key": "weekly-1"},
            minutes=90,
            then=[
                Read("messages.list", (), [], {"source": DIGEST}),
                Read("workflow_recipient_runs.list", (), [{"status": "cancelled"}], {"workflow": DIGEST}),
            ],
        ),
        Row(
            "workflow_recipient_runs.list",
            given={"workflow": WORKFLOW, "recipient": "ana", "status": ["completed"], "tenant": "acme"},
            returns=[{"id": scene.recipient_run, "workflow": WORKFLOW, "recipient": "ana"}],
        ),
        Row(
            "workflow_recipient_runs.get",
            (scene.recipient_run,),
            returns={"id": scene.recipient_run, "status": "completed", "events": bool},
        ),
    ]
