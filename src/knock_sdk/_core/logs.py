"""Logging: off until `KNOCK_LOG` or the application asks, and never with a secret in it."""

from __future__ import annotations

import logging
import os
from contextvars import ContextVar
from typing import TYPE_CHECKING

from typing_extensions import override

from ..errors import ConfigurationError
from .secret import redact, redact_start

if TYPE_CHECKING:
    from .config import Config
    from .encode import Outgoing
    from .outcome import Answer, Failure
    from .secret import Secret

log = logging.getLogger("knock_sdk")
log.addHandler(logging.NullHandler())

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_LONGEST_BODY = 1024
_SHOWN = frozenset(
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
    """Send the package's log to the standard error if `KNOCK_LOG` names a level: debug, info, warning or error."""
    asked = os.environ.get("KNOCK_LOG", "").strip().lower()
    if not asked:
        return
    if asked not in _LEVELS:
        raise ConfigurationError(f"KNOCK_LOG: takes one of {', '.join(_LEVELS)}")
    log.setLevel(_LEVELS[asked])
    if all(isinstance(handler, logging.NullHandler) for handler in log.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        log.addHandler(handler)


class _Redactor(logging.Filter):
    """Takes the secrets of the call under way out of a record."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if secrets := _SECRETS.get():
            record.msg, record.args = redact(record.getMessage(), secrets), None
        return True


_SECRETS: ContextVar[tuple[Secret, ...]] = ContextVar("knock_sdk_secrets", default=())
_REDACTOR = _Redactor()
_UNDERNEATH = tuple(
    tuple(logging.getLogger(f"{library}.{part}") for part in ("http11", "http2", "proxy", "connection"))
    for library in ("httpcore", "httpcore2")
)


def guard_other_logs(config: Config) -> None:
    """Keep secrets out of what the connection library logs at debug: it repeats a server's answer word for word."""
    for loggers in _UNDERNEATH:
        if loggers[0].isEnabledFor(logging.DEBUG):
            _SECRETS.set(config.secrets)
            for logger in loggers:
                logger.addFilter(_REDACTOR)


def log_sent(outgoing: Outgoing, attempt: int, config: Config) -> None:
    """At debug: an attempt, its headers from the allow-list, and the start of its body."""
    if log.isEnabledFor(logging.DEBUG):
        log.debug(
            "%s %s attempt %d headers=%s body=%s",
            outgoing.operation.method,
            outgoing.operation.path,
            attempt,
            _shown(outgoing.headers, config),
            _body(outgoing.body, config),
        )


def log_answer(outgoing: Outgoing, answer: Answer, attempt: int, seconds: float, config: Config) -> None:
    """At info: an answer in one line. At debug: its headers from the allow-list and the start of its body too."""
    if not log.isEnabledFor(logging.INFO):
        return
    log.info(
        "%s %s %d attempt=%d elapsed=%.3fs request_id=%s",
        outgoing.operation.method,
        outgoing.operation.path,
        answer.status,
        attempt,
        seconds,
        redact(answer.header(b"x-request-id") or "unknown", config.secrets),
    )
    if log.isEnabledFor(logging.DEBUG):
        log.debug("answer headers=%s body=%s", _shown(answer.headers, config), _body(answer.body, config))


def log_failure(outgoing: Outgoing, failure: Failure, attempt: int) -> None:
    """At info: an attempt that got no answer."""
    log.info(
        "%s %s attempt=%d failed: %s (%s)",
        outgoing.operation.method,
        outgoing.operation.path,
        attempt,
        failure.problem,
        "may have been received" if failure.sent else "not sent",
    )


def log_wait(outgoing: Outgoing, attempt: int, seconds: float) -> None:
    """At info: another attempt follows."""
    log.info(
        "%s %s attempt %d follows in %.3fs", outgoing.operation.method, outgoing.operation.path, attempt + 1, seconds
    )


def _shown(headers: list[tuple[bytes, bytes]], config: Config) -> dict[str, str]:
    return {
        name: redact(raw.decode("latin-1"), config.secrets) if name in _SHOWN else "[hidden]"
        for name, raw in ((key.decode("latin-1").lower(), raw) for key, raw in headers)
    }


def _body(body: bytes, config: Config) -> str:
    return redact_start(body, _LONGEST_BODY, config.secrets).decode("utf-8", "replace")
