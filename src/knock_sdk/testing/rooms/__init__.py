"""The rooms: each answers the operations of one part of the API.

A room is a module with `HANDLERS`, from the id of an operation in the contract to a function that takes a `Call` and
returns a `Reply` or raises a `Problem`. What it adds to the state goes into `World`; the shape of a request's body goes
into `bodies`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import bulk_operations, messages, messages_batch, preferences, users, users_bulk, workflows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..exchange import Call, Reply

HANDLERS: Mapping[str, Callable[[Call], Reply]] = {
    **bulk_operations.HANDLERS,
    **messages.HANDLERS,
    **messages_batch.HANDLERS,
    **preferences.HANDLERS,
    **users.HANDLERS,
    **users_bulk.HANDLERS,
    **workflows.HANDLERS,
}
"""What answers each operation that the simulator has."""
