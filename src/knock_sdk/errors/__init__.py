"""Everything that knock_sdk raises.

::

    KnockError
    ├── ConfigurationError            the client cannot be built: key, base URL, header values
    ├── InvalidArgumentError          a call is refused before anything is sent
    ├── APIConnectionError            no answer; `sent` says whether the request may have arrived
    │   ├── APITimeoutError           the time of the call or of its attempt ran out
    │   └── OutcomeUnknownError       the request may have been carried out and must not be sent again blindly
    ├── APIResponseValidationError    the server accepted the request, its answer cannot be read
    │   └── ResponseTooLargeError     the answer is larger than the client accepts
    ├── PaginationError               the server repeats a cursor, or there is no next page
    └── APIStatusError                the server answered with a status other than 2xx
        ├── BadRequestError           400
        ├── AuthenticationError       401
        ├── PermissionDeniedError     403
        ├── NotFoundError             404
        ├── ConflictError             409
        ├── UnprocessableEntityError  422
        ├── RateLimitError            429
        └── InternalServerError       500 and above

Each one can be pickled and copied, and none holds a key, a token or a request body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, TypeVar

from typing_extensions import override

from ._advice import ADVICE
from ._text import LONGEST_PATH, one_line, shown_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "APIConnectionError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "ErrorCode",
    "FieldError",
    "InternalServerError",
    "InvalidArgumentError",
    "KnockError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "ResponseTooLargeError",
    "UnprocessableEntityError",
]

E = TypeVar("E", bound="KnockError")

ErrorCode: TypeAlias = Literal[
    "actor_missing",
    "api_key_expired",
    "api_key_missing",
    "authentication_required",
    "channel_invalid",
    "incorrect_token_type",
    "invalid_params",
    "invalid_user_token",
    "missing_jwt_signing_key",
    "missing_user_token",
    "workflow_inactive",
    "workflow_missing",
]
"""The codes that Knock documents; an error may carry others."""


def _rebuild(cls: type[E], args: tuple[Any, ...], state: Mapping[str, Any]) -> E:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class KnockError(Exception):
    """Root of everything that knock_sdk raises on purpose."""

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions rebuild themselves from args alone by default, which loses keyword arguments.
        return _rebuild, (type(self), self.args, dict(self.__dict__))


class ConfigurationError(KnockError, ValueError):
    """The client cannot be built from what it was given; the message never repeats a secret."""


class InvalidArgumentError(KnockError, ValueError):
    """An argument was refused before anything was sent.

    Attributes:
        argument: the argument's name, with a dot for a place inside it.
    """

    argument: str

    def __init__(self, argument: str, problem: str) -> None:
        """Join the argument's name and what is wrong with it."""
        super().__init__(f"{one_line(argument, LONGEST_PATH)}: {problem}")
        self.argument = argument


class APIConnectionError(KnockError):
    """The call ended without an answer.

    Attributes:
        method: the verb.
        path: the path template, without ids.
        sent: False if no byte of the last attempt's request was sent; True if the server may have received it.
        attempts: how many attempts were made.
        idempotency_key: the key that every attempt carried, for `workflows.trigger`: pass it again to try safely.
    """

    method: str
    path: str
    sent: bool
    attempts: int
    idempotency_key: str | None

    def __init__(  # noqa: D107 (the attributes are told above)
        self, problem: str, *, method: str, path: str, sent: bool, attempts: int, idempotency_key: str | None = None
    ) -> None:
        state = "may have been received" if sent else "not sent"
        times = "1 attempt" if attempts == 1 else f"{attempts} attempts"
        super().__init__(f"{method} {one_line(path, LONGEST_PATH)}: {one_line(problem)} (request {state}; {times})")
        self.method = method
        self.path = path
        self.sent = sent
        self.attempts = attempts
        self.idempotency_key = idempotency_key


class APITimeoutError(APIConnectionError):
    """The time of the call, or of its last attempt, ran out before an answer was complete."""


class OutcomeUnknownError(APIConnectionError):
    """The connection failed after the request had left, and the operation is not safe to repeat.

    The server may have carried it out or not: look before sending it again. It is raised for operations that create or
    merge (`schedules.create`, `users.merge`), which the client never repeats once a byte has been sent.
    """


