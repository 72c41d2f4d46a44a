"""Faults on demand: what goes wrong between a client and the API, for chosen requests."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from pydantic_core import from_json
from typing_extensions import override

from ..._core.type_guards import is_array, is_object
from .calls import Reply, respond
from .errors import error_body
from .exchange import ConnectionDropped
from .operation_names import operations_named
from .router import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import TracebackType

    from typing_extensions import Self

    from .exchange import HTTPResponse, Outcome, ReceivedRequest

Where: TypeAlias = "str | Callable[[ReceivedRequest], bool] | None"
"""Which requests: those of a method or operation, those that a function says yes to, or all."""
Drop: TypeAlias = Literal["connect", "before", "after"]
Malformation: TypeAlias = Literal["truncated", "html", "empty"]

BATCHES = frozenset(operation.name for operation in OPERATIONS if operation.name.startswith("batchMark"))
"""The operations on batches, of which the API may skip a part."""

_HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
_HIGHEST_STATUS = 599


class Fault:
    """A fault that was declared. In a `with` statement, it ends with the block.

    Attributes:
        times: how often it has happened.
    """

    name: ClassVar[str]
    adds_up: ClassVar[bool] = False
    """Whether a request can meet it besides another fault."""

    times: int

    def __init__(self, where: Where, next: int | None) -> None:
        """Take the requests that it happens to, and for how many of them."""
        if next is not None and next < 1:
            raise ValueError("next: takes 1 or more, or None for all requests until the fault is ended")
        self.times = 0
        self._where = where
        self._operations = operations_named(where) if isinstance(where, str) else None
        self._left = next

    def end(self) -> None:
        """Let it happen no more."""
        self._left = 0

    def __enter__(self) -> Self:
        """Return the fault."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.end()

    @property
    def over(self) -> bool:
        """Whether it happens no more."""
        return self._left == 0

    def matches(self, request: ReceivedRequest) -> bool:
        """Return whether it happens to a request."""
        if self.over:
            return False
        if self._operations is not None:
            return request.operation in self._operations
        return self._where is None or isinstance(self._where, str) or self._where(request)

    def count(self) -> None:
        """Count."""
        self.times += 1
        if self._left is not None:
            self._left -= 1

    @property
    def delay(self) -> float:
        """Seconds by which the answer is late."""
        return 0.0

    def replacement(self, request: ReceivedRequest) -> Outcome | None:  # noqa: ARG002 (some need it)
        """Return what comes instead of carrying the request out; None if it is carried out."""
        return None

    def rate_limited(self, ids: Collection[str]) -> Collection[str]:  # noqa: ARG002 (as above)
        """Return which ids of a batch are left as they are."""
        return ()

    def transform_response(self, response: HTTPResponse) -> Outcome:
        """Return what comes in place of the answer."""
        return response


class Failing(Fault):
    """Answers with an error."""

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
        """Prepare the answer."""
        super().__init__(where, next)
        if not HTTPStatus.MULTIPLE_CHOICES <= status <= _HIGHEST_STATUS:
            raise ValueError(f"status: takes 300 to {_HIGHEST_STATUS}, not {status}")
        self._status = status
        self._headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
        self._body = error_body(status, code, message or "A fault that the test asked for.") if body is None else body

    @override
    def replacement(self, request: ReceivedRequest) -> HTTPResponse:
        if not isinstance(self._body, bytes | str):
            return respond(Reply(self._body, self._status, self._headers), request.request_id)
        body = self._body if isinstance(self._body, bytes) else self._body.encode()
        response = respond(Reply(status=self._status, headers=self._headers), request.request_id)
        return with_body(response, body, _looks_like(body))


class Slow(Fault):
    """Takes its time."""

    name = "slow"
    adds_up = True

    def __init__(self, where: Where, next: int | None, seconds: float) -> None:
        """Take the seconds."""
        super().__init__(where, next)
        if seconds <= 0:
            raise ValueError("seconds: takes more than 0")
        self._seconds = seconds

    @property
    @override
    def delay(self) -> float:
        return self._seconds


