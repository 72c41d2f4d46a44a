"""Preference sets of users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import preferences, recipients
from ..exchange import NO_CONTENT, Reply
from ..records import Reference

if TYPE_CHECKING:
    from ..exchange import Call


def list_all(call: Call) -> Reply:
    """Return the sets that have been stored for a user."""
    user = recipients.find(call.world, Reference(call.path["user_id"]))
    stored = user.preferences if user else {}
    return Reply([preferences.render(set_id, stored[set_id]) for set_id in stored])


def get(call: Call) -> Reply:
    """Return a set laid over the defaults; one that was never stored shows these alone, and is empty without them."""
    user = recipients.find(call.world, Reference(call.path["user_id"]))
    set_id = call.path["id"]
    return Reply(preferences.render(set_id, preferences.read(call.world, user, set_id, call.query.text("tenant"))))


def put(call: Call) -> Reply:
    """Replace a set, or merge into it if the body says so; the user is created if need be."""
    user = recipients.ensure(call.world, Reference(call.path["user_id"]))
    set_id = call.path["id"]
    user.preferences[set_id] = preferences.stored(user.preferences.get(set_id, {}), call.body, "replace")
    return Reply(preferences.render(set_id, user.preferences[set_id]))


def delete(call: Call) -> Reply:
    """Delete a set; one that does not exist is as gone as it can be."""
    user = recipients.find(call.world, Reference(call.path["user_id"]))
    if user is not None:
        user.preferences.pop(call.path["id"], None)
    return NO_CONTENT


HANDLERS = {
    "deleteUserPreferenceSet": delete,
    "getUserPreferenceSet": get,
    "listUserPreferenceSets": list_all,
    "updateUserPreferenceSet": put,
}
