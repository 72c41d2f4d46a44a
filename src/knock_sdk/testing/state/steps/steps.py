"""Workflow steps, as they are declared."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, NamedTuple, TypeAlias

from .condition_types import Alternatives, Conditions
from .function_steps import FunctionStep

Day: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True)
class SendWindow:
    """A time of a day of the week at which a channel step may send.

    Attributes:
        day: day of the week.
        start: time at which the window opens, such as `09:00`.
        until: time at which it closes; the end of the day if absent.
    """

    day: Day
    start: str = "00:00:00"
    until: str | None = None


@dataclass(frozen=True)
class Send:
    """A channel step, which creates a message.

    Attributes:
        channel: key of the channel, or of a channel group, through whose channels it sends.
        template: contents of the message by field, in Liquid; without a template, the message shows the trigger data.
            `email` has `subject`, `html_body` or `visual_blocks`, and optionally `text_body`; `sms` has `text_body`;
            `push` has `title` and `text_body`; `chat` has `markdown_body` or `json_body`, and optionally `summary`;
            `in_app_feed` has `markdown_body`, and optionally `action_url` or `action_buttons`. For each of them,
            `body` may give the text in Markdown instead. Webhooks (`http`) have `method`, `url`, `headers`,
            `query_params` and `body`.
        conditions: the step is skipped unless they hold: a list, all of which must hold, or an object with `all` or
            `any` and a list.
        ref: reference of the step; defaults to the channel type and a number, such as `email_1`.
        windows: when messages may be sent, in the recipient's time zone; a message that is made at another time waits
            for the next window. Without any, messages are sent at once.
        overrides: settings of the channel that this step replaces, as in Knock's files: of email, `to_address`,
            `from_address`, `from_name`, `cc_address`, `bcc_address`, `reply_to_address` and `json_overrides`, in
            Liquid; of push, `token_deregistration`; and the switches for tracking.
    """

    channel: str
    template: Mapping[str, object] | None = None
    conditions: Conditions = ()
    ref: str | None = None
    windows: Sequence[SendWindow] = ()
    overrides: Mapping[str, object] | None = None


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
        version: whether the run continues with the workflow as it is when the window closes (`latest`), and each step
            has batches of its own; or with the version that it began with (`pinned`), whose batch steps share batches.
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
    version: Literal["latest", "pinned"] = "latest"
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


@dataclass(frozen=True)
class Arm:
    """One of the ways through a branch step.

    Attributes:
        steps: its steps, in order.
        conditions: the arm is taken if they hold, as in `Send`; the last arm has none.
        name: name of the arm.
        terminates: whether the run ends after the arm, instead of continuing behind the branch.
    """

    steps: Sequence[Step] = ()
    conditions: Conditions = ()
    name: str | None = None
    terminates: bool = False


@dataclass(frozen=True)
class Branch:
    """A branch step, which continues with the first of its arms whose conditions hold.

    Attributes:
        arms: 2 to 10 arms; the last one is the default and has no conditions.
        ref: reference of the step; defaults to `branch_1` and so on.
    """

    arms: Sequence[Arm]
    ref: str | None = None


@dataclass(frozen=True)
class CohortArm:
    """One of the cohorts of an experiment step.

    Attributes:
        name: name of the cohort, by which `Simulator.cohort` chooses it.
        percentage: share of the recipients, 0 to 100 with one decimal at most.
        steps: its steps, in order.
        terminates: whether the run ends after them, instead of continuing behind the step.
    """

    name: str
    percentage: float
    steps: Sequence[Step] = ()
    terminates: bool = False


@dataclass(frozen=True)
class Cohort:
    """An experiment step (`random_cohort`), which divides recipients among cohorts.

    `Simulator.cohort` chooses the cohort; otherwise the key decides, always in the same way.

    Attributes:
        arms: 2 to 10 cohorts, whose percentages add up to 100.
        key: value by which recipients are divided, a path or Liquid as in `Batch`; the recipient's id if absent.
        ref: reference of the step; defaults to `random_cohort_1` and so on.
    """

    arms: Sequence[CohortArm]
    key: str | None = None
    ref: str | None = None


Step: TypeAlias = Send | Delay | Batch | Throttle | Branch | Cohort | FunctionStep


class PlannedArm(NamedTuple):
    """An arm of a planned branch or cohort step."""

    name: str
    conditions: Alternatives
    share: float
    """Percentage of a cohort; 0 for an arm of a branch."""
    first: int | None
    """Index of its first step, or of the step that follows it if it has none; None if the run ends there."""


class PlannedStep(NamedTuple):
    """A step of a declared workflow, with its reference resolved."""

    step: Step
    ref: str
    type: str
    """Step type as the API names it, such as `channel`, `delay` or `http_fetch`."""
    conditions: Alternatives = ()
    then: int | None = None
    """Index of the step that follows; None if the run ends."""
    arms: tuple[PlannedArm, ...] = ()
    matching: Alternatives = ()
    """Conditions on the event that the step waits for."""
