"""Complete events, one for each type."""

from __future__ import annotations

import json
from typing import Any

from .paths import DATA

_RUN = json.loads((DATA / "WorkflowRecipientRunDetail.json").read_text(encoding="utf-8"))
_AT = "2026-01-31T17:12:59.958652Z"
_ENTITIES: dict[str, dict[str, Any]] = {
    "message": json.loads((DATA / "Message.json").read_text(encoding="utf-8")),
    "workflow_recipient_run": {name: value for name, value in _RUN.items() if name != "events"},
    "workflow": {
        "active": True,
        "categories": ["collaboration"],
        "conditions": {"all": [{"variable": "data.n", "operator": "equal_to", "argument": "1"}]},
        "created_at": _AT,
        "deleted_at": _AT,
        "description": "Tells of comments",
        "environment": "development",
        "key": "comment-created",
        "name": "Comment created",
        "settings": {"is_commercial": False},
        "sha": "f7e9d3",
        "steps": [{"ref": "email_1", "type": "channel"}],
        "trigger_data_json_schema": {"type": "object"},
        "trigger_frequency": "every_trigger",
        "updated_at": _AT,
        "valid": True,
    },
    "email_layout": {
        "created_at": _AT,
        "environment": "development",
        "footer_links": [{"text": "Home", "url": "https://x.example"}],
        "html_layout": "<html>{{ content }}</html>",
        "key": "default",
        "name": "Default",
        "sha": "f7e9d3",
        "text_layout": "{{ content }}",
        "updated_at": _AT,
    },
    "translation": {
        "content": "{}",
        "format": "json",
        "inserted_at": _AT,
        "locale_code": "pt-BR",
        "namespace": "emails",
        "updated_at": _AT,
    },
    "source_event_action": {"key": "paid", "anything": [1]},
    "partial": {
        "content": "<b>{{ text }}</b>",
        "description": "A badge",
        "environment": "development",
        "icon_name": "Star",
        "input_schema": [{"type": "text", "key": "text"}],
        "inserted_at": _AT,
        "key": "badge",
        "name": "Badge",
        "type": "html",
        "updated_at": _AT,
        "valid": True,
        "visual_block_enabled": True,
    },
}
_DETAILS = {
    "message.delivery_attempted": {"attempt": 1, "max_attempts": 8, "retryable": True},
    "message.undelivered": {"failure_reason": "fatal_error", "failure_details": "No such host"},
    "message.bounced": {"failure_reason": "bounced", "failure_details": "No such mailbox", "token": "t"},
    "message.complaint": {"address": "ana@x.example"},
    "message.interacted": {"button": "yes"},
    "message.link_clicked": {"url": "https://x.example"},
}


def build_event(event_type: str) -> dict[str, Any]:
    """Return the body of an event of a type."""
    committed = {"commit_id": "c1"} if event_type.endswith(".committed") else {"any": "details"}
    return {
        "__typename": "Event",
        "type": event_type,
        "created_at": _AT,
        "data": json.loads(json.dumps(_ENTITIES[event_type.rpartition(".")[0]])),
        "event_data": _DETAILS.get(event_type, committed),
    }
