"""Handlers of the operations, with one module per resource.

A handler is a function from `Call` to `Reply`, and raises a `Problem` to respond with an error. It receives only
requests that the contract allows.
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
    objects,
    preferences,
    providers,
    schedules,
    subscriptions,
    tenants,
    users,
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
    **objects.HANDLERS,
    **preferences.HANDLERS,
    **providers.HANDLERS,
    **schedules.HANDLERS,
    **subscriptions.HANDLERS,
    **tenants.HANDLERS,
    **users.HANDLERS,
    **workflows.HANDLERS,
}
"""Handlers by operation id."""
