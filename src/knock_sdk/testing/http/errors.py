"""Errors in the API's shape, and one table of what status each code has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The API documents the codes but not their statuses; where it says nothing this is the nearest guess, easy to change.
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

# The code of an error that comes on demand with a status alone; those of the API's own failures are not documented.
_USUAL_CODES: Mapping[int, str] = {
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
    """What is wrong with one field of a request."""

    field: str
    """Its place, with dots between the names: `recipients.0.id`."""
    type: str
    message: str


class Problem(Exception):  # noqa: N818 (it is an answer, not a failure of the simulator)
    """A request that is answered with an error."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Take one of the codes of the table."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.errors = errors
        self.headers: Mapping[str, str] = headers or {}
        self.status: int = STATUSES[code]

    def body(self) -> dict[str, Any]:
        """Return the flat object that the API sends."""
        body = error_body(self.status, self.code, self.message)
        if self.errors:
            body["errors"] = [error._asdict() for error in self.errors]
        return body


def error_body(status: int, code: str | None, message: str) -> dict[str, Any]:
    """Return the flat object that the API sends for an error; without a code, one that goes with the status."""
    if status in _AUTHENTICATION:
        family = "authentication_error"
    else:
        family = "api_error" if status >= _SERVER else "invalid_request_error"
    return {"code": code or _USUAL_CODES.get(status, "error"), "message": message, "status": status, "type": family}


def invalid_params(errors: Sequence[FieldProblem]) -> Problem:
    """Return the error for a request whose fields are wrong."""
    return Problem("invalid_params", "The parameters of the request are not valid.", errors=errors)


def invalid_field(field: str, kind: str, message: str) -> Problem:
    """Return the error for a request with one wrong field."""
    return invalid_params([FieldProblem(field, kind, message)])


def not_found(what: str, name: str) -> Problem:
    """Return the error for something that does not exist."""
    return Problem("resource_missing", f"The {what} {name!r} does not exist.")
