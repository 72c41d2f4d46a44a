"""Construction of the errors that callers get, from failed attempts and from responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from ...errors import (
    STATUS_ERRORS,
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    FieldError,
    InternalServerError,
    OutcomeUnknownError,
    ResponseTooLargeError,
)
from ...errors._text import clause, one_line
from ..retry import retry_after
from ..secret import redact, redact_json, redact_start
from ..type_guards import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..outcome import Failure, Response
    from ..requests.encode import Outgoing
    from ..secret import Secret

_LARGEST_JSON = 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""May stand before JSON; RFC 8259, section 8.1, lets a reader ignore it."""
_LONGEST_TEXT = 2048
_START = 512


def connection_error(outgoing: Outgoing, failure: Failure, attempts: int) -> APIConnectionError:
    """Return the error for a call whose last attempt got no response."""
    operation = outgoing.operation
    error: type[APIConnectionError] = APITimeoutError if failure.timed_out else APIConnectionError
    problem = redact(failure.problem, outgoing.secrets)
    if failure.sent and operation.repeat == "never":
        error = OutcomeUnknownError
        problem = clause(problem) + "; the server may have carried it out, so it was not sent again"
    return error(
        problem,
        method=operation.method,
        path=operation.path,
        sent=failure.sent,
        attempts=attempts,
        idempotency_key=outgoing.idempotency_key,
    )


def validation_error(problem: str, outgoing: Outgoing, response: Response, attempts: int) -> APIResponseValidationError:
    """Return the error for a 2xx response that cannot be read."""
    return APIResponseValidationError(problem, **_common_arguments(outgoing, response, attempts))


def too_large_error(outgoing: Outgoing, response: Response, attempts: int) -> ResponseTooLargeError:
    """Return the error for a 2xx response that is larger than the client accepts."""
    problem = f"is larger than {outgoing.max_response_size:,} bytes"
    return ResponseTooLargeError(problem, **_common_arguments(outgoing, response, attempts))


def _common_arguments(outgoing: Outgoing, response: Response, attempts: int) -> Mapping[str, Any]:
    return {
        "status_code": response.status,
        "request_id": _request_id(response, outgoing.secrets),
        "start": redact_start(response.body, _START, outgoing.secrets),
        "method": outgoing.operation.method,
        "path": outgoing.operation.path,
        "attempts": attempts,
    }


def status_error(outgoing: Outgoing, response: Response, attempts: int) -> APIStatusError:
    """Return the error for a status other than 2xx; fields that are missing or of the wrong type are left out."""
    secrets = outgoing.secrets
    parsed = _parse(response.body, secrets)
    # Fields are read before redaction, which changes names too: a short key could be part of one.
    fields: dict[str, Any] = parsed if is_object(parsed) else {}
    body = redact_json(parsed, secrets)
    message = _text(fields.get("message"), secrets) or _reason(response, body)
    status = response.status
    fallback = InternalServerError if status >= 500 else APIStatusError
    return STATUS_ERRORS.get(status, fallback)(
        message,
        status_code=status,
        code=_text(fields.get("code"), secrets),
        type=_text(fields.get("type"), secrets),
        errors=_field_errors(fields.get("errors"), secrets),
        request_id=_request_id(response, outgoing.secrets),
        headers={name: redact(value, secrets) for name, value in response.all_headers().items()},
        body=body,
        attempts=attempts,
        retry_after=retry_after(response),
        idempotency_key=outgoing.idempotency_key,
        method=outgoing.operation.method,
        path=outgoing.operation.path,
    )


def _parse(raw: bytes, secrets: tuple[Secret, ...]) -> Any:
    """Return an error's body as JSON, or the start of its text."""
    if len(raw) <= _LARGEST_JSON:
        try:
            return from_json(raw.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "replace"))
        except ValueError:
            pass
    return redact_start(raw, _LONGEST_TEXT, secrets).decode("utf-8", "replace")


def _request_id(response: Response, secrets: tuple[Secret, ...]) -> str | None:
    given = response.header(b"x-request-id")
    return given and redact(given, secrets)


def _reason(response: Response, body: object) -> str:
    if 300 <= response.status < 400:
        return "the server responded with a redirect; redirects are not followed, check base_url"
    if isinstance(body, str) and body.lstrip()[:1] == "<":
        return "an HTML page instead of JSON: is there a proxy in between?"
    if isinstance(body, str) and body.strip():
        return one_line(body, 200)
    if body and not isinstance(body, str):
        return one_line(to_json(body).decode(), 200)
    return "no message"


def _field_errors(raw: object, secrets: tuple[Secret, ...]) -> list[FieldError]:
    entries = raw if is_array(raw) else [raw]  # in older responses, a single object
    found = [
        FieldError(*(_text(entry.get(name), secrets) for name in FieldError._fields))
        if is_object(entry)
        else FieldError(None, _text(entry, secrets), None)
        for entry in entries
    ]
    return [error for error in found if any(error)]


def _text(value: object, secrets: tuple[Secret, ...]) -> str | None:
    return one_line(redact(value, secrets)) if isinstance(value, str) and value else None
