"""What workflows are made of: steps, as they are declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from .json_objects import JSON

Conditions: TypeAlias = "Sequence[Mapping[str, object]] | Mapping[str, Sequence[Mapping[str, object]]]"
"""Conditions as they are declared: a list of which all must hold, or `all` or `any` with one; `any` may hold `all`s."""

Alternatives: TypeAlias = "tuple[tuple[JSON, ...], ...]"
"""Conditions in one form: of one of the lists, all must hold; none at all always hold."""


@dataclass(frozen=True)
class Send:
    """A channel step: makes a message.

    Attributes:
        channel: key of the channel.
        template: what the message says, in Liquid, by field; without one, it shows the data of the trigger.
            `email` has `subject` and `html_body` or `visual_blocks`, and perhaps `text_body`; `sms` has `text_body`;
            `push` has `title` and `text_body`; `chat` has `markdown_body` or `json_body`, and perhaps `summary`;
            `in_app_feed` has `markdown_body`, and perhaps `action_url` or `action_buttons`. In each, `body` can stand
            for the text in Markdown. Webhooks have none.
        conditions: the step is passed over unless they hold: a list of which all must, or `all` or `any` of a list.
        ref: reference of the step; the type of the channel and a number if absent, such as `email_1`.
    """

    channel: str
    template: Mapping[str, object] | None = None
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class Delay:
    """Waits.

    Attributes:
        wait: how long, at most 365 days; with `until`, how long after that time (before it, if negative).
        until: where to find the time to wait for, or how long to wait, such as `data.starts_at`: a time in ISO 8601, or
            an object such as `{"unit": "hours", "value": 2}`.
        conditions: the step is passed over unless they hold, as in `Send`.
        ref: reference of the step; `delay_1` and so on if absent.
    """

    wait: timedelta | None = None
    until: str | None = None
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class Batch:
    """Gathers what is triggered for a recipient, until its window closes; then the workflow goes on once for all.

    Attributes:
        window: how long the batch is open, counted from the first trigger.
        until: where to find that instead, as in `Delay`.
        key: what further divides the batches of a recipient: a path in the data, such as `page_id`, or Liquid.
        order: whether templates see the first activities (`asc`) or the last ones (`desc`).
        max_activities: number of activities, 2 to 1,000, that closes the window early.
        sliding: whether each further trigger opens the window anew.
        sliding_limit: how long a sliding window is open at most.
        flush_leading: whether the first activity goes on at once, alone, and only later ones are gathered.
        render_limit: how many activities and actors templates see.
        conditions: the step is passed over unless they hold, as in `Send`.
        ref: reference of the step; `batch_1` and so on if absent.
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
    """Ends a run if the recipient has had enough of them in a while.

    Attributes:
        window: how long the while is, at most 31 days, counted from the first run that came here.
        until: where to find that instead, as in `Delay`.
        limit: how many runs pass in that time.
        key: what further divides the runs of a recipient, as in `Batch`.
        conditions: the step is passed over unless they hold, as in `Send`.
        ref: reference of the step; `throttle_1` and so on if absent.
    """

    window: timedelta | None = None
    until: str | None = None
    limit: int = 1
    key: str | None = None
    conditions: Conditions = ()
    ref: str | None = None


Step: TypeAlias = "Send | Delay | Batch | Throttle"


class PlannedStep(NamedTuple):
    """A step in its place in a workflow."""

    step: Step
    ref: str
    type: str
    """Kind of step as the API names it: `channel`, `delay`, `batch` or `throttle`."""
    conditions: Alternatives = ()
