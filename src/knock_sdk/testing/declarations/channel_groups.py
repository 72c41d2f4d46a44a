"""Rules of channel groups, as they are declared."""

# ruff: noqa: TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..._core.type_guards import is_mapping
from ..expressions.conditions.step_conditions import parse_conditions
from ..state.arguments import check_type
from ..state.names import did_you_mean
from ..state.records import ChannelGroup, GroupRule

if TYPE_CHECKING:
    from ..state.world import World

_COHORT = "is_in_random_cohort"
_KINDS = ("always", "if", "unless")
_WHOLE = 100


@dataclass(frozen=True)
class ChannelRule:
    """A rule of a channel group.

    Attributes:
        channel: key of the channel.
        type: whether the channel is chosen `always`, `if` the condition holds, or `unless` it does.
        condition: the condition, with `variable`, `operator` and `argument`; the operator may also be
            `is_in_random_cohort`, with the variable `recipient.id` and a percentage.
    """

    channel: str
    type: Literal["always", "if", "unless"] = "always"
    condition: Mapping[str, object] | None = None


def build(
    world: World, key: str, channels: Sequence[str | ChannelRule], operator: Literal["any", "all"], name: str | None
) -> ChannelGroup:
    """Return a channel group.

    Raises:
        TypeError: A channel is neither a key nor a rule.
        ValueError: Its channels have no or several types, or a rule is malformed.
    """
    at = f"channel group {key}"
    rules = [ChannelRule(each) if isinstance(each, str) else each for each in channels]
    for rule in rules:
        check_type("channels", rule, ChannelRule, "keys of channels and ChannelRule")
    types = {world.channels.get(rule.channel).type for rule in rules}
    if len(types) != 1:
        found = ", ".join(sorted(types)) or "none"
        raise ValueError(f"{at}: takes channels of one type, and these are of {found}")
    if operator not in ("any", "all"):
        raise ValueError(f"{at}: operator: takes 'any' or 'all', not {operator!r}")
    built = tuple(_build_rule(rule, f"{at}, {rule.channel}") for rule in rules)
    return ChannelGroup(key, types.pop(), name or key, operator, built)


def _build_rule(rule: ChannelRule, at: str) -> GroupRule:
    if rule.type not in _KINDS:
        raise ValueError(
            f"{at}: type: {rule.type!r} is not one of {', '.join(_KINDS)}{did_you_mean(rule.type, _KINDS)}"
        )
    if (rule.condition is None) != (rule.type == "always"):
        raise ValueError(f"{at}: a rule with `if` or `unless` has a condition, and one with `always` has none")
    if rule.condition is None:
        return GroupRule(rule.channel)
    if not is_mapping(rule.condition):
        raise TypeError(f"{at}: a condition must be an object with `variable`, `operator` and `argument`")
    negated = rule.type == "unless"
    if rule.condition.get("operator") == _COHORT:
        return GroupRule(rule.channel, (), negated, _parse_share(rule.condition, at))
    return GroupRule(rule.channel, parse_conditions([rule.condition], at), negated)


def _parse_share(condition: Mapping[str, object], at: str) -> float:
    argument = condition.get("argument")
    try:
        share = float(str(argument))
    except ValueError:
        share = -1.0
    if condition.get("variable") != "recipient.id" or not 0 <= share <= _WHOLE or round(share, 1) != share:
        raise ValueError(f"{at}: {_COHORT} takes the variable recipient.id, and 0 to 100 with one decimal at most")
    return share
