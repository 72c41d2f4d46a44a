"""Conditions of workflows and steps: alternatives, and tests on the status of messages of earlier steps."""

from __future__ import annotations

from itertools import chain, product
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from ...._core.type_guards import is_array, is_mapping, is_object
from ...state.arguments import is_list
from ...state.names import did_you_mean
from ..liquid import liquid
from ..liquid.liquid import TemplateError
from .conditions import AUDIENCES, ROOTS, holds, is_path, now_of, value_of
from .operators import AUDIENCE_OPERATORS, MISSING, OPERATORS, decode, to_argument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...state.json_objects import JSON
    from ...state.records import Message
    from ...state.steps.condition_types import Alternatives, Conditions


REFS = "refs"
"""Context key for the statuses of messages of earlier steps, by step reference."""

_STATUS_PREFIX = "$message."
_LONGEST_VALUE = 300
_FIELDS = ("variable", "operator", "argument")
SKIPPED = "skipped"
# Message statuses in ascending order; those in one tuple are equal.
_RANKS = {
    status: rank
    for rank, statuses in enumerate(
        [
            (SKIPPED,),
            ("undelivered",),
            ("bounced",),
            ("delivery_attempted",),
            ("queued",),
            ("not_sent",),
            ("sent",),
            ("delivered",),
            ("seen",),
            ("read",),
            ("interacted", "link_clicked"),
            ("archived",),
        ]
    )
    for status in statuses
}


def parse_conditions(conditions: Conditions, at: str, *, about_messages: bool = True) -> Alternatives:
    """Check declared conditions and normalize them to alternatives.

    Args:
        conditions: the conditions.
        at: path of the conditions, for errors.
        about_messages: whether they may be about the messages of earlier steps.

    Raises:
        TypeError, ValueError: They are malformed; the message begins with the path of the error, below `at`.
    """
    parsed = _parse_group(conditions, at)
    if not about_messages:
        for condition in chain.from_iterable(parsed):
            if str(condition.get("variable")).partition(".")[0] == REFS:
                raise ValueError(f"{at}: {condition['variable']!r} is about an earlier step, which only steps can ask")
    return parsed


def _parse_group(conditions: object, at: str) -> Alternatives:
    """Return the alternatives of a group, or of a list, all of which must hold; none, if it always holds."""
    if conditions is None:
        return ()
    if not is_mapping(conditions):
        return _all_of([_parse_member(each, f"{at}.{index}") for index, each in enumerate(_check_list(conditions, at))])
    if not conditions.keys() <= {"all", "any"}:
        raise ValueError(f"{at}: conditions must be a list, or an object with `all` or `any`")
    parts: list[Alternatives] = []
    for kind, listed in conditions.items():
        members = [
            _parse_member(each, f"{at}.{kind}.{index}")
            for index, each in enumerate(_check_list(listed, f"{at}.{kind}"))
        ]
        always = not members or (kind == "any" and not all(members))
        parts.append(() if always else _all_of(members) if kind == "all" else tuple(chain.from_iterable(members)))
    return _all_of(parts)


def _all_of(parts: Sequence[Alternatives]) -> Alternatives:
    """Return the alternatives of which each satisfies all parts."""
    present = [part for part in parts if part]
    if not present:
        return ()
    return tuple(tuple(chain.from_iterable(chosen)) for chosen in product(*present))


def _parse_member(value: object, at: str) -> Alternatives:
    if is_mapping(value) and value.keys() and value.keys() <= {"all", "any"}:
        return _parse_group(value, at)
    return ((_parse_condition(value, at),),)


def _check_list(value: object, at: str) -> Sequence[Any]:
    if not is_list(value):
        raise TypeError(f"{at}: conditions must be a list")
    return value


def _parse_condition(value: object, at: str) -> JSON:
    if not is_mapping(value):
        raise TypeError(f"{at}: a condition must be an object with `variable`, `operator` and `argument`")
    condition: JSON = {"argument": None, **value}
    if unknown := sorted(map(str, condition.keys() - _FIELDS)):
        raise ValueError(f"{at}: a condition has no field {unknown[0]!r}{did_you_mean(unknown[0], _FIELDS)}")
    operator, argument = condition.get("operator"), condition["argument"]
    if not isinstance(operator, str) or operator not in OPERATORS:
        near = did_you_mean(operator, OPERATORS)
        raise ValueError(f"{at}: `operator` is not one of {', '.join(OPERATORS)}{near}")
    if operator not in AUDIENCE_OPERATORS:
        _check_variable(condition.get("variable"), at)
    if isinstance(argument, str):
        liquid.check_if_template(argument, f"{at}: `argument`")
    return condition


