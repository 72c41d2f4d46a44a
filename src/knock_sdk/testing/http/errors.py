"""Errors in the API's shape, and the table of codes and their statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The API documents the codes, but not their statuses. Those that no page of its documentation mentions are guesses.
STATUSES: Mapping[str, int] = {
    "actor_missing": 422,
    "api_key_expired": 401,
    "api_key_missing": 401,
    "authentication_required": 401,
    "authorization": 403,
    "channel_invalid": 422,
    "incorrect_token_type": 403,
    "invalid_params": 422,
    "invalid_user_token": 401,
    "method_not_allowed": 405,
    "missing_jwt_signing_key": 401,
    "missing_user_token": 401,
    "not_found": 404,
    "rate_limited": 429,
    "resource_missing": 404,
    "workflow_inactive": 422,
    "workflow_missing": 404,
}

# The code of a declared fault that has only a status. The codes of server errors are guesses: they are not documented.
_DEFAULT_CODES: Mapping[int, str] = {
    400: "invalid_params",
    401: "authentication_required",
    403: "incorrect_token_type",
    404: "resource_missing",
    405: "method_not_allowed",
    422: "invalid_params",
    429: "rate_limited",
    500: "internal_server_error",
    502: "bad_gateway",
    503: "service_unavailable",
    504: "gateway_timeout",
}

_AUTHENTICATION = (401, 403)
_SERVER = 500


class FieldProblem(NamedTuple):
    """A problem with one field of a request."""

    field: str
    """Path of the field, such as `recipients.0.id`."""
    type: str
    message: str


class Problem(Exception):  # noqa: N818 (it becomes a response; the simulator did not fail)
    """An error that the API responds with."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Create an error; `code` is a key of `STATUSES`."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.errors = errors
        self.headers: Mapping[str, str] = headers or {}
        self.status: int = STATUSES[code]

    def summary(self) -> str:
        """Return the code and what is wrong, in a line: the invalid fields, or else the message."""
        fields = "; ".join(f"{error.field} {error.message}" for error in self.errors)
        return f"{self.code}: {fields or self.message}"

    def body(self) -> dict[str, Any]:
        """Return the body of the response."""
        body = error_body(self.status, self.code, self.message)
        if self.errors:
            body["errors"] = [error._asdict() for error in self.errors]
        return body


def error_body(status: int, code: str | None, message: str) -> dict[str, Any]:
    """Return the response body of an error; without a code, it has the default code of the status."""
    if status in _AUTHENTICATION:
        family = "authentication_error"
    else:
        family = "api_error" if status >= _SERVER else "invalid_request_error"
    return {"code": code or _DEFAULT_CODES.get(status, "error"), "message": message, "status": status, "type": family}


def invalid_params(errors: Sequence[FieldProblem]) -> Problem:
    """Return the error for a request with invalid fields."""
    return Problem("invalid_params", "The parameters of the request are not valid.", errors=errors)


def invalid_field(field: str, kind: str, message: str) -> Problem:
    """Return the error for a request with one invalid field."""
    return invalid_params([FieldProblem(field, kind, message)])


def not_found(kind: str, name: str, hint: str = "") -> Problem:
    """Return the error for a resource that does not exist; a hint follows the message."""
    return Problem("resource_missing", f"The {kind} {name!r} does not exist.{hint}")
