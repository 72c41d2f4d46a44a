"""Audience syncs from data warehouses: each row is a user's membership in an audience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.errors import FieldProblem, Problem, invalid_params
from ..recipients import audiences
from ..state.records import Reference
from ..validation.extra_rules import check_user_id

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.world import World

OBJECT = {"id": "audiences", "label": "Audiences"}
"""The object that both tools sync to. The names of objects, fields and options are not documented: guesses."""

USER_ID, TENANT, AUDIENCE_KEY = "user_id", "tenant", "audience_key"
BATCH = 1_000
"""Maximum number of rows per call, as in the audience operations."""


class ParamsError(ValueError):
    """The parameters of a call are invalid for its method."""


def apply_row(world: World, row: JSON, key: Any, *, add: bool) -> str | None:
    """Add a row's user to an audience, or remove it; the user itself is not stored.

    Returns:
        The reason why the row is rejected, or None.
    """
    user, tenant = row.get(USER_ID), row.get(TENANT) or None
    if isinstance(user, int) and not isinstance(user, bool):
        user = str(user)
    problems = [
        FieldProblem(name, "type", "must be a string")
        for name, value in ((USER_ID, user), (AUDIENCE_KEY, key), (TENANT, tenant or ""))
        if not isinstance(value, str)
    ]
    if not problems:
        check_user_id(str(user), USER_ID, problems)
    try:
        if problems:
            raise invalid_params(problems)
        if add:
            audiences.add(world, key, Reference(str(user)), tenant)
        else:
            audiences.remove(world, key, Reference(str(user)), tenant)
    except Problem as problem:
        return "; ".join(f"{each.field} {each.message}" for each in problem.errors) or problem.message
    return None
