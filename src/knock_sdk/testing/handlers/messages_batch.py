"""Messages in batches: marked, unmarked and read. Ids that do not exist are left out of the answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..http.calls import Reply
from ..http.errors import refused_field
from ..messaging import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..http.calls import Call
    from ..state.records import Message


def change(call: Call, *, action: str) -> Reply:
    """Set an engagement status, or clear it, where the message has not been changed just now."""
    metadata = call.body.get("metadata")
    found = _found(call, call.body["message_ids"])
    for message in found:
        if message.id not in call.rate_limited:
            messages.change(call.world, message, action, metadata)
    return Reply([messages.render(message) for message in found])


def get_contents(call: Call) -> Reply:
    """Return what was rendered for messages; those of webhooks have none."""
    ids = call.query.texts("message_ids")
    if not ids:
        raise refused_field("message_ids", "required", "is missing")
    return Reply([messages.render_contents(message) for message in _found(call, ids) if message.contents is not None])


def _found(call: Call, ids: Iterable[str]) -> list[Message]:
    return [call.world.messages[name] for name in dict.fromkeys(ids) if name in call.world.messages]


HANDLERS: dict[str, Callable[[Call], Reply]] = {
    "batchGetMessageContents": get_contents,
    "batchMarkMessagesAsArchived": partial(change, action="archived"),
    "batchMarkMessagesAsInteracted": partial(change, action="interacted"),
    "batchMarkMessagesAsRead": partial(change, action="read"),
    "batchMarkMessagesAsSeen": partial(change, action="seen"),
    "batchMarkMessagesAsUnarchived": partial(change, action="unarchived"),
    "batchMarkMessagesAsUnread": partial(change, action="unread"),
    "batchMarkMessagesAsUnseen": partial(change, action="unseen"),
}
