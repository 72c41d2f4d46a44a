"""Answers kept for their idempotency keys, so that a repeated trigger does not run again."""

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
"""The header of an answer that was kept."""
LIFETIME = timedelta(hours=24)


def replay(call: Call) -> Reply | None:
    """Return the kept answer to a call with the same key, or None if it is to be carried out.

    Raises:
        Problem: The key came with other parameters before.
    """
    key = call.headers.get(HEADER)
    stored = call.world.replies.get(key) if key else None
    if stored is None or call.world.clock.now - stored.at >= LIFETIME:
        return None
    if stored.digest != _digest(call):
        raise invalid_field("Idempotency-Key", "taken", "was used with other parameters less than 24 hours ago")
    return Reply(stored.body, headers={REPLAYED: "true", "original-x-request-id": stored.request_id})


def store(call: Call, body: JSON) -> None:
    """Keep the answer to a call that has a key; only successes come here, so that a failure may be tried again."""
    if key := call.headers.get(HEADER):
        call.world.replies[key] = StoredReply(_digest(call), call.request_id, body, call.world.clock.now)


def _digest(call: Call) -> bytes:
    return sha256(to_json([call.operation.name, call.path, _sorted(call.body)])).digest()


def _sorted(value: object) -> object:
    """Put the keys of objects in order: the same parameters may come in another one."""
    if is_object(value):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(element) for element in value] if is_array(value) else value
