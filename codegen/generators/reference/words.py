"""What the pages of methods say in the same words everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PER_SECOND: Mapping[int, int] = {1: 1, 2: 5, 3: 60, 4: 200, 5: 1000}
"""Requests per second that each tier of the contract allows."""

_AFTER = "after a failed connection, and after 408, 429, 500, 502, 503 and 504"

REPEATS: Mapping[str, str] = {
    "safe": f"yes, it is a read (`safe`): {_AFTER}",
    "idempotent": f"yes, a repetition changes nothing more (`idempotent`): {_AFTER}",
    "upsert": f"yes, a repetition ends in the same state (`upsert`): {_AFTER}",
    "keyed": "yes, with the same idempotency key and the same bytes, so that it is carried out once within 24 hours "
    f"(`keyed`): {_AFTER}",
    "never": "only if no byte had been sent, and after 429; otherwise it may have been carried out, and a repetition "
    "would do it again (`never`)",
}
"""What the classes of repetition mean for the client's retries."""

ERROR_CLASSES: Mapping[str, str] = {
    "authorization": "PermissionDeniedError",
    "resource_missing": "NotFoundError",
}
"""Classes of errors by their code, where the status of the code is documented."""

TITLES: Mapping[str, tuple[str, str]] = {
    "audiences": ("Audiences", "Groups of users, each with a key."),
    "bulk_operations": ("Bulk operations", "The state of jobs that Knock carries out in the background."),
    "channels": ("Channels", "Changes of all messages of a channel."),
    "integrations": ("Integrations", "What data sync services call; not meant for application code."),
    "messages": ("Messages", "Notifications to a recipient on a channel: content, delivery and engagement."),
    "objects": ("Objects", "Things other than users that get notifications, and that users subscribe to."),
    "providers": ("Providers", "Helpers for the connections to Slack and Microsoft Teams."),
    "schedules": ("Schedules", "Runs of workflows that are planned, once or again and again."),
    "tenants": ("Tenants", "Customers of yours, each with branding and default preferences."),
    "users": ("Users", "The people who get notifications, with their feeds, guides and preferences."),
    "workflow_recipient_runs": ("Workflow recipient runs", "Single runs of a workflow for one recipient."),
    "workflows": ("Workflows", "Triggers, and their cancellation."),
}
"""Title and purpose of each resource."""
