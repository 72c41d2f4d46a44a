"""Workflow steps, as they are declared."""

# ruff: noqa: TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, NamedTuple, TypeAlias

from .json_objects import JSON

Conditions: TypeAlias = Sequence[Mapping[str, object]] | Mapping[str, Sequence[Mapping[str, object]]]
"""Declared conditions: a list, all of which must hold, or an object with `all` or `any` and a list.

Elements of `any` may themselves be objects with `all`.
"""

Alternatives: TypeAlias = tuple[tuple[JSON, ...], ...]
"""Normalized conditions: all conditions of at least one list must hold. Without any list, they always hold."""


@dataclass(frozen=True)
class Send:
    """A channel step, which creates a message.

    Attributes:
        channel: key of the channel.
        template: contents of the message by field, in Liquid; without a template, the message shows the trigger data.
            `email` has `subject`, `html_body` or `visual_blocks`, and optionally `text_body`; `sms` has `text_body`;
            `push` has `title` and `text_body`; `chat` has `markdown_body` or `json_body`, and optionally `summary`;
            `in_app_feed` has `markdown_body`, and optionally `action_url` or `action_buttons`. For each of them,
            `body` may give the text in Markdown instead. Webhooks (`http`) have no template.
        conditions: the step is skipped unless they hold: a list, all of which must hold, or an object with `all` or
            `any` and a list.
        ref: reference of the step; defaults to the channel type and a number, such as `email_1`.
    """

    channel: str
    template: Mapping[str, object] | None = None
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class Delay:
    """A delay step, which makes the run wait.

    Attributes:
        wait: duration, at most 365 days; with `until`, offset from that time (negative for before it).
        until: path of the time to wait for, or of the duration, such as `data.starts_at`. The value is a time in
            ISO 8601, or an object such as `{"unit": "hours", "value": 2}`.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `delay_1` and so on.
    """

    wait: timedelta | None = None
    until: str | None = None
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class Batch:
    """A batch step, which collects the activities of a recipient until its window closes, then continues once.

    Attributes:
        window: duration of the window, counted from the first trigger.
        until: path of the end or the duration of the window instead, as in `Delay`.
        key: value by which the activities of a recipient are divided into batches: a path in the data, such as
            `page_id`, or Liquid.
        order: whether templates see the first activities (`asc`) or the last ones (`desc`).
        max_activities: number of activities, 2 to 1,000, that closes the window early.
        sliding: whether each further trigger restarts the window.
        sliding_limit: maximum duration of a sliding window.
        flush_leading: whether the first activity continues immediately, alone, and only later ones are batched.
        render_limit: maximum number of activities and actors that templates see.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `batch_1` and so on.
    """

    window: timedelta | None = None
    until: str | None = None
    key: str | None = None
    order: Literal["asc", "desc"] = "asc"
    max_activities: int | None = None
    sliding: bool = False
    sliding_limit: timedelta | None = None
    flush_leading: bool = False
    render_limit: int = 10
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class Throttle:
    """A throttle step, which ends runs of a recipient beyond a number per window.

    Attributes:
        window: duration of the window, at most 31 days, counted from the first run that reaches the step.
        until: path of the end or the duration of the window instead, as in `Delay`.
        limit: number of runs that continue in a window.
        key: value by which the runs of a recipient are counted separately, as in `Batch`.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `throttle_1` and so on.
    """

    window: timedelta | None = None
    until: str | None = None
    limit: int = 1
    key: str | None = None
    conditions: Conditions = ()
    ref: str | None = None


Step: TypeAlias = Send | Delay | Batch | Throttle


class PlannedStep(NamedTuple):
    """A step of a declared workflow, with its reference resolved."""

    step: Step
    ref: str
    type: str
    """Step type as the API names it: `channel`, `delay`, `batch` or `throttle`."""
    conditions: Alternatives = ()
