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
    from ..errors import FieldError
    from ._jobs import Job

_TRANSIENT = frozenset({408, 500, 502, 503, 504})
_OF_ITEMS = frozenset({400, 409, 410, 413, 414, 422, 431})
"""Statuses for which an item can be the reason; any other, such as a redirect, concerns the job."""


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


def judge(job: Job, error: KnockError, *, strict_once: bool = False) -> Verdict:
    """Return what to do with a chunk that failed.

    Args:
        job: the job.
        error: the error of the chunk's request.
        strict_once: whether a trigger that got a 500 counts as carried out.
    """
    if isinstance(error, RateLimitError):
        return Verdict.THROTTLED
    if not may_pass(error):
        return Verdict.ITEMS if _may_concern_one(job, error) else Verdict.STOP
    if is_refusal(error):
        return Verdict.AGAIN
    repeat = job.operation.repeat
    once = repeat == "never" or (strict_once and repeat == "keyed" and is_server_error(error))
    return Verdict.UNKNOWN if once else Verdict.AGAIN


def may_pass(error: KnockError) -> bool:
    """Return whether the reason of an error may pass by itself."""
    if isinstance(error, APIStatusError):
        return error.status_code in _TRANSIENT or isinstance(error, RateLimitError)
    return isinstance(error, APIConnectionError | APIResponseValidationError)


def _may_concern_one(job: Job, error: KnockError) -> bool:
    if not isinstance(error, APIStatusError):
        return False
    if error.status_code == 404:
        return job.names_records
    if error.status_code not in _OF_ITEMS:
        return False
    named = {re.split(r"\W+", each.field.lstrip("/."))[0] for each in error.errors if each.field}
    return not named or not named <= job.others


def is_refusal(error: KnockError) -> bool:
    """Return whether the request was certainly not carried out: it was not sent, or refused."""
    if isinstance(error, APIConnectionError):
        return not error.sent
    return isinstance(error, APIStatusError) and error.status_code not in _TRANSIENT


def is_server_error(error: KnockError) -> bool:
    """Return whether the API answered that it failed: an item may be the reason, and no key has a response stored."""
    return isinstance(error, APIStatusError) and error.status_code == 500


def named_items(job: Job, error: KnockError, size: int) -> dict[int, list[FieldError]]:
    """Return the items of a chunk that an error names, by index, with what is wrong with each."""
    named: dict[int, list[FieldError]] = {}
    if isinstance(error, APIStatusError):
        for each in error.errors:
            # users[3].email, users.3.email or /users/3/email
            found = re.match(rf"\W*{re.escape(job.argument)}\W+(\d{{1,6}})(?!\d)", each.field or "")
            if found and int(found[1]) < size:
                named.setdefault(int(found[1]), []).append(each)
    return named
