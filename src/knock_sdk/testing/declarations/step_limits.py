"""Limits of steps that are checked when a workflow is declared: durations, numbers, names and shares."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, get_args

from ..state.names import did_you_mean
from ..state.steps.function_steps import (
    Agent,
    Fetch,
    Guide,
    Method,
    UpdateAudience,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)
from ..state.steps.steps import Batch, Branch, Cohort, Day, Delay, Send, Throttle
from ..workflows.steps.send_windows import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..state.steps.steps import Step

_LONGEST_DELAY = timedelta(days=365)
_LONGEST_THROTTLE = timedelta(days=31)
_LONGEST_WAIT = timedelta(days=30)
_MAX_ACTIVITIES = range(2, 1001)
_RENDER_LIMIT = range(1, 101)
_ARMS = range(2, 11)
_MODEL = re.compile(r"[\w-]+:\S+")
_WHOLE = 100

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "action": ("add", "remove"),
    "method": get_args(Method),
    "on_match": ("continue", "halt"),
    "on_timeout": ("continue", "halt"),
    "order": ("asc", "desc"),
    "response_type": ("text", "json"),
    "version": ("latest", "pinned"),
}
"""The values that fields of steps can have, whatever the step."""

_MESSAGE_EVENTS = (
    *("created", "queued", "sent", "not_sent", "delivered", "delivery_attempted", "undelivered", "bounced", "read"),
    *("unread", "seen", "unseen", "archived", "unarchived", "interacted", "link_clicked"),
)
EVENTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "audience": {"audience_key": (), "event_key": ("enter", "exit")},
    "integration_source": {"event_key": (), "integration_source_key": ()},
    "message": {"event_key": _MESSAGE_EVENTS, "source_key": (), "source_type": ("workflow", "broadcast", "guide")},
    "recipient": {"event_key": ("updated",)},
    "workflow": {"event_key": ("started", "completed"), "source_key": ()},
}
"""The fields of each type of event to wait for, with their values, or with none if any text will do."""

_OPTIONAL = frozenset({("recipient", "event_key")})
_NEED_CONDITIONS = ("message", "workflow")


def check(step: Step, at: str) -> None:
    """Check a step by itself.

    Raises:
        ValueError: It is invalid.
    """
    for name, choices in _CHOICES.items():
        value = getattr(step, name, None)
        if value is not None and value not in choices:
            raise ValueError(
                f"{at}: {name}: {value!r} is not one of {', '.join(choices)}{did_you_mean(value, choices)}"
            )
    for problem in _find_problems(step):
        raise ValueError(f"{at}: {problem}")
    if isinstance(step, Send):
        _check_windows(step, at)
    elif isinstance(step, Wait):
        _check_event(step, at)


def _find_problems(step: Step) -> Iterable[str]:
    if isinstance(step, Delay | Batch | Throttle):
        return _problems_of_wait(step)
    if isinstance(step, Branch | Cohort):
        return _problems_of_arms(step)
    problems: dict[str, bool] = {}
    if isinstance(step, Fetch):
        problems["url: is empty"] = not step.url
        problems["response_path: is empty"] = step.response_path == ""
    elif isinstance(step, UpdateUser | UpdateTenant | UpdateObject | UpdateData):
        name = "data" if isinstance(step, UpdateData) else "properties"
        problems[f"{name}: is missing"] = not getattr(step, name)
    elif isinstance(step, Wait):
        problems["timeout: takes more than 0"] = step.timeout <= timedelta()
        problems["timeout: takes at most 30 days"] = step.timeout > _LONGEST_WAIT
    elif isinstance(step, Agent):
        problems["model: takes the provider and the model, such as 'anthropic:claude-haiku-4-5'"] = (
            _MODEL.fullmatch(step.model) is None
        )
        problems["prompt: is empty"] = not step.prompt
        problems["response_schema: is required with response_type='json'"] = (
            step.response_type == "json" and step.response_schema is None
        )
        problems["response_schema: needs response_type='json'"] = (
            step.response_type == "text" and step.response_schema is not None
        )
    elif isinstance(step, UpdateAudience):
        problems["audience: the key of an audience is missing"] = not step.audience
    elif isinstance(step, Guide):
        problems["guide: the key of a guide is missing"] = not step.guide
    return [problem for problem, found in problems.items() if found]


def _problems_of_wait(step: Delay | Batch | Throttle) -> Iterable[str]:
    name, length = ("wait", step.wait) if isinstance(step, Delay) else ("window", step.window)
    problems = {
        f"{name} or until is missing": length is None and step.until is None,
        "window: takes more than 0": not isinstance(step, Delay) and length is not None and length <= timedelta(),
    }
    if isinstance(step, Delay):
        problems["wait: takes at most 365 days"] = length is not None and length > _LONGEST_DELAY
    elif isinstance(step, Throttle):
        problems["window: takes at most 31 days"] = length is not None and length > _LONGEST_THROTTLE
        problems["limit: takes at least 1"] = step.limit < 1
    else:
        activities = step.max_activities
        problems["sliding_limit: needs sliding=True"] = step.sliding_limit is not None and not step.sliding
        problems["max_activities: takes 2 to 1,000"] = activities is not None and activities not in _MAX_ACTIVITIES
        problems["render_limit: takes 1 to 100"] = step.render_limit not in _RENDER_LIMIT
    return [problem for problem, found in problems.items() if found]


def _problems_of_arms(step: Branch | Cohort) -> Iterable[str]:
    problems = {"takes 2 to 10 arms": len(step.arms) not in _ARMS}
    if isinstance(step, Cohort):
        shares = [arm.percentage for arm in step.arms]
        names = [arm.name for arm in step.arms]
        problems["two arms have the same name"] = len(set(names)) < len(names)
        problems["percentage: takes 0 to 100, with one decimal at most"] = any(
            not 0 <= share <= _WHOLE or round(share, 1) != share for share in shares
        )
        problems["the percentages do not add up to 100"] = round(sum(shares), 1) != _WHOLE
    return [problem for problem, found in problems.items() if found]


def _check_windows(step: Send, at: str) -> None:
    days = get_args(Day)
    seen: set[str] = set()
    for window in step.windows:
        if window.day not in days:
            raise ValueError(f"{at}: windows: {window.day!r} is no day of the week{did_you_mean(window.day, days)}")
        if window.day in seen:
            raise ValueError(f"{at}: windows: {window.day} has two windows")
        seen.add(window.day)
        try:
            start, until = parse_time(window.start), parse_time(window.until) if window.until else None
        except ValueError as error:
            raise ValueError(f"{at}: windows: {window.day}: {error}") from None
        if until is not None and start >= until:
            # What the API does with a window over midnight is not documented.
            raise ValueError(f"{at}: windows: {window.day} closes before it opens; split it at midnight")


def _check_event(step: Wait, at: str) -> None:
    kind = step.event.get("event_type")
    fields = EVENTS.get(str(kind))
    if fields is None:
        near = did_you_mean(kind, EVENTS)
        raise ValueError(f"{at}: event: event_type {kind!r} is not one of {', '.join(EVENTS)}{near}")
    for name in step.event.keys() - fields.keys() - {"event_type"}:
        raise ValueError(f"{at}: event: unknown field {name!r}{did_you_mean(name, fields)}")
    for name, values in fields.items():
        value = step.event.get(name)
        if value is None and (kind, name) not in _OPTIONAL:
            raise ValueError(f"{at}: event: {name} is missing")
        if value is not None and values and value not in values:
            near = did_you_mean(value, values)
            raise ValueError(f"{at}: event: {name}: {value!r} is not one of {', '.join(values)}{near}")
    if kind in _NEED_CONDITIONS and not step.matching:
        raise ValueError(f"{at}: matching: an event of type {kind} needs a condition at least")
