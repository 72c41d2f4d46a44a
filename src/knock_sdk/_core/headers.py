"""Headers: what may stand in one, and the two that authenticate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..errors import ConfigurationError, InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff\t]*")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_RESERVED = frozenset({b"host", b"content-length", b"transfer-encoding", b"connection"})


def check_token(name: str, value: object) -> str:
    """Return a key or token that fits a header; the message of the error never repeats it."""
    if not isinstance(value, str):
        raise ConfigurationError(f"{name}: takes a string, not {type(value).__name__}")
    if not _TOKEN.fullmatch(value):
        problem = "is empty" if not value else "holds a space, a line break or another character that no key has"
        raise ConfigurationError(f"{name}: {problem}")
    return value


def check_idempotency_key(value: object) -> str:
    """Return a caller's idempotency key."""
    if not isinstance(value, str) or not _IDEMPOTENCY_KEY.fullmatch(value):
        raise InvalidArgumentError("idempotency_key", "takes 1 to 255 visible ASCII characters")
    return value


def encode_headers(argument: str, headers: Mapping[Any, Any]) -> list[tuple[bytes, bytes]]:
    """Return a caller's headers as bytes, refusing what could change the request's shape."""
    encoded: list[tuple[bytes, bytes]] = []
    for name, value in headers.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InvalidArgumentError(argument, "holds a name that is not a header name")
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise InvalidArgumentError(
                argument, f"the value of {name!r} must be a string of Latin-1 characters without control characters"
            )
        raw = name.lower().encode("ascii")
        if raw in _RESERVED:
            raise InvalidArgumentError(argument, f"{name!r} is set by the client itself")
        encoded.append((raw, value.strip().encode("latin-1")))
    return encoded


def merge(*layers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Join layers of headers; a name in a later layer replaces the earlier one."""
    joined: dict[bytes, bytes] = {}
    for layer in layers:
        joined.update(layer)
    return list(joined.items())
