"""Errors: everything that knock_sdk raises on purpose.

```text
KnockError
├── ConfigurationError            a setting is wrong: key, base URL, header values, certificates
├── InvalidArgumentError          an argument is invalid; nothing was sent
├── APIConnectionError            no response; `sent` says whether the server may have received the request
│   ├── APITimeoutError           the time limit of the call or of its attempt passed
│   └── OutcomeUnknownError       the request may have been carried out: check before sending it again
├── APIResponseValidationError    the server accepted the request, but its response cannot be read
│   └── ResponseTooLargeError     the response is larger than the client accepts
├── PaginationError               the server repeats a cursor, or there is no next page
└── APIStatusError                the server responded with a status other than 2xx
    ├── BadRequestError           400
    ├── AuthenticationError       401
    ├── PermissionDeniedError     403
    ├── NotFoundError             404
    ├── ConflictError             409
    ├── UnprocessableEntityError  422
    ├── RateLimitError            429
    └── InternalServerError       500 and above
```

Every error can be pickled and copied; none contains a key, a token or a request body. Task queues that store results
as JSON rebuild errors from class and text, `type(error)(*error.args)`: the class and text are then the same, and so are
`sent`, `argument`, `code` and the `status_code` of an APIStatusError; all other attributes have their defaults.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - needed to evaluate the annotations
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, TypeVar

from typing_extensions import override

from ._advice import ADVICE
from ._text import LONGEST_PATH, clause, describe_id, join_sentences, one_line

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
"""Codes that Knock documents; responses may have others."""


_NOT_SENT = "(request not sent"


def _rebuild(cls: type[E], args: tuple[Any, ...], state: Mapping[str, Any]) -> E:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class KnockError(Exception):
    """Base class of every error that knock_sdk raises on purpose."""

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        # By default, exceptions are rebuilt from args alone, which loses keyword arguments.
        return _rebuild, (type(self), self.args, dict(self.__dict__))

    if not TYPE_CHECKING:  # type checkers would otherwise accept any name

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError, with advice for names of other clients' errors."""
            from ._hints import ERROR, missing_attribute

            raise missing_attribute(self, name, ERROR)


class ConfigurationError(KnockError, ValueError):
    """A setting is wrong, of the client or of the environment; the message never repeats a secret."""


class InvalidArgumentError(KnockError, ValueError):
    """An argument is invalid; nothing was sent.

    Attributes:
        argument: the argument's name, or the path of a field inside it, such as `recipients[0].email`.
    """

    argument: str

    def __init__(self, argument: str, problem: str | None = None) -> None:
        """Build the message from the argument's name and the problem; without a problem, from another error's text."""
        if problem is None:
            super().__init__(argument)
            self.argument = argument.partition(": ")[0]
        else:
            super().__init__(f"{one_line(argument, LONGEST_PATH)}: {problem}")
            self.argument = argument


class APIConnectionError(KnockError):
    """The call ended without a response.

    Attributes:
        method: the HTTP method.
        path: the path template, without ids.
        sent: False if no attempt has sent a byte of the request; True if the server may have received it.
        attempts: number of attempts made.
        idempotency_key: the key of every attempt, for `workflows.trigger`; pass it to repeat the call safely.
    """

    method: str
    path: str
    sent: bool
    attempts: int
    idempotency_key: str | None

    def __init__(  # noqa: D107 (the attributes are documented above)
        self,
        problem: str,
        *,
        method: str | None = None,
        path: str = "",
        sent: bool = True,
        attempts: int = 1,
        idempotency_key: str | None = None,
    ) -> None:
        if method is None:  # rebuilt from the text
            method, sent = "", _NOT_SENT not in problem
            super().__init__(problem)
        else:
            state = "(request may have been received" if sent else _NOT_SENT
            times = "1 attempt" if attempts == 1 else f"{attempts} attempts"
            super().__init__(f"{method} {one_line(path, LONGEST_PATH)}: {clause(problem)} {state}; {times})")
        self.method = method
        self.path = path
        self.sent = sent
        self.attempts = attempts
        self.idempotency_key = idempotency_key


class APITimeoutError(APIConnectionError):
    """The time limit of the call, or of its last attempt, passed before a response was complete."""


class OutcomeUnknownError(APIConnectionError):
    """The connection failed after the request was sent, and the operation is not safe to repeat.

    The server may or may not have carried it out: check before sending it again. Raised for operations that create or
    merge (`schedules.create`, `users.merge`), which the client never repeats once a byte has been sent.
    """


