"""Redaction of what httpx and the packages below it log: they repeat what a server sent, and what is sent."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING

from typing_extensions import override

from ..secret import redact

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..secret import Secret

_PARTS = ("connection", "http11", "http2", "proxy", "socks")
_LOGGERS = ("httpx", "httpx2", *(f"{library}.{part}" for library in ("httpcore", "httpcore2") for part in _PARTS))
_LOGGERS_OF_HTTP2 = ("hpack.hpack", "hpack.table")
_LOGIN = re.compile(r" auth=\(.*\)")
_secrets: ContextVar[tuple[Secret, ...]] = ContextVar("knock_sdk_secrets", default=())


class _Redactor(logging.Filter):
    """Redacts the secrets of the current call."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if secrets := _secrets.get():
            if record.name in _LOGGERS_OF_HTTP2:
                return False  # headers, also compressed, when a secret would not be found
            record.msg, record.args = _LOGIN.sub(" auth=[redacted]", redact(record.getMessage(), secrets)), None
        return True


_REDACTOR = _Redactor()


@contextmanager
def redacted_logs(secrets: tuple[Secret, ...]) -> Generator[None]:
    """Redact secrets in what the libraries log for this thread or task while the block is open."""
    for name in (*_LOGGERS, *_LOGGERS_OF_HTTP2):
        logging.getLogger(name).addFilter(_REDACTOR)
    before = _secrets.set(secrets)
    try:
        yield
    finally:
        with suppress(ValueError):  # a task that nothing refers to is closed in any context
            _secrets.reset(before)
