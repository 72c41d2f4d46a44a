"""Preference sets of users and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.calls import NO_CONTENT, Reply
from ..recipients import preferences, profiles
from . import lookup

if TYPE_CHECKING:
    from ..http.calls import Call


def list_all(call: Call) -> Reply:
    """Return the sets that have been stored for a recipient."""
    recipient = profiles.find(call.world, lookup.in_path(call))
    stored = recipient.preferences if recipient else {}
    return Reply([preferences.render(set_id, stored[set_id]) for set_id in stored])


def get(call: Call) -> Reply:
    """Return a set laid over the defaults; one that was never stored shows these alone, and is empty without them."""
    recipient = profiles.find(call.world, lookup.in_path(call))
    set_id = call.path["id"]
    return Reply(preferences.render(set_id, preferences.read(call.world, recipient, set_id, call.query.text("tenant"))))


def put(call: Call) -> Reply:
    """Replace a set, or merge into it if the body says so; the recipient is created if need be."""
    recipient = profiles.ensure(call.world, lookup.in_path(call))
    set_id = call.path["id"]
    recipient.preferences[set_id] = preferences.stored(recipient.preferences.get(set_id, {}), call.body, "replace")
    return Reply(preferences.render(set_id, recipient.preferences[set_id]))


def delete(call: Call) -> Reply:
    """Delete a set; one that does not exist is as gone as it can be."""
    recipient = profiles.find(call.world, lookup.in_path(call))
    if recipient is not None:
        recipient.preferences.pop(call.path["id"], None)
    return NO_CONTENT


HANDLERS = {
    "deleteObjectPreferenceSet": delete,
    "deleteUserPreferenceSet": delete,
    "getObjectPreferenceSet": get,
    "getUserPreferenceSet": get,
    "listObjectPreferenceSets": list_all,
    "listUserPreferenceSets": list_all,
    "updateObjectPreferenceSet": put,
    "updateUserPreferenceSet": put,
}
