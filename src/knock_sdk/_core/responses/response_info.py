"""Information about successful responses: `ResponseInfo`, and the capturing of it."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from typing_extensions import override

from ..outcome import Response
from ..requests.encode import Outgoing
from ..secret import redact_headers

_RATE_LIMITED = "x-ratelimited-"


class ResponseInfo:
    """Information about one successful call, besides the data that it returned.

    Attributes:
        method: the HTTP method.
        path: the path template, without ids (for `client.get(...)` and the like, the path as given).
        status_code: the status, between 200 and 299.
        attempts: number of attempts made.
        elapsed: seconds from the call to the decoded response, waits included.
        idempotency_key: the key that was sent, for `workflows.trigger`.
    """

    __slots__ = ("_response", "attempts", "elapsed", "idempotency_key", "method", "path", "status_code")

    method: str
    path: str
    status_code: int
    attempts: int
    elapsed: float
    idempotency_key: str | None

    def __init__(self, outgoing: Outgoing, response: Response, attempts: int, elapsed: float) -> None:
        """Store the head of the response, with secrets redacted; its body is not stored."""
        self.method = outgoing.operation.method
        self.path = outgoing.operation.path
        self.status_code = response.status
        self.attempts = attempts
        self.elapsed = elapsed
        self.idempotency_key = outgoing.idempotency_key
        self._response = Response(response.status, redact_headers(response.headers, outgoing.secrets), b"")

    @property
    def headers(self) -> Mapping[str, str]:
        """The response's headers, names in lower case."""
        return self._response.all_headers()

    @property
    def request_id(self) -> str | None:
        """Knock's id of the request, for their support."""
        return self._response.header(b"x-request-id")

    @property
    def replayed(self) -> bool:
        """Whether this is the stored response to an earlier request with the same idempotency key."""
        return self._response.header(b"idempotent-replayed") == "true"

    @property
    def original_request_id(self) -> str | None:
        """For a replayed response, the id of the request that was carried out."""
        return self._response.header(b"original-x-request-id")

    @property
    def rate_limited(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of a batch that were skipped by the rate limit per entity, by parameter; empty if none were.

        Example: `{"message_ids": ("2", "4")}`. They were returned unchanged; send them again after a second.
        """
        return {
            name[len(_RATE_LIMITED) :]: tuple(id_.strip() for id_ in value.split(",") if id_.strip())
            for name, value in self._response.all_headers().items()
            if name.startswith(_RATE_LIMITED)
        }

    @override
    def __repr__(self) -> str:
        return (
            f"ResponseInfo({self.method} {self.path}, status_code={self.status_code}, "
            f"request_id={self.request_id!r}, attempts={self.attempts}, elapsed={self.elapsed:.3f})"
        )


_CAPTURES: ContextVar[tuple[list[ResponseInfo], ...]] = ContextVar("knock_sdk_captures", default=())


@contextmanager
def capture_responses() -> Generator[list[ResponseInfo], None, None]:
    """Collect a `ResponseInfo` for every successful call made inside the block by the same task or thread.

    Calls that return nothing or a list are included. Blocks may be nested; each sees every call inside it. Tasks that
    are started inside the block belong to it, threads do not.

    Returns:
        A list that grows with each call, in the order in which they end.
    """
    calls: list[ResponseInfo] = []
    _CAPTURES.set((*_CAPTURES.get(), calls))
    try:
        yield calls
    finally:
        # Not a reset: a block around a fixture may be left in another context than it was entered in.
        _CAPTURES.set(tuple(others for others in _CAPTURES.get() if others is not calls))


def record(info: ResponseInfo) -> None:
    """Append the information to the list of every open `capture_responses` block."""
    for calls in _CAPTURES.get():
        calls.append(info)
