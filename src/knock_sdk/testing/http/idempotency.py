"""Idempotency keys: replies are stored, so that a repeated trigger does not start runs again."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from pydantic_core import to_json

from ..._core.type_guards import is_array, is_object
from ..state.records import StoredReply
from .calls import Reply
from .errors import invalid_field

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from .calls import Call

HEADER = "idempotency-key"
REPLAYED = "idempotent-replayed"
"""The header of a replayed response."""
LIFETIME = timedelta(hours=24)
"""Time after which a stored reply is no longer replayed."""


def replay(call: Call) -> Reply | None:
    """Return the stored reply to an earlier call with the same key, or None if the call has to be carried out.

    Raises:
        Problem: The key was used with other parameters.
    """
    key = call.headers.get(HEADER)
    stored = call.world.replies.get(key) if key else None
    if stored is None or call.world.clock.now - stored.at >= LIFETIME:
        return None
    if stored.digest != _digest(call):
        raise invalid_field("Idempotency-Key", "taken", "was used with other parameters less than 24 hours ago")
    return Reply(stored.body, headers={REPLAYED: "true", "original-x-request-id": stored.request_id})


def store(call: Call, body: JSON) -> None:
    """Store the reply to a successful call, if it has a key; errors are not stored, so that they can be retried."""
    if key := call.headers.get(HEADER):
        call.world.replies[key] = StoredReply(_digest(call), call.request_id, body, call.world.clock.now)


def _digest(call: Call) -> bytes:
    return sha256(to_json([call.operation.name, call.path, _sort_keys(call.body)])).digest()


def _sort_keys(value: object) -> object:
    """Sort the keys of objects: their order does not matter for whether parameters are the same."""
    if is_object(value):
        return {key: _sort_keys(value[key]) for key in sorted(value)}
    return [_sort_keys(element) for element in value] if is_array(value) else value
