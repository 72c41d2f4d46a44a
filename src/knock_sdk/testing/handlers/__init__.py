"""The rooms: each answers the operations of one part of the API.

A room is a module with `HANDLERS`, from the id of an operation in the contract to a function that takes a `Call` and
returns a `Reply` or raises a `Problem`. It sees only requests that the contract allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    audiences,
    bulk_operations,
    channel_data,
    channels,
    feeds,
    guides,
    integrations,
    messages,
    messages_batch,
    objects,
    objects_bulk,
    preference_center,
    preferences,
    preferences_in_part,
    providers,
    schedules,
    subscriptions,
    tenants,
    users,
    users_bulk,
    workflow_runs,
    workflows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..http.calls import Call, Reply

HANDLERS: Mapping[str, Callable[[Call], Reply]] = {
    **audiences.HANDLERS,
    **bulk_operations.HANDLERS,
    **channel_data.HANDLERS,
    **channels.HANDLERS,
    **feeds.HANDLERS,
    **guides.HANDLERS,
    **integrations.HANDLERS,
    **messages.HANDLERS,
    **messages_batch.HANDLERS,
    **objects.HANDLERS,
    **objects_bulk.HANDLERS,
    **preference_center.HANDLERS,
    **preferences.HANDLERS,
    **preferences_in_part.HANDLERS,
    **providers.HANDLERS,
    **schedules.HANDLERS,
    **subscriptions.HANDLERS,
    **tenants.HANDLERS,
    **users.HANDLERS,
    **users_bulk.HANDLERS,
    **workflow_runs.HANDLERS,
    **workflows.HANDLERS,
}
"""What answers each operation that the simulator has."""