class APIResponseValidationError(KnockError):
    """The server accepted the request (2xx), but its answer cannot be read: do not assume that nothing happened.

    Attributes:
        status_code: the status, between 200 and 299.
        request_id: Knock's id of the request, if it came.
        start: the first bytes of the answer, 512 at most.
        method: the verb.
        path: the path template, without ids.
        attempts: how many attempts were made.
    """

    status_code: int
    request_id: str | None
    start: bytes
    method: str
    path: str
    attempts: int

    def __init__(  # noqa: D107 (the attributes are told above)
        self,
        problem: str,
        *,
        status_code: int,
        request_id: str | None,
        start: bytes,
        method: str,
        path: str,
        attempts: int,
    ) -> None:
        shown = one_line(start.decode("utf-8", "replace"), 80)
        super().__init__(
            f"{method} {one_line(path, LONGEST_PATH)}: the server accepted the request ({status_code}),"
            f" but {one_line(problem)} (request id {shown_id(request_id)}; the answer starts with {shown!r})"
        )
        self.status_code = status_code
        self.request_id = request_id
        self.start = start
        self.method = method
        self.path = path
        self.attempts = attempts


class ResponseTooLargeError(APIResponseValidationError):
    """The answer, decompressed, is larger than `max_response_size`; the rest was not read."""


class PaginationError(KnockError):
    """There is no next page: the last one was reached, or the server repeats a cursor and going on would never end.

    Attributes:
        cursor: the repeated cursor, None on the last page.
    """

    cursor: str | None

    def __init__(self, problem: str, cursor: str | None) -> None:
        """Name the cursor, if there is one."""
        super().__init__(problem if cursor is None else f"{problem}: {one_line(cursor, 80)!r}")
        self.cursor = cursor


class FieldError(NamedTuple):
    """What the API says about one field of a refused request."""

    field: str | None
    """Where the problem is, as the API names the place."""
    message: str | None
    """What is wrong."""
    type: str | None
    """Kind of the problem."""


class APIStatusError(KnockError):
    """The server answered with a status other than 2xx.

    Attributes:
        status_code: the status.
        code: Knock's code for the problem (see `ErrorCode`), None if the answer had none.
        message: what the API says.
        type: Knock's kind of the problem.
        errors: the fields that were refused, empty if none were named.
        request_id: Knock's id of the request: give it to their support.
        headers: the answer's headers, names in lower case.
        body: the answer: parsed JSON, or the first 2,048 bytes of anything else as text.
        attempts: how many attempts were made.
        retry_after: seconds that the server asks to wait, None if it does not say.
        idempotency_key: the key that every attempt carried, for `workflows.trigger`.
        method: the verb.
        path: the path template, without ids.
    """

    status_code: int
    code: ErrorCode | str | None
    message: str
    type: str | None
    errors: Sequence[FieldError]
    request_id: str | None
    headers: Mapping[str, str]
    body: Any
    attempts: int
    retry_after: float | None
    idempotency_key: str | None
    method: str
    path: str

    def __init__(  # noqa: D107 (the attributes are told above)
        self,
        message: str,
        *,
        status_code: int,
        method: str,
        path: str,
        code: str | None = None,
        type: str | None = None,
        errors: Sequence[FieldError] = (),
        request_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        attempts: int = 1,
        retry_after: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        self.status_code = status_code
        self.code = code
        self.message = one_line(message)
        self.type = type
        self.errors = tuple(errors)
        self.request_id = request_id
        self.headers = dict(headers or {})
        self.body = body
        self.attempts = attempts
        self.retry_after = retry_after
        self.idempotency_key = idempotency_key
        self.method = method
        self.path = path
        super().__init__(self._describe())

    def _describe(self) -> str:
        parts = [f"{self.status_code} {self.code}" if self.code else f"{self.status_code}", self.message]
        if self.errors:
            parts.append("; ".join(f"{e.field or '?'} {e.message or e.type or 'refused'}" for e in self.errors[:5]))
        if advice := ADVICE.get(self.code or ""):
            parts.append(advice)
        tail = [f"{self.method} {one_line(self.path, LONGEST_PATH)}", f"request id {shown_id(self.request_id)}"]
        if self.retry_after is not None:
            tail.append(f"retry after {self.retry_after:g} s")
        return one_line(": ".join(parts), 1200) + f" ({'; '.join(tail)})"


class BadRequestError(APIStatusError):
    """400: the request is malformed."""


class AuthenticationError(APIStatusError):
    """401: the key or the user token is missing, wrong, expired or revoked."""


class PermissionDeniedError(APIStatusError):
    """403: the key is valid, but not allowed to do this."""


class NotFoundError(APIStatusError):
    """404: what the request names does not exist in this environment."""


class ConflictError(APIStatusError):
    """409: the request contradicts the present state."""


class UnprocessableEntityError(APIStatusError):
    """422: the request is well-formed, but its content was refused; see `errors`."""


class RateLimitError(APIStatusError):
    """429: more requests than the operation's rate-limit tier allows; nothing was carried out."""


class InternalServerError(APIStatusError):
    """500 and above: the server, or a proxy before it, failed."""


STATUS_ERRORS: Mapping[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}
"""Status → class; other statuses below 500 are `APIStatusError`, from 500 on `InternalServerError`."""
