"""Reasons in words: why a message was not made, and what conditions found."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from ......_core.type_guards import is_array, is_object
from .....expressions.conditions.operators import AUDIENCE_OPERATORS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .....state.json_objects import JSON
    from .....state.records import SkipReason
    from .....state.steps.condition_types import Alternatives

WITHOUT_ARGUMENT = frozenset(
    {
        "empty",
        "exists",
        "is_not_timestamp",
        "is_timestamp",
        "is_timestamp_before_now",
        "is_timestamp_on_or_after_now",
        "not_empty",
        "not_exists",
    }
)
REASONS: Mapping[SkipReason, str] = {
    "cancelled": "Cancelled",
    "conditions": "Conditions",
    "error": "Error",
    "halted": "Halted",
    "no_address": "No address",
    "not_identified": "Recipient unknown",
    "preferences": "Preferences",
    "throttled": "Throttled",
    "trigger_conditions": "Trigger conditions",
    "trigger_frequency": "Trigger frequency",
    "workflow_inactive": "Workflow inactive",
}
"""A short name for each reason."""

_FREQUENCIES = {
    "once_per_recipient": "once per recipient",
    "once_per_recipient_per_tenant": "once per recipient and tenant",
}
_ADDRESSES = {
    "channel_data": "no channel data for this channel: no device token or connection",
    "email": "no email",
    "phone_number": "no phone_number",
}
_LONGEST = 300


class Tested(NamedTuple):
    """A condition, and what it found."""

    variable: str
    operator: str
    argument: str | None
    """The argument as JSON; None if the operator takes none."""
    holds: bool | None
    """Whether it held; None if that is not known."""
    value: str | None
    """The value of the variable at that time, as JSON; None if there was none, or it is not known."""

    @property
    def found(self) -> str:
        """What it found, in words; empty if that is not known."""
        if self.holds is None:
            return ""
        return "there was no value" if self.value is None else f"it was {self.value}"


def explain(reason: str, detail: str) -> str:
    """Return a sentence about a skip.

    Args:
        reason: the reason of a `Skip`.
        detail: its detail.
    """
    say = _SENTENCES.get(reason)
    return f"Error in {detail}" if say is None else say(detail)


def _explain_conditions(detail: str) -> str:
    kind, _, key = detail.rpartition(" ")
    if kind == "channel":
        return f"The conditions of the channel {key} do not hold."
    if kind == "channel group":
        return f"No rule of the channel group {key} chooses a channel."
    return f"The conditions of the step {detail} do not hold."


def _explain_halt(detail: str) -> str:
    step, _, outcome = detail.rpartition(": ")
    if outcome == "on_timeout":
        return f"The step {step} waited for an event, which did not happen in time, and ends the run then."
    if outcome == "on_match":
        return f"The event that the step {step} waited for has happened, and the step ends the run then."
    return f"A step ended the run: {detail}."


_SENTENCES: Mapping[str, Callable[[str], str]] = {
    "cancelled": lambda key: f"The run was cancelled, by the cancellation key {key}." if key else "It was cancelled.",
    "conditions": _explain_conditions,
    "halted": _explain_halt,
    "no_address": lambda missing: f"The recipient has {_ADDRESSES.get(missing, f'no {missing}')}.",
    "not_identified": lambda _: "The recipient has not been identified: there is no user or object with this id.",
    "preferences": lambda setting: f"Preferences block it: the setting {setting}.",
    "throttled": lambda step: f"The throttle step {step} has let through as many runs as it may in its window.",
    "trigger_conditions": lambda _: "The conditions of the workflow's trigger do not hold.",
    "trigger_frequency": lambda kind: f"The workflow runs {_FREQUENCIES.get(kind, kind)}, and it has run before.",
    "workflow_inactive": lambda key: f"The workflow {key} was not active when the run continued.",
}


def explain_preference(found: JSON | None, tenant: str | None) -> str:
    """Return a sentence about the preference set that has the setting which blocked a message; empty if unknown."""
    level = None if found is None else found.get("level")
    if level == "recipient":
        return f"It is set in the recipient's own preference set {found.get('set') if found else ''}."
    if level == "tenant":
        return f"It is set in the default preferences of the tenant {tenant}."
    if level == "environment":
        return "It is set in the default preferences of the environment."
    return ""


def with_results(alternatives: Alternatives, found: Any = None) -> list[list[Tested]]:
    """Return conditions with what they found; each inner list is an alternative, all of which must hold.

    Args:
        alternatives: the conditions.
        found: what `observe` returned for them; None if they were not evaluated.
    """
    observed: Sequence[Any] = found if is_array(found) else ()
    rows = iter(observed)
    return [[_test_of(condition, next(rows, None)) for condition in each] for each in alternatives]


def preference_with_results(found: JSON | None) -> list[list[Tested]]:
    """Return the conditions of a preference with what they found; nothing if it has none."""
    stated = None if found is None else found.get("stated")
    if found is None or not is_array(stated):
        return []
    pairs = zip_longest(stated, found.get("conditions") or ())
    return [[_test_of(condition, row) for condition, row in pairs if is_object(condition)]]


def _test_of(condition: JSON, row: Any) -> Tested:
    operator = str(condition.get("operator"))
    variable = "audiences of the recipient" if operator in AUDIENCE_OPERATORS else str(condition.get("variable"))
    argument = None if operator in WITHOUT_ARGUMENT else _cut(to_text(condition.get("argument")))
    holds, value = row if is_array(row) and len(row) == 2 else (None, None)
    return Tested(_cut(variable), operator.replace("_", " "), argument, holds, value)


def to_text(value: object) -> str:
    """Return a value as JSON in one line."""
    return to_json(value, fallback=str, inf_nan_mode="constants").decode("utf-8", "replace")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
