"""Headers: checks of names, values and credentials, and merging."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from typing_extensions import override

from ..errors import ConfigurationError, InvalidArgumentError
from .secret import Secret, SecretBytes
from .type_guards import is_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff\t]*")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_RESERVED = frozenset({b"host", b"content-length", b"transfer-encoding", b"connection"})
_SECRET = re.compile(rb"auth\b|authori[sz]|authent|cookie|token|secret|passw|api-?key|credential|session|signature")
"""In the name of a header whose value is not shown."""
_SCHEME = re.compile("(?i)(?:basic|bearer|digest|dpop|hawk|negotiate|token) +")
_SHORTEST = 8
"""Length of a value that is redacted in other text; a shorter one could be a word of it."""


class HiddenHeaders(dict[str, str]):
    """A caller's headers: a traceback that shows local variables shows only their names."""

    @override
    def __repr__(self) -> str:
        return repr(dict.fromkeys(self, "***"))


def check_secret(name: str, secret: Secret) -> Secret:
    """Check a key or token and return it; neither the error's message nor a local variable here repeats it."""
    if problem := _problem(secret.reveal()):
        raise ConfigurationError(f"{name}: {problem}")
    return secret


def check_token(name: str, value: object) -> str:
    """Check a setting that is sent in a header and return it; the error's message never repeats it."""
    if problem := _problem(value):
        raise ConfigurationError(f"{name}: {problem}")
    return str(value)


def _problem(value: object) -> str | None:
    if not isinstance(value, str):
        return f"must be a string, not {type(value).__name__}"
    if not value:
        return "is empty"
    return (
        None
        if _TOKEN.fullmatch(value)
        else "contains a space, a line break or another character that is not visible ASCII"
    )


def check_idempotency_key(value: object) -> str:
    """Check a caller's idempotency key and return it."""
    if not isinstance(value, str) or not _IDEMPOTENCY_KEY.fullmatch(value):
        raise InvalidArgumentError("idempotency_key", "must be a string of 1 to 255 visible ASCII characters")
    return value


def encode_headers(argument: str, headers: object) -> list[tuple[bytes, bytes]]:
    """Check and encode a caller's headers; reject those that could change how the request is framed."""
    if not is_mapping(headers):
        raise InvalidArgumentError(argument, f"must be a mapping, not {type(headers).__name__}")
    encoded: list[tuple[bytes, bytes]] = []
    for name, value in headers.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InvalidArgumentError(argument, "contains a name that is not a valid header name")
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise InvalidArgumentError(
                argument, f"the value of {name!r} must be a string of Latin-1 characters without control characters"
            )
        raw = name.lower().encode("ascii")
        if raw in _RESERVED:
            raise InvalidArgumentError(argument, f"must not contain {name!r}, which the client sets itself")
        content = value.strip(" \t").encode("latin-1")
        encoded.append((raw, SecretBytes(content) if _SECRET.search(raw) else content))
    return encoded


def secrets_of(headers: Iterable[tuple[bytes, bytes]]) -> tuple[Secret, ...]:
    """Return the keys and tokens in a caller's headers: values without their schemes, and those of cookies."""
    found: list[str] = []
    for name, value in headers:
        if isinstance(value, SecretBytes):
            text = value.decode("latin-1")
            if name == b"cookie":
                found += [cookie.partition("=")[2].strip() for cookie in text.split(";")]
            else:
                scheme = _SCHEME.match(text)
                found.append(text[scheme.end() :] if scheme is not None else text)
    long = {text for text in found if len(text) >= _SHORTEST}
    return tuple(Secret(text) for text in sorted(long, key=len, reverse=True))


def merge(*layers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Merge layers of headers; a later layer replaces the value of an earlier one."""
    joined: dict[bytes, bytes] = {}
    for layer in layers:
        joined.update(layer)
    return list(joined.items())
