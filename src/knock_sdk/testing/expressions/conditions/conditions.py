"""Conditions of preference sets and workflows: tests on variables of a context."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_object
from ..liquid import liquid
from .operators import AUDIENCE_OPERATORS, MISSING, OPERATORS, Argument, decode, to_argument

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...state.json_objects import JSON

AUDIENCES = "$audiences"
"""Context key for the keys of the audiences that the recipient is a member of."""

ROOTS = ("data", "recipient", "actor", "vars", "tenant", "workflow", "run", "refs", "event")
"""First names of the paths of variables and of arguments; not every place has values for all of them."""


def holds(conditions: Sequence[JSON], context: Mapping[str, Any], *, templates: bool = True) -> bool:
    """Return whether all conditions are true.

    Args:
        conditions: each with `variable`, `operator` and `argument`.
        context: the values of variables, by the first name of their path: `data`, `recipient`, `actor` and so on; the
            present time as `$now`.
        templates: whether Liquid in arguments is rendered; preferences have none (a guess).

    Raises:
        TemplateError: Liquid in an argument cannot be rendered.
    """
    return all(_holds(condition, context, templates=templates) for condition in conditions)


def _holds(condition: JSON, context: Mapping[str, Any], *, templates: bool) -> bool:
    operator = condition["operator"]
    of_recipient = operator in AUDIENCE_OPERATORS
    value = context.get(AUDIENCES, ()) if of_recipient else value_of(condition.get("variable"), context)
    argument = condition.get("argument")
    if templates and isinstance(argument, str) and liquid.is_template(argument):
        argument = liquid.render(argument, context)
    return OPERATORS[operator](value, _argument_of(argument, context))


def value_of(variable: Any, context: Mapping[str, Any]) -> Any:
    """Return the value of a variable: that at its path, or what it says itself if it is JSON."""
    if not isinstance(variable, str):
        return variable
    if is_path(variable):
        return look_up(variable, context)
    return MISSING if (literal := decode(variable)) == variable else literal


def is_path(text: str) -> bool:
    """Return whether a text is the path of a variable."""
    return text.partition(".")[0] in ROOTS


def look_up(path: str, context: Mapping[str, Any]) -> Any:
    """Return the value at a path such as `data.page.id`, or a special empty string if there is none."""
    value: Any = context
    for name in path.split("."):
        if not is_object(value) or name not in value:
            return MISSING
        value = value[name]
    return value


def _argument_of(argument: Any, context: Mapping[str, Any]) -> Argument:
    now = now_of(context)
    if isinstance(argument, str) and "." in argument and is_path(argument):
        found = look_up(argument, context)
        return Argument(found, found if isinstance(found, str) else None, now)
    return to_argument(argument, now)


def now_of(context: Mapping[str, Any]) -> datetime:
    """Return the moment at which conditions are evaluated."""
    return datetime.fromisoformat(context[liquid.NOW].replace("Z", "+00:00"))