def _check_variable(variable: object, at: str) -> None:
    if variable is None:
        raise TypeError(f"{at}: `variable` is missing: the path of a value, such as 'data.amount'")
    if isinstance(variable, str) and not is_path(variable) and decode(variable) == variable:
        root = variable.partition(".")[0]
        near = did_you_mean(root, ROOTS)
        raise ValueError(f"{at}: `variable` {variable!r} begins with none of {', '.join(ROOTS)}{near}")


def hold(alternatives: Alternatives, context: Mapping[str, Any]) -> bool:
    """Return whether all conditions of at least one alternative are true, or there are no alternatives."""
    return not alternatives or any(all(_holds(each, context) for each in listed) for listed in alternatives)


def observe(alternatives: Alternatives, context: Mapping[str, Any], *, templates: bool = True) -> list[list[Any]]:
    """Return for each condition, in order, whether it is true, and its variable's value as JSON; None if it has none.

    Args:
        alternatives: the conditions.
        context: the values of variables.
        templates: whether Liquid in arguments is rendered, as in `conditions.holds`.
    """
    return [_observe(each, context, templates=templates) for each in chain.from_iterable(alternatives)]


def _observe(condition: JSON, context: Mapping[str, Any], *, templates: bool) -> list[Any]:
    try:
        found = _holds(condition, context) if templates else holds([condition], context, templates=False)
    except TemplateError:
        found = None  # one that was not evaluated, since an earlier one had decided
    argument = condition.get("argument")
    if isinstance(argument, str) and argument.startswith(_STATUS_PREFIX):
        value = _status_at(condition, context)
    elif condition["operator"] in AUDIENCE_OPERATORS:
        value = sorted(context.get(AUDIENCES, ()))
    else:
        value = value_of(condition.get("variable"), context)
    return [found, None if value is MISSING else _to_text(value)]


def _to_text(value: Any) -> str:
    text = to_json(value, fallback=str, inf_nan_mode="constants").decode("utf-8", "replace")
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def highest_of(messages: Iterable[Message]) -> Message | None:
    """Return the message with the highest status, of those that one step made; None if there is none."""
    return max(messages, key=lambda message: _RANKS[status_of(message)["status"]], default=None)


def status_of(message: Message | None) -> JSON:
    """Return the statuses of a step's message, as conditions see them; without a message, the step was skipped."""
    if message is None:
        return {"delivery_status": SKIPPED, "engagement_status": [], "status": SKIPPED}
    statuses = [message.status, *message.engagement]
    return {
        "delivery_status": message.status,
        "engagement_status": list(message.engagement),
        "status": max(statuses, key=_RANKS.__getitem__),
    }


def _holds(condition: JSON, context: Mapping[str, Any]) -> bool:
    argument = condition["argument"]
    if isinstance(argument, str) and argument.startswith(_STATUS_PREFIX):
        return _status_holds(condition, argument.removeprefix(_STATUS_PREFIX), context)
    return holds([condition], context)


def _status_holds(condition: JSON, expected: str, context: Mapping[str, Any]) -> bool:
    """Return whether the status of a message matches; a status that does not exist never matches."""
    value = _status_at(condition, context)
    operator = condition["operator"]
    if is_array(value):
        wanted, _, unwanted = expected.partition("_not_")
        found = wanted in value and (not unwanted or unwanted not in value)
        return found if operator == "contains" else not found
    if not isinstance(value, str) or expected not in _RANKS:
        return False
    return OPERATORS[operator](_RANKS[value], to_argument(_RANKS[expected], now_of(context)))


def _status_at(condition: JSON, context: Mapping[str, Any]) -> Any:
    """Return the status of an earlier step's message that a condition is about."""
    _, _, path = str(condition["variable"]).partition(".")
    ref, _, kind = path.partition(".")
    refs = context.get(REFS)
    message = refs.get(ref) if is_object(refs) else None
    return (message or status_of(None)).get(kind)