class APIResponseValidationError(KnockError):
    """The server accepted the request (2xx), so it may have been carried out, but the response cannot be read.

    Attributes:
        status_code: the status, between 200 and 299.
        request_id: Knock's id of the request; None if the response has none.
        start: the first bytes of the response's body, 512 at most.
        method: the HTTP method.
        path: the path template, without ids.
        attempts: number of attempts made.
    """

    status_code: int
    request_id: str | None
    start: bytes
    method: str
    path: str
    attempts: int

    def __init__(  # noqa: D107 (the attributes are documented above)
        self,
        problem: str,
        *,
        status_code: int = 200,
        request_id: str | None = None,
        start: bytes = b"",
        method: str | None = None,
        path: str = "",
        attempts: int = 1,
    ) -> None:
        if method is None:  # rebuilt from the text
            method = ""
            super().__init__(problem)
        else:
            shown = one_line(start.decode("utf-8", "replace"), 80)
            super().__init__(
                f"{method} {one_line(path, LONGEST_PATH)}: the server accepted the request ({status_code}),"
                f" but its response {clause(problem)} (request id {describe_id(request_id)}; it starts with {shown!r})"
            )
        self.status_code = status_code
        self.request_id = request_id
        self.start = start
        self.method = method
        self.path = path
        self.attempts = attempts


class ResponseTooLargeError(APIResponseValidationError):
    """The response, decompressed, is larger than `max_response_size`; the rest was not read."""


class PaginationError(KnockError):
    """There is no next page: the last one was reached, or the server repeats a cursor, so iteration would never end.

    Attributes:
        cursor: the repeated cursor, None on the last page.
    """

    cursor: str | None

    def __init__(self, problem: str, cursor: str | None = None) -> None:
        """Add the cursor to the message, if there is one."""
        super().__init__(problem if cursor is None else f"{problem}: {one_line(cursor, 80)!r}")
        self.cursor = cursor


class FieldError(NamedTuple):
    """A problem with one field of a rejected request, as the API describes it."""

    field: str | None
    """Path of the field, as the API writes it."""
    message: str | None
    """Description of the problem."""
    type: str | None
    """Kind of problem, as the API names it."""


class APIStatusError(KnockError):
    """The server responded with a status other than 2xx.

    Attributes:
        status_code: the status.
        code: Knock's code for the problem (see `ErrorCode`), None if the response has none.
        message: the API's own message.
        type: the API's name for the kind of problem.
        errors: the invalid fields; empty if the API names none.
        request_id: Knock's id of the request, for their support.
        headers: the response's headers, names in lower case.
        body: the response's body: parsed JSON, or the first 2,048 bytes of anything else as text.
        attempts: number of attempts made.
        retry_after: seconds that the server requests to wait; None if it requests nothing.
        idempotency_key: the key of every attempt, for `workflows.trigger`.
        method: the HTTP method.
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

    def __init__(  # noqa: D107 (the attributes are documented above)
        self,
        message: str,
        *,
        status_code: int | None = None,
        method: str = "",
        path: str = "",
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
        rebuilt = status_code is None
        if status_code is None:
            status_code, code = _status_and_code(message)
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
        super().__init__(message if rebuilt else self._describe())

    def _describe(self) -> str:
        start = f"{self.status_code} {self.code}" if self.code else f"{self.status_code}"
        fields = "; ".join(f"{e.field or '?'} {clause(e.message or e.type or 'is invalid')}" for e in self.errors[:5])
        problem = join_sentences(clause(self.message), fields, between=":")
        text = f"{start}: {join_sentences(problem, ADVICE.get(self.code or '', ''))}"
        tail = [f"{self.method} {one_line(self.path, LONGEST_PATH)}", f"request id {describe_id(self.request_id)}"]
        if self.retry_after is not None:
            tail.append(f"retry after {self.retry_after:g} s")
        return one_line(text, 1200) + f" ({'; '.join(tail)})"


def _status_and_code(text: str) -> tuple[int, str | None]:
    """Return what an error's text begins with; 0 and None if it is not such a text."""
    status, _, code = text.partition(":")[0].partition(" ")
    return (int(status), code or None) if len(status) == 3 and status.isascii() and status.isdigit() else (0, None)


class BadRequestError(APIStatusError):
    """400: the request is malformed."""


class AuthenticationError(APIStatusError):
    """401: the key or the user token is missing, wrong, expired or revoked."""


class PermissionDeniedError(APIStatusError):
    """403: the key is valid, but not allowed to do this."""


class NotFoundError(APIStatusError):
    """404: a resource that the request refers to does not exist in this environment."""


class ConflictError(APIStatusError):
    """409: the request conflicts with the current state."""


class UnprocessableEntityError(APIStatusError):
    """422: the request is well-formed, but its content is invalid; see `errors`."""


class RateLimitError(APIStatusError):
    """429: more requests than the operation's rate-limit tier allows; nothing was carried out."""


class InternalServerError(APIStatusError):
    """500 and above: the server, or a proxy before it, failed."""


if not TYPE_CHECKING:  # type checkers would otherwise accept misspelt names

    def __getattr__(name: str) -> object:
        """Raise AttributeError, with advice for names of other clients."""
        from ._hints import missing_name

        raise missing_name(__name__, name, __all__)


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
