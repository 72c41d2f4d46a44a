"""Declarations of faults: errors, delays, dropped connections and damaged responses."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Collection

from ..environment import Environment
from ..http import faults
from ..http.errors import STATUSES
from ..http.faults import Drop, Fault, Malformation, Where
from ..http.rate_limits import RateLimits

_DEFAULT_STATUS = 503


class FaultControls(Environment):
    """Faults, each of which affects the next requests that match it; `requests` shows the fault of each request.

    `operation` selects the requests: a method of the client such as `workflows.trigger`, or the id of an operation; a
    function that takes a `ReceivedRequest` and returns whether it matches; or None for all requests.

    `next` is the number of requests that are affected. If it is None, all are, until the fault is ended: by `end()` of
    the returned `Fault`, at the end of a `with` block that it opens, or by `clear_faults`.
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
        """Respond with an error, without carrying the request out.

        Args:
            operation: Which requests; see `FaultControls`.
            next: How many requests.
            status: HTTP status, 300 to 599. By default that of the code; without a code, 503.
            code: Code of the error in the body. By default one that goes with the status.
            message: Message of the error in the body.
            retry_after: Seconds for the `Retry-After` header.
            body: Body to send instead of an error of the API: text or bytes unchanged, anything else as JSON.

        Raises:
            ValueError: The operation does not exist, or the status or `next` is out of range.
        """
        if status is None:
            status = _DEFAULT_STATUS if code is None else STATUSES.get(code, _DEFAULT_STATUS)
        return self._declare_fault(
            faults.Failing(
                operation, next, status=status, code=code, message=message, retry_after=retry_after, body=body
            )
        )

    def slow(self, seconds: float, operation: Where = None, *, next: int | None = 1) -> Fault:
        """Respond late: the request is carried out, and simulated time passes before the response.

        A client of this simulator does not wait: it times out at once if the response would come after the time limit
        of the attempt. The server does wait.

        Args:
            seconds: Seconds until the response, above 0.
            operation: Which requests; see `FaultControls`.
            next: How many requests.

        Raises:
            ValueError: The operation does not exist, or `seconds` or `next` is out of range.
        """
        return self._declare_fault(faults.Slow(operation, next, seconds))

    def drop(self, operation: Where = None, *, next: int | None = 1, when: Drop = "before") -> Fault:
        """Break the connection off without a response.

        Args:
            operation: Which requests; see `FaultControls`.
            next: How many requests.
            when: `connect`: before anything of the request arrives (the server cannot do that and treats it as
                `before`); `before`: the request arrives, but is not carried out; `after`: the request is carried out,
                but its response is lost.

        Raises:
            ValueError: The operation does not exist, `when` is not one of these, or `next` is out of range.
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
        """Carry the request out, and damage the body of the response. The status stays; a 204 with a body becomes 200.

        Args:
            operation: Which requests; see `FaultControls`.
            next: How many requests.
            kind: `truncated`: the first half of the body; `html`: the error page of a proxy; `empty`: no body.
            body: Body to send instead of one of these.

        Raises:
            ValueError: The operation does not exist, `kind` is not one of these, or `next` is out of range.
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
        """Skip some messages of a batch, as the API does with messages that are changed too often.

        The response is a success that contains every message. Its header `x-ratelimited-message_ids` lists the skipped
        ones, which clients show as `response_info.rate_limited`.

        Args:
            ids: Ids of the messages to skip.
            operation: Which requests, such as `messages.batch.mark_as_read`; see `FaultControls`.
            share: Share of each batch to skip, above 0 and up to 1, instead of `ids`.
            next: How many requests; those without a message to skip do not count.

        Raises:
            ValueError: The operation is not one on a batch of messages, not exactly one of `ids` and `share` is given,
                or `share` or `next` is out of range.
        """
        return self._declare_fault(faults.LimitingBatch(operation, next, ids, share))

    def clear_faults(self) -> None:
        """End all faults; rate limits stay as they are."""
        with self._lock:
            self._world.note("fault")
            self._faults.clear()

    @property
    def rate_limits(self) -> bool:
        """Whether the API's rate limits are enforced; False unless set.

        Requests above the limit get 429 with `Retry-After`. Limits hold per second of the simulator's clock, which
        stands still until `advance` moves it, or until a client waits before a retry.
        """
        return self._world.of(RateLimits).enforced

    @rate_limits.setter
    def rate_limits(self, enforced: bool) -> None:
        with self._lock:
            self._world.note("fault")
            self._world.of(RateLimits).enforced = enforced

    def _declare_fault(self, fault: Fault) -> Fault:
        with self._lock:
            self._world.note("fault")
            self._faults.add(fault)
        return fault
