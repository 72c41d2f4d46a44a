"""Logging: off unless `KNOCK_LOG` or the application turns it on; secrets are redacted."""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING

from ..errors import ConfigurationError
from .secret import redact, redact_start

if TYPE_CHECKING:
    from .outcome import Failure, Response
    from .requests.encode import Outgoing
    from .secret import Secret

log = logging.getLogger("knock_sdk")
log.addHandler(logging.NullHandler())

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_LONGEST_BODY = 1024
_CREDENTIAL = re.compile(
    r"""(?ix) ("[^"\\]*(?:token|secret|passw|api_?key)[^"\\]*")  # the name of a field
    \s*:\s* (?: "(?:[^"\\]|\\.)*"? | \[[^\]]*\]? )  # a text or a list, perhaps cut off"""
)
"""A field of a body whose value is not shown, such as the access token in channel data."""
_VISIBLE_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "idempotency-key",
        "idempotent-replayed",
        "original-x-request-id",
        "retry-after",
        "retry-after-ms",
        "server",
        "user-agent",
        "x-knock-branch",
        "x-request-id",
    }
)


def start_logging() -> None:
    """Send the package's log to standard error if `KNOCK_LOG` is set to a level: debug, info, warning or error."""
    level = os.environ.get("KNOCK_LOG", "").strip().lower()
    if not level:
        return
    if level not in _LEVELS:
        raise ConfigurationError(f"KNOCK_LOG: must be one of {', '.join(_LEVELS)}")
    log.setLevel(_LEVELS[level])
    if all(isinstance(handler, logging.NullHandler) for handler in log.handlers):
        handler = logging.StreamHandler()
        handler.addFilter(_is_written_nowhere_else)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        log.addHandler(handler)


def _is_written_nowhere_else(record: logging.LogRecord) -> bool:
    """Return whether no other handler takes a record, such as one of `logging.basicConfig()`, which may come later."""
    logger: logging.Logger | None = log
    while logger is not None:
        for handler in logger.handlers:
            own = isinstance(handler, logging.NullHandler) or _is_written_nowhere_else in handler.filters
            if not own and record.levelno >= handler.level:
                return False
        logger = logger.parent if logger.propagate else None
    return True


def log_sent(outgoing: Outgoing, attempt: int) -> None:
    """Log an attempt at debug level, with its visible headers and the start of its body."""
    if log.isEnabledFor(logging.DEBUG):
        log.debug(
            "%s %s attempt %d headers=%s body=%s",
            outgoing.operation.method,
            outgoing.operation.path,
            attempt,
            _format_headers(outgoing.headers, outgoing.secrets),
            _format_body(outgoing.body, outgoing.secrets),
        )


def log_response(outgoing: Outgoing, response: Response, attempt: int, seconds: float) -> None:
    """Log a response at info level, and its visible headers and the start of its body at debug level."""
    if not log.isEnabledFor(logging.INFO):
        return
    log.info(
        "%s %s %d attempt=%d elapsed=%.3fs request_id=%s",
        outgoing.operation.method,
        outgoing.operation.path,
        response.status,
        attempt,
        seconds,
        redact(response.header(b"x-request-id") or "unknown", outgoing.secrets),
    )
    if log.isEnabledFor(logging.DEBUG):
        log.debug(
            "response headers=%s body=%s",
            _format_headers(response.headers, outgoing.secrets),
            _format_body(response.body, outgoing.secrets),
        )


def log_failure(outgoing: Outgoing, failure: Failure, attempt: int) -> None:
    """Log an attempt that got no response at info level."""
    log.info(
        "%s %s attempt=%d failed: %s (%s)",
        outgoing.operation.method,
        outgoing.operation.path,
        attempt,
        redact(failure.problem, outgoing.secrets),
        "may have been received" if failure.sent else "not sent",
    )


def log_wait(outgoing: Outgoing, attempt: int, seconds: float) -> None:
    """Log the wait before the next attempt at info level."""
    log.info(
        "%s %s attempt %d follows in %.3fs", outgoing.operation.method, outgoing.operation.path, attempt + 1, seconds
    )


def _format_headers(headers: list[tuple[bytes, bytes]], secrets: tuple[Secret, ...]) -> dict[str, str]:
    return {
        name: redact(raw.decode("latin-1"), secrets) if name in _VISIBLE_HEADERS else "[hidden]"
        for name, raw in ((key.decode("latin-1").lower(), raw) for key, raw in headers)
    }


def _format_body(body: bytes, secrets: tuple[Secret, ...]) -> str:
    start = redact_start(body, _LONGEST_BODY, secrets).decode("utf-8", "replace")
    return _CREDENTIAL.sub(r'\1:"[hidden]"', start)
