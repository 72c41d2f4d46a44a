"""Channel groups: which of their channels a step sends to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions.conditions.step_conditions import hold
from .branching import place_of

if TYPE_CHECKING:
    from ...state.records import Channel, ChannelGroup, GroupRule
    from ...state.world import World
    from ..runtime.run_context import RunContext


def choose(world: World, group: ChannelGroup, context: RunContext) -> list[Channel]:
    """Return the channels that the rules of a group choose: the first one, or all of them, a guess.

    Raises:
        TemplateError: Liquid in a condition cannot be rendered.
    """
    chosen: dict[str, Channel] = {}
    for rule in group.rules:
        if _matches(group, rule, context):
            chosen.setdefault(rule.channel, world.channels.get(rule.channel))
            if group.operator == "any":
                break
    return list(chosen.values())


def _matches(group: ChannelGroup, rule: GroupRule, context: RunContext) -> bool:
    if rule.share is not None:
        found = place_of(group.key, context.run.recipient.id) < rule.share
    else:
        found = hold(rule.conditions, context.conditions)
    return found != rule.negated
