"""Looking at a bulk operation until it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.lifetime import CLOSED
from ..errors import APIConnectionError, APITimeoutError
from ._errors import BulkOperationFailedError

if TYPE_CHECKING:
    from .. import types as t
    from .._core.requests.operation import Operation

ENDED = frozenset({"completed", "failed"})
"""States that do not change any more."""
_FIRST = 0.25
_GROWTH = 1.5
_LONGEST = 10.0


def pause_before(look: int) -> float:
    """Return the seconds before a look at an operation, from 0: a quarter of a second, growing to ten."""
    return min(_FIRST * _GROWTH ** min(look, 50), _LONGEST)


def failed_as_a_whole(operation: t.BulkOperation) -> BulkOperationFailedError:
    """Return the error for an operation that failed as a whole."""
    return BulkOperationFailedError(
        f"the bulk operation {operation.id} ({operation.name}) failed as a whole, after {operation.processed_rows:,} of"
        f" about {operation.estimated_total_rows:,} rows",
        operation,
    )


def not_ended(look: Operation, operation: t.BulkOperation, looks: int) -> APITimeoutError:
    """Return the error for an operation that has not ended in time."""
    problem = (
        f"the bulk operation {operation.id} has not ended in time, and is still {operation.status}: wait for this id"
        " again, or longer"
    )
    return APITimeoutError(problem, method=look.method, path=look.path, attempts=looks)


def closed_while_waiting(look: Operation, looks: int) -> APIConnectionError:
    """Return the error for a wait during which the client was closed."""
    return APIConnectionError(CLOSED, method=look.method, path=look.path, attempts=looks)
