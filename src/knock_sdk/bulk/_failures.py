"""The progress of a bulk job, and the items that it could not process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from typing_extensions import TypedDict

from ..errors import KnockError  # noqa: TC001 - needed to evaluate the annotations


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
