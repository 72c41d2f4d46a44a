"""Faults on demand: errors, delays, dropped connections and damaged responses, for chosen requests."""

# ruff: noqa: TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Callable, Collection
from http import HTTPStatus
from types import TracebackType
from typing import ClassVar, Literal, TypeAlias

from pydantic_core import from_json
from typing_extensions import Self, override

from ..._core.type_guards import is_array, is_object
from ..state.arguments import check_type
from .calls import Reply, respond
from .errors import error_body
from .exchange import ConnectionDropped, HTTPResponse, Outcome, ReceivedRequest
from .operation_names import find_operations
from .router import OPERATIONS

Where: TypeAlias = str | Callable[[ReceivedRequest], bool] | None
"""Which requests: those of a method or operation, those for which a function returns true, or all (None)."""
Drop: TypeAlias = Literal["connect", "before", "after"]
Malformation: TypeAlias = Literal["truncated", "html", "empty"]

BATCHES = frozenset(operation.name for operation in OPERATIONS if operation.name.startswith("batchMark"))
"""Operations on batches, in which the API may skip messages that are changed too often."""

_HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
_HIGHEST_STATUS = 599
_LONGEST_DELAY = 365 * 24 * 60 * 60


class Fault:
    """A declared fault. Used in a `with` statement, it ends with the block.

    Attributes:
        times: number of requests that it has applied to.
    """

    name: ClassVar[str]
    adds_up: ClassVar[bool] = False
    """Whether the fault applies in addition to other faults."""

    times: int

    def __init__(self, where: Where, next: int | None) -> None:
        """Declare a fault for the next requests that match `where`: `next` of them, or all if None."""
        if where is not None and not callable(where):
            wanted = "a method of the client, such as 'users.get', or a function"
            check_type("operation", where, str, wanted, "pass other values by name, such as status=503")
        if next is not None:
            check_type("next", next, int, "a number of requests, or None for all")
        if next is not None and next < 1:
            raise ValueError("next: takes 1 or more, or None for all requests until the fault is ended")
        self.times = 0
        self._where = where
        self._operations = find_operations(where) if isinstance(where, str) else None
        self._left = next

    def end(self) -> None:
        """End the fault: it applies to no further requests."""
        self._left = 0

    def __enter__(self) -> Self:
        """Return the fault."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the fault."""
        self.end()

    @property
    def over(self) -> bool:
        """Whether the fault has ended."""
        return self._left == 0

    @property
    def left(self) -> int | None:
        """Number of requests that it will still apply to; None for all, until it is ended."""
        return self._left

    @property
    def where(self) -> str:
        """Which requests, in words: `all requests`, the method or operation, or `a function`."""
        if self._where is None:
            return "all requests"
        return self._where if isinstance(self._where, str) else "a function"

    @property
    def what(self) -> str:
        """What it does, in a few words."""
        return ""

    def matches(self, request: ReceivedRequest) -> bool:
        """Return whether the fault applies to a request."""
        if self.over:
            return False
        if self._operations is not None:
            return request.operation in self._operations
        return self._where is None or isinstance(self._where, str) or self._where(request)

    def count(self) -> None:
        """Count a request that the fault applies to."""
        self.times += 1
        if self._left is not None:
            self._left -= 1

    @property
    def delay(self) -> float:
        """Seconds by which the response is delayed."""
        return 0.0

    def replacement(self, request: ReceivedRequest) -> Outcome | None:  # noqa: ARG002 (subclasses use it)
        """Return the outcome that replaces handling the request; None if it is to be handled."""
        return None

    def rate_limited(self, ids: Collection[str]) -> Collection[str]:  # noqa: ARG002 (as above)
        """Return the message ids of a batch that must not be changed."""
        return ()

    def transform_response(self, response: HTTPResponse) -> Outcome:
        """Return the outcome of a request whose response is `response`."""
        return response


class Failing(Fault):
    """A fault that responds with an error."""

    name = "fail"

    def __init__(
        self,
        where: Where,
        next: int | None,
        *,
        status: int,
        code: str | None,
        message: str | None,
        retry_after: float | None,
        body: object,
    ) -> None:
        """Declare the fault, with what the response contains."""
        super().__init__(where, next)
        check_type("status", status, int, "a number, such as 503")
        if retry_after is not None:
            check_type("retry_after", retry_after, (int, float), "a number of seconds")
        if not HTTPStatus.MULTIPLE_CHOICES <= status <= _HIGHEST_STATUS:
            raise ValueError(f"status: takes 300 to {_HIGHEST_STATUS}, not {status}")
        self._status = status
        self._headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
        self._body = (
            error_body(status, code, message or "This error was declared with fail().") if body is None else body
        )

    @property
    @override
    def what(self) -> str:
        return f"responds with {self._status}"

    @override
    def replacement(self, request: ReceivedRequest) -> HTTPResponse:
        if not isinstance(self._body, bytes | str):
            return respond(Reply(self._body, self._status, self._headers), request.request_id)
        body = self._body if isinstance(self._body, bytes) else self._body.encode()
        response = respond(Reply(status=self._status, headers=self._headers), request.request_id)
        return with_body(response, body, _guess_content_type(body))


