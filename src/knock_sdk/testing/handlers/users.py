"""Users: identifying, reading, listing, merging and deleting them, one by one and in bulk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..background import bulk_operations, cascades
from ..http.calls import NO_CONTENT, Reply
from ..http.errors import FieldProblem, invalid_field, invalid_params
from ..http.paging import page
from ..recipients import preferences, profiles
from ..state.records import Reference
from ..validation.extra_rules import check_user_id
from . import lookup

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..state.json_objects import JSON


def identify(call: Call) -> Reply:
    """Create or update a user."""
    return Reply(profiles.render(profiles.identify(call.world, lookup.reference_in_path(call), call.body, "")))


def get(call: Call) -> Reply:
    """Return a user."""
    return Reply(profiles.render(profiles.existing(call.world, lookup.reference_in_path(call))))


def list_page(call: Call) -> Reply:
    """Return a page of the users, in the order in which they were first identified or its reverse."""
    newest_first = call.query.text("order", ("asc", "desc")) == "desc"
    render = partial(profiles.render, with_preferences=lookup.includes_preferences(call))
    users = call.world.collections[None]
    return Reply(page(call, users, render, key="entries", newest_first=newest_first))


def delete(call: Call) -> Reply:
    """Delete a user; succeeds if there is none."""
    cascades.delete(call.world, lookup.reference_in_path(call))
    return NO_CONTENT


def merge_users(call: Call) -> Reply:
    """Merge a second user into the first, whose own values take precedence, and delete the second."""
    first = profiles.existing(call.world, lookup.reference_in_path(call))
    second = profiles.existing(call.world, Reference(call.body["from_user_id"]))
    if second is first:
        raise invalid_field("from_user_id", "exclusion", "must be another user than the one in the path")
    cascades.merge(call.world, second, first)
    return Reply(profiles.render(first))


def bulk_identify(call: Call) -> Reply:
    """Create or update users; an invalid id is an error of its row."""

    def work(user: JSON) -> None:
        problems: list[FieldProblem] = []
        check_user_id(user["id"], "id", problems)
        if problems:
            raise invalid_params(problems)
        profiles.identify(call.world, Reference(user["id"]), user, "users")

    job = bulk_operations.run(call.world, "users.identify", call.body["users"], work, lambda user: {"id": user["id"]})
    return Reply(job)


def bulk_delete(call: Call) -> Reply:
    """Delete users; each that does not exist is an error of its row."""

    def work(recipient_id: str) -> None:
        cascades.delete(call.world, profiles.existing(call.world, Reference(recipient_id)).reference)

    return Reply(bulk_operations.run(call.world, "users.delete", call.body["user_ids"], work, _identity))


def bulk_set_preferences(call: Call) -> Reply:
    """Replace a preference set of users; each that does not exist is an error of its row."""
    sent = call.body["preferences"]
    set_id = sent.get("id", preferences.DEFAULT)

    def work(recipient_id: str) -> None:
        user = profiles.existing(call.world, Reference(recipient_id))
        profiles.set_preferences(call.world, user, set_id, preferences.apply({}, sent, "replace"))

    return Reply(bulk_operations.run(call.world, "users.set_preferences", call.body["user_ids"], work, _identity))


def _identity(recipient_id: str) -> JSON:
    return {"id": recipient_id}


HANDLERS = {
    "bulkDeleteUsers": bulk_delete,
    "bulkIdentifyUsers": bulk_identify,
    "bulkSetUserPreferences": bulk_set_preferences,
    "deleteUser": delete,
    "getUser": get,
    "identifyUser": identify,
    "listUsers": list_page,
    "mergeUser": merge_users,
}
