"""Users in bulk: identified, deleted, given preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..background import bulk_operations, cascades
from ..http.errors import FieldProblem, missing, refused
from ..recipients import preferences, profiles
from ..state.records import Reference
from ..validation.extra_rules import user_id

if TYPE_CHECKING:
    from ..http.calls import Call, Reply
    from ..state.json_objects import JSON


def identify(call: Call) -> Reply:
    """Create or update users; an id that no user can have is an error of its row."""

    def work(user: JSON) -> None:
        problems: list[FieldProblem] = []
        user_id(user["id"], "id", problems)
        if problems:
            raise refused(problems)
        profiles.identify(call.world, Reference(user["id"]), user, "users")

    return bulk_operations.run(call.world, "users.identify", call.body["users"], work, lambda user: {"id": user["id"]})


def delete(call: Call) -> Reply:
    """Delete users; those that do not exist are errors."""

    def work(name: str) -> None:
        if profiles.find(call.world, Reference(name)) is None:
            raise missing("user", name)
        cascades.delete(call.world, Reference(name))

    return bulk_operations.run(call.world, "users.delete", call.body["user_ids"], work, lambda name: {"id": name})


def set_preferences(call: Call) -> Reply:
    """Replace a preference set of users; those that do not exist are errors."""
    sent = call.body["preferences"]
    set_id = sent.get("id", preferences.DEFAULT)

    def work(name: str) -> None:
        user = profiles.find(call.world, Reference(name))
        if user is None:
            raise missing("user", name)
        user.preferences[set_id] = preferences.stored({}, sent, "replace")

    return bulk_operations.run(
        call.world, "users.set_preferences", call.body["user_ids"], work, lambda name: {"id": name}
    )


HANDLERS = {
    "bulkDeleteUsers": delete,
    "bulkIdentifyUsers": identify,
    "bulkSetUserPreferences": set_preferences,
}
