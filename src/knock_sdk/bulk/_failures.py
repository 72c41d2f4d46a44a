"""The progress of a bulk job, and the items that it could not process."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any, NamedTuple

from typing_extensions import TypedDict

from ..errors import InvalidArgumentError, KnockError


class BulkProgress(NamedTuple):
    """How far a bulk job is; every number is of items, those of earlier runs of its journal included."""

    done: int
    """Number of items that were processed."""
    failed: int
    """Number of items that failed."""
    unknown: int
    """Number of items that may or may not have been processed."""
    total: int | None
    """Number of items in all; None if the input does not say."""
    rate: float
    """Items per second of this run."""
    remaining: float | None
    """Seconds that the rest will take at this rate; None if that is not known."""


@dataclass(frozen=True)
class BulkFailure:
    """An item that failed, or whose outcome is unknown."""

    item: Any
    """The item as JSON: dates as text, models as dicts. None if the API reports more failures than items."""
    error: KnockError
    """What went wrong. An `OutcomeUnknownError` means that the item may have been processed."""
    index: int | None
    """Position of the item in the input, from 0; None if the API's report fits none of the items."""


class BulkFailureDict(TypedDict):
    """A `BulkFailure` as plain data, in a `BulkReportDict`."""

    index: int | None
    """Position of the item in the input, from 0; None if the API's report fits none of the items."""
    item: Any
    """The item, as JSON has it; None if the API reports more failures than items."""
    error: str
    """What went wrong."""
    type: str
    """Name of the class of the error. With `OutcomeUnknownError`, the item may have been processed."""


def check_on_progress(on_progress: object) -> None:
    """Raise InvalidArgumentError unless the value is None or a function that can be called."""
    if on_progress is not None and (not callable(on_progress) or iscoroutinefunction(on_progress)):
        raise InvalidArgumentError(
            "on_progress", "must be a function that takes the progress as its only argument, and not a coroutine"
        )
