"""What the error of a chunk means for its items."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from ..errors import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    KnockError,
    RateLimitError,
)

if TYPE_CHECKING:
    from ._jobs import Job

_TRANSIENT = frozenset({408, 500, 502, 503, 504})
_STOPPING = frozenset({401, 403})


class Verdict(Enum):
    """What to do with a chunk that failed."""

    AGAIN = auto()
    """Send it again later: the reason may pass."""
    THROTTLED = auto()
    """Send it again later: it came too early."""
    ITEMS = auto()
    """One of its items is at fault: split it, or give up its only item."""
    UNKNOWN = auto()
    """It may have been processed, and must not be sent again."""
    STOP = auto()
    """The error concerns every item: end the job."""


def judge(job: Job, error: KnockError) -> Verdict:
    """Return what to do with a chunk that failed."""
    if isinstance(error, RateLimitError):
        return Verdict.THROTTLED
    if isinstance(error, APIStatusError) and error.status_code not in _TRANSIENT:
        status = error.status_code
        stops = status in _STOPPING or status in job.concerns_all or status >= 500
        return Verdict.STOP if stops else Verdict.ITEMS
    if not isinstance(error, APIStatusError | APIConnectionError | APIResponseValidationError):
        return Verdict.STOP
    not_sent = isinstance(error, APIConnectionError) and not error.sent
    return Verdict.AGAIN if not_sent or job.operation.repeat != "never" else Verdict.UNKNOWN


def parts_of(job: Job, error: KnockError, size: int) -> list[list[int]]:
    """Return how to split a chunk of several items that the API refuses: by the items that it names, or in halves."""
    named: set[int] = set()
    if isinstance(error, APIStatusError):
        for each in error.errors:
            # users[3].email, users.3.email or /users/3/email
            found = re.match(rf"\W*{re.escape(job.argument)}\W+(\d{{1,6}})(?!\d)", each.field or "")
            if found and int(found[1]) < size:
                named.add(int(found[1]))
    if named and len(named) < size:
        return [*([index] for index in sorted(named)), [index for index in range(size) if index not in named]]
    half = size // 2
    return [list(range(half)), list(range(half, size))]
