"""Conditions of preferences, as far as they can be decided outside of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal

from ...errors import NotFoundError
from ...testing.expressions.conditions.conditions import holds as all_hold
from ...testing.expressions.conditions.conditions import is_path, value_of
from ...testing.expressions.conditions.operators import AUDIENCE_OPERATORS, MISSING, OPERATORS
from ...testing.expressions.liquid.variables import NOW
from .._text import to_json

if TYPE_CHECKING:
    from ..._sync.client import Knock

_ONLY_IN_RUNS = (
    "recipient.subscription",
    "recipient.schedule",
    "recipient.preferences",
    "workflow.name",
    "workflow.id",
)


@dataclass
class Terms:
    """The values that are known, and where others are found."""

    client: Knock
    user_id: str | None
    """The user whose audiences count; None for an object, which is in none."""
    tenant: str | None
    known: dict[str, Any]
    """The values of variables, by the first name of their paths."""
    missing: dict[str, str] = field(default_factory=dict[str, str])
    """What to do about variables whose values are not known, by the first name of their paths."""


def holds(conditions: list[dict[str, Any]], terms: Terms) -> tuple[Literal["yes", "no", "open"], list[str]]:
    """Return whether all conditions hold, and for each what it found."""
    outcomes: list[bool | None] = []
    details: list[str] = []
    for condition in conditions:
        outcome, found = _evaluate(condition, terms)
        outcomes.append(outcome)
        argument = condition.get("argument")
        stated = f"{condition.get('variable')} {condition['operator']}"
        stated = stated if argument is None else f"{stated} {to_json(argument)}"
        word = "is open" if outcome is None else "is true" if outcome else "is not true"
        details.append(f"{stated} {word}; {found}")
    if False in outcomes:
        return "no", details
    return "open" if None in outcomes else "yes", details


def _evaluate(condition: dict[str, Any], terms: Terms) -> tuple[bool | None, str]:
    """Return whether a condition holds, None if that is not known, and the value that decides."""
    operator, variable, argument = condition["operator"], condition.get("variable"), condition.get("argument")
    if operator not in OPERATORS:
        return None, f"{operator} is an operator that this version does not know"
    context: dict[str, Any] = {**terms.known, NOW: datetime.now(timezone.utc).isoformat()}
    if operator in AUDIENCE_OPERATORS:
        member = _is_member(terms, str(argument))
        if member is None:
            return None, "the audience does not exist, or has more members than the API lists"
        holding = member if operator == "is_audience_member" else not member
        return holding, "a member" if member else "no member"
    for path in (variable, argument):
        if isinstance(path, str) and is_path(path) and (advice := _unknown(path, terms)):
            return None, advice
    value = value_of(variable, context)
    shown = "it has no value" if value is MISSING else f"its value is {to_json(value)}"
    return all_hold([condition], context, templates=False), shown


def _unknown(path: str, terms: Terms) -> str | None:
    """Return what to do about a path whose value is not known; None if it is."""
    root = path.partition(".")[0]
    if path.startswith(_ONLY_IN_RUNS) or root not in terms.known:
        return terms.missing.get(root, f"{path} is known only while the workflow runs")
    return None


def _is_member(terms: Terms, audience: str) -> bool | None:
    """Return whether the user is a member; None if the API does not say so: it lists the first members only."""
    if terms.user_id is None:
        return False
    try:
        listed = terms.client.audiences.list_members(audience)
    except NotFoundError:
        return None
    if any(each.user_id == terms.user_id and each.tenant == terms.tenant for each in listed.entries):
        return True
    return None if listed.page_info.after else False
