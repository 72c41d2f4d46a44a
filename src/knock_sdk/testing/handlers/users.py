"""Users: identified, read, listed, merged and deleted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..background import cascades
from ..http.calls import NO_CONTENT, Reply
from ..http.errors import missing, refused_field
from ..http.paging import page
from ..recipients import profiles
from ..state.records import Reference
from . import lookup

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..state.records import Recipient


def identify(call: Call) -> Reply:
    """Create or update a user."""
    reference = Reference(call.path["user_id"])
    return Reply(profiles.render(profiles.identify(call.world, reference, call.body, "")))


def get(call: Call) -> Reply:
    """Return a user."""
    return Reply(profiles.render(_existing(call, call.path["user_id"])))


def list_page(call: Call) -> Reply:
    """Return a page of the users, in the order in which they were first identified or its reverse."""
    newest_first = call.query.text("order", ("asc", "desc")) == "desc"
    render = partial(profiles.render, with_preferences=lookup.with_preferences(call))
    users = call.world.collections[None]
    return Reply(page(call, users, render, key="entries", newest_first=newest_first))


def delete(call: Call) -> Reply:
    """Delete a user; one that does not exist is as gone as it can be."""
    cascades.delete(call.world, Reference(call.path["user_id"]))
    return NO_CONTENT


def merge_users(call: Call) -> Reply:
    """Take a second user into the first, which keeps its own values, and delete the second."""
    first = _existing(call, call.path["user_id"])
    second = _existing(call, call.body["from_user_id"])
    if second is first:
        raise refused_field("from_user_id", "exclusion", "is the user itself")
    cascades.merge(call.world, second, first)
    return Reply(profiles.render(first))


def _existing(call: Call, name: str) -> Recipient:
    user = profiles.find(call.world, Reference(name))
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