class Slow(Fault):
    """A fault that delays the response."""

    name = "slow"
    adds_up = True

    def __init__(self, where: Where, next: int | None, seconds: float) -> None:
        """Declare the fault, with its delay in seconds."""
        check_type("seconds", seconds, (int, float), "a number", "the operation comes after it: slow(2.5, 'users.get')")
        super().__init__(where, next)
        if not 0 < seconds <= _LONGEST_DELAY:
            raise ValueError(f"seconds: takes more than 0, up to {_LONGEST_DELAY:,} (a year)")
        self._seconds = seconds

    @property
    @override
    def delay(self) -> float:
        return self._seconds

    @property
    @override
    def what(self) -> str:
        return f"responds {self._seconds:g} s later"


class Dropping(Fault):
    """A fault that drops the connection."""

    name = "drop"

    def __init__(self, where: Where, next: int | None, when: Drop) -> None:
        """Declare the fault, with the moment at which the connection is dropped."""
        _refuse_as_operation(where, "when", ("connect", "before", "after"))
        super().__init__(where, next)
        if when not in ("connect", "before", "after"):
            raise ValueError(f"when: takes 'connect', 'before' or 'after', not {when!r}")
        self._when = when

    @property
    @override
    def what(self) -> str:
        return f"drops the connection ({self._when})"

    @override
    def replacement(self, request: ReceivedRequest) -> ConnectionDropped | None:
        return None if self._when == "after" else ConnectionDropped(sent=self._when != "connect")

    @override
    def transform_response(self, response: HTTPResponse) -> ConnectionDropped:
        return ConnectionDropped(sent=True)


class Malforming(Fault):
    """A fault that damages the body of the response."""

    name = "malform"

    def __init__(self, where: Where, next: int | None, kind: Malformation, body: bytes | str | None) -> None:
        """Declare the fault, with the kind of damage, or a body that replaces the original."""
        _refuse_as_operation(where, "kind", ("truncated", "html", "empty"))
        super().__init__(where, next)
        if kind not in ("truncated", "html", "empty"):
            raise ValueError(f"kind: takes 'truncated', 'html' or 'empty', not {kind!r}")
        self._kind = kind
        self._body = body.encode() if isinstance(body, str) else body

    @property
    @override
    def what(self) -> str:
        return "responds with another body" if self._body is not None else f"damages the body ({self._kind})"

    @override
    def transform_response(self, response: HTTPResponse) -> HTTPResponse:
        if self._body is not None:
            body = self._body
        elif self._kind == "truncated":
            body = response.body[: len(response.body) // 2]
        else:
            body = _HTML if self._kind == "html" else b""
        return with_body(response, body, _guess_content_type(body))


class LimitingBatch(Fault):
    """A fault that skips messages of a batch, as the API does with messages that are changed too often."""

    name = "limit_batch"

    def __init__(self, where: Where, next: int | None, ids: Collection[str] | None, share: float | None) -> None:
        """Declare the fault, either with the ids of the messages to skip or with a share of every batch."""
        super().__init__(where, next)
        if isinstance(ids, str) or (ids is None) == (share is None):
            raise ValueError("limit_batch: takes either a list of ids or share")
        if share is not None and not 0 < share <= 1:
            raise ValueError("share: takes more than 0, up to 1")
        if self._operations is not None and not self._operations & BATCHES:
            raise ValueError(f"{where!r} is not an operation on a batch, such as 'messages.batch.mark_as_read'")
        self._ids = None if ids is None else frozenset(ids)
        self._share = share

    @property
    @override
    def what(self) -> str:
        return "skips messages of batches"

    @override
    def matches(self, request: ReceivedRequest) -> bool:
        return (
            request.operation in BATCHES
            and super().matches(request)
            and bool(self.rate_limited(message_ids_of(request)))
        )

    @override
    def rate_limited(self, ids: Collection[str]) -> Collection[str]:
        if self._ids is not None:
            return [message_id for message_id in ids if message_id in self._ids]
        share = self._share or 0.0
        # Spread evenly over the batch: the positions at which the running total reaches the next whole number.
        return [each for position, each in enumerate(ids) if int((position + 1) * share) > int(position * share)]


def _refuse_as_operation(where: Where, name: str, values: Collection[str]) -> None:
    """Raise ValueError if the value of another argument stands where the operation does."""
    if isinstance(where, str) and where in values:
        raise ValueError(f"operation: takes a method of the client, not {where!r}; pass {name}={where!r}")


def message_ids_of(request: ReceivedRequest) -> list[str]:
    """Return the message ids in a request on a batch; an invalid body has none, and is rejected later."""
    try:
        body = from_json(request.body)
    except ValueError:
        return []
    ids = body.get("message_ids") if is_object(body) else None
    return list(dict.fromkeys(each for each in ids if isinstance(each, str))) if is_array(ids) else []


def with_body(response: HTTPResponse, body: bytes, content_type: bytes) -> HTTPResponse:
    """Return a response with another body and its content type."""
    headers = [(name, value) for name, value in response.headers if name not in (b"content-type", b"content-length")]
    headers += [(b"content-type", content_type), (b"content-length", b"%d" % len(body))]
    status = 200 if response.status == HTTPStatus.NO_CONTENT and body else response.status
    return response._replace(status=status, headers=headers, body=body)


def _guess_content_type(body: bytes) -> bytes:
    return b"text/html" if body.lstrip()[:1] == b"<" else b"application/json"