class Dropping(Fault):
    """Ends the connection."""

    name = "drop"

    def __init__(self, where: Where, next: int | None, when: Drop) -> None:
        """Take the moment."""
        super().__init__(where, next)
        if when not in ("connect", "before", "after"):
            raise ValueError(f"when: takes 'connect', 'before' or 'after', not {when!r}")
        self._when = when

    @override
    def replacement(self, request: ReceivedRequest) -> ConnectionDropped | None:
        return None if self._when == "after" else ConnectionDropped(sent=self._when != "connect")

    @override
    def transform_response(self, response: HTTPResponse) -> ConnectionDropped:
        return ConnectionDropped(sent=True)


class Malforming(Fault):
    """Damages the body of the answer."""

    name = "malform"

    def __init__(self, where: Where, next: int | None, kind: Malformation, body: bytes | str | None) -> None:
        """Take the damage, or what comes in place of the body."""
        super().__init__(where, next)
        if kind not in ("truncated", "html", "empty"):
            raise ValueError(f"kind: takes 'truncated', 'html' or 'empty', not {kind!r}")
        self._kind = kind
        self._body = body.encode() if isinstance(body, str) else body

    @override
    def transform_response(self, response: HTTPResponse) -> HTTPResponse:
        if self._body is not None:
            body = self._body
        elif self._kind == "truncated":
            body = response.body[: len(response.body) // 2]
        else:
            body = _HTML if self._kind == "html" else b""
        return with_body(response, body, _looks_like(body))


class LimitingBatch(Fault):
    """Leaves a part of a batch as it is, as the API does with what is changed too often."""

    name = "limit_batch"

    def __init__(self, where: Where, next: int | None, ids: Collection[str] | None, share: float | None) -> None:
        """Take the ids, or how many of every batch."""
        super().__init__(where, next)
        if isinstance(ids, str) or (ids is None) == (share is None):
            raise ValueError("takes a list of ids, or share, and not both")
        if share is not None and not 0 < share <= 1:
            raise ValueError("share: takes more than 0, up to 1")
        if self._operations is not None and not self._operations & BATCHES:
            raise ValueError(f"{where!r} is no operation on a batch of messages, such as 'messages.batch.mark_as_read'")
        self._ids = None if ids is None else frozenset(ids)
        self._share = share

    @override
    def matches(self, request: ReceivedRequest) -> bool:
        return request.operation in BATCHES and super().matches(request) and bool(self.rate_limited(batch_of(request)))

    @override
    def rate_limited(self, ids: Collection[str]) -> Collection[str]:
        if self._ids is not None:
            return [name for name in ids if name in self._ids]
        share = self._share or 0.0
        # Spread evenly over the batch: those at which the running total passes a whole number.
        return [name for place, name in enumerate(ids) if int((place + 1) * share) > int(place * share)]


def batch_of(request: ReceivedRequest) -> list[str]:
    """Return the ids in a request on a batch; none if its body has not the right shape, which is answered later."""
    try:
        body = from_json(request.body)
    except ValueError:
        return []
    ids = body.get("message_ids") if is_object(body) else None
    return list(dict.fromkeys(name for name in ids if isinstance(name, str))) if is_array(ids) else []


def with_body(response: HTTPResponse, body: bytes, kind: bytes) -> HTTPResponse:
    """Return an answer with another body, of a content type."""
    headers = [(name, value) for name, value in response.headers if name not in (b"content-type", b"content-length")]
    headers += [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    status = 200 if response.status == HTTPStatus.NO_CONTENT and body else response.status
    return response._replace(status=status, headers=headers, body=body)


def _looks_like(body: bytes) -> bytes:
    return b"text/html" if body.lstrip()[:1] == b"<" else b"application/json"
