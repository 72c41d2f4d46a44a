"""What tests say to have something go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..environment import Environment
from ..http import faults
from ..http.errors import STATUSES
from ..http.rate_limits import RateLimits

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..http.faults import Drop, Fault, Malformation, Where

_UNAVAILABLE = 503


class FaultControls(Environment):
    """Faults: each happens to the next requests, and what they were is seen in `requests`.

    All take the same first arguments. `operation` tells which requests: a method of the client, such as
    `workflows.trigger`, or the id of an operation; a function that gets each request as in `requests` and says yes or
    no; or None for all. `next` tells how many of them: None for all until the fault is ended, by `end()` on what is
    returned, by the end of a `with` block that it opens, or by `clear_faults`.
    """

    def fail(
        self,
        operation: Where = None,
        *,
        next: int | None = 1,
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        retry_after: float | None = None,
        body: object = None,
    ) -> Fault:
        """Answer with an error, without carrying the request out.

        Args:
            operation: Which requests; see `FaultControls`.
            next: How many of them.
            status: The status; that which goes with the code if absent, 503 without one.
            code: The code in the body; one that goes with the status if absent.
            message: The message in the body.
            retry_after: Seconds for the `Retry-After` header.
            body: What to send instead of an error in the API's shape: text or bytes as they are, anything else as JSON.

        Raises:
            ValueError: There is no such operation, or no such status.
        """
        if status is None:
            status = _UNAVAILABLE if code is None else STATUSES.get(code, _UNAVAILABLE)
        return self._declare_fault(
            faults.Failing(
                operation, next, status=status, code=code, message=message, retry_after=retry_after, body=body
            )
        )

    def slow(self, seconds: float, operation: Where = None, *, next: int | None = 1) -> Fault:
        """Answer late: the request is carried out, and simulated time passes before its answer comes.

        A client of this simulator does not wait: it gives up at once if the answer comes after its time limit for an
        attempt. Through the server, the seconds pass in fact.

        Args:
            seconds: How late.
            operation: Which requests; see `FaultControls`.
            next: How many of them.

        Raises:
            ValueError: There is no such operation, or the seconds are not above 0.
        """
        return self._declare_fault(faults.Slow(operation, next, seconds))

    def drop(self, operation: Where = None, *, next: int | None = 1, when: Drop = "before") -> Fault:
        """Break the connection without an answer.

        Args:
            operation: Which requests; see `FaultControls`.
            next: How many of them.
            when: `connect`: nothing of the request gets through (a server cannot do that; there it is `before`);
                `before`: it gets through, and is not carried out; `after`: it is carried out, its answer is lost.

        Raises:
            ValueError: There is no such operation, or no such moment.
        """
        return self._declare_fault(faults.Dropping(operation, next, when))

    def malform(
        self,
        operation: Where = None,
        *,
        next: int | None = 1,
        kind: Malformation = "truncated",
        body: bytes | str | None = None,
    ) -> Fault:
        """Carry the request out, and damage the body of the answer; its status remains.

        Args:
            operation: Which requests; see `FaultControls`.
            next: How many of them.
            kind: `truncated`: JSON that breaks off; `html`: the page of a proxy; `empty`: nothing.
            body: What to send instead.

        Raises:
            ValueError: There is no such operation, or no such kind.
        """
        return self._declare_fault(faults.Malforming(operation, next, kind, body))

    def limit_batch(
        self,
        ids: Collection[str] | None = None,
        operation: Where = None,
        *,
        share: float | None = None,
        next: int | None = 1,
    ) -> Fault:
        """Leave a part of a batch of messages as it is, as the API does with what is changed too often.

        The answer is a success with every message, and its header `x-ratelimited-message_ids` names those that were
        skipped: clients show them as `response_info.rate_limited`.

        Args:
            ids: Which messages are skipped.
            operation: Which requests, such as `messages.batch.mark_as_read`; see `FaultControls`.
            share: What part of every batch is skipped, up to 1, instead of `ids`.
            next: How many requests with such messages.

        Raises:
            ValueError: There is no such operation on batches, or both or none of `ids` and `share` are given.
        """
        return self._declare_fault(faults.LimitingBatch(operation, next, ids, share))

    def clear_faults(self) -> None:
        """End all faults; rate limits stay as they are."""
        with self._lock:
            self._faults.clear()

    @property
    def rate_limits(self) -> bool:
        """Whether the API's rate limits are enforced; they are not, unless this is set.

        What is too much in a second is answered with 429 and `Retry-After`. Time stands still, so that a second passes
        when it is told to; while a client waits before it tries again, it passes by itself.
        """
        return self._world.of(RateLimits).enforced

    @rate_limits.setter
    def rate_limits(self, enforced: bool) -> None:
        with self._lock:
            self._world.of(RateLimits).enforced = enforced

    def _declare_fault(self, fault: Fault) -> Fault:
        with self._lock:
            self._faults.add(fault)
        return fault
