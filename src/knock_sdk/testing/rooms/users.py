"""Users: identified, read, listed, merged and deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .. import messages, preferences, recipients
from ..bodies import user_id
from ..errors import FieldProblem, missing, refused, refused_field
from ..exchange import NO_CONTENT, Reply
from ..paging import page
from ..records import Reference
from ..values import merge

if TYPE_CHECKING:
    from ..exchange import Call
    from ..records import Recipient
    from ..values import JSON

_MERGED_HISTORY = timedelta(days=30)


def identify(call: Call) -> Reply:
    """Create or update a user."""
    reference = Reference(call.path["user_id"])
    problems: list[FieldProblem] = []
    user_id(reference.id, "user_id", problems)
    if problems:
        raise refused(problems)
    return Reply(recipients.render(recipients.identify(call.world, reference, call.body, "body")))


def get(call: Call) -> Reply:
    """Return a user."""
    return Reply(recipients.render(_existing(call, call.path["user_id"])))


def list_page(call: Call) -> Reply:
    """Return a page of the users, in the order in which they were first identified or its reverse."""
    with_preferences = "preferences" in call.query.texts("include", ("preferences",))
    newest_first = call.query.text("order", ("asc", "desc")) == "desc"

    def render(user: Recipient) -> JSON:
        shown = recipients.render(user)
        if with_preferences:
            shown["preferences"] = {
                set_id: preferences.render(set_id, stored) for set_id, stored in user.preferences.items()
            }
        return shown

    users = call.world.collections[None]
    return Reply(page(call, users, render, key="entries", newest_first=newest_first))


def delete(call: Call) -> Reply:
    """Delete a user; one that does not exist is as gone as it can be."""
    recipients.forget(call.world, Reference(call.path["user_id"]))
    return NO_CONTENT


def merge_users(call: Call) -> Reply:
    """Take a second user into the first, which keeps its own values, and delete the second."""
    first = _existing(call, call.path["user_id"])
    second = _existing(call, call.body["from_user_id"])
    if second is first:
        raise refused_field("from_user_id", "exclusion", "is the user itself")
    now = call.world.clock.now
    first.properties = merge(second.properties, first.properties)
    first.created_at = first.created_at or second.created_at
    first.preferences = {**second.preferences, **first.preferences}
    first.channel_data = {**second.channel_data, **first.channel_data}
    first.updated_at = now
    history = [message for _, message in call.world.messages_of[second.reference].walk()]
    for message in history:
        if now - message.inserted_at <= _MERGED_HISTORY:
            messages.hand_over(call.world, message, first.reference)
    recipients.forget(call.world, second.reference)
    return Reply(recipients.render(first))


def _existing(call: Call, name: str) -> Recipient:
    user = recipients.find(call.world, Reference(name))
    if user is None:
        raise missing("user", name)
    return user


HANDLERS = {
    "deleteUser": delete,
    "getUser": get,
    "identifyUser": identify,
    "listUsers": list_page,
    "mergeUser": merge_users,
}
