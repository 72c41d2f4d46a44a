"""Headers: what may stand in one, and the two that authenticate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import ConfigurationError, InvalidArgumentError
from .secret import SecretBytes
from .type_guards import is_mapping

if TYPE_CHECKING:
    from .secret import Secret

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff\t]*")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_RESERVED = frozenset({b"host", b"content-length", b"transfer-encoding", b"connection"})
_SECRET = frozenset({b"authorization", b"cookie", b"proxy-authorization", b"x-knock-user-token"})


def check_secret(name: str, secret: Secret) -> Secret:
    """Return a key or token that fits a header; neither the error's message nor a local variable here repeats it."""
    if problem := _problem(secret.reveal()):
        raise ConfigurationError(f"{name}: {problem}")
    return secret


def check_token(name: str, value: object) -> str:
    """Return a setting that fits a header; the message of the error never repeats it."""
    if problem := _problem(value):
        raise ConfigurationError(f"{name}: {problem}")
    return str(value)


def _problem(value: object) -> str | None:
    if not isinstance(value, str):
        return f"takes a string, not {type(value).__name__}"
    if not value:
        return "is empty"
    return None if _TOKEN.fullmatch(value) else "holds a space, a line break or another character that no key has"


def check_idempotency_key(value: object) -> str:
    """Return a caller's idempotency key."""
    if not isinstance(value, str) or not _IDEMPOTENCY_KEY.fullmatch(value):
        raise InvalidArgumentError("idempotency_key", "takes 1 to 255 visible ASCII characters")
    return value


def encode_headers(argument: str, headers: object) -> list[tuple[bytes, bytes]]:
    """Return a caller's headers as bytes, refusing what could change the request's shape."""
    if not is_mapping(headers):
        raise InvalidArgumentError(argument, f"takes a mapping, not {type(headers).__name__}")
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
        content = value.strip(" \t").encode("latin-1")
        encoded.append((raw, SecretBytes(content) if raw in _SECRET else content))
    return encoded


def merge(*layers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Join layers of headers; a name in a later layer replaces the earlier one."""
    joined: dict[bytes, bytes] = {}
    for layer in layers:
        joined.update(layer)
    return list(joined.items())
