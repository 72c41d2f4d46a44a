"""Headers: checks of names, values and credentials, and merging."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING

from pydantic_core import to_json
from typing_extensions import override

from ...errors import ConfigurationError, InvalidArgumentError
from ..secret import Secret, SecretBytes
from ..type_guards import is_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff\t]*")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_RESERVED = frozenset({b"host", b"content-length", b"transfer-encoding", b"connection"})
_SECRET = re.compile(
    rb"auth(?!or(?!i[sz]))|cookie|token|secret|passw|pwd|credential|session|signature|bearer|jwt|hmac|[cx]srf|"
    rb"api[-_]?key|(?<!idempotency)[-_]key$"
)
"""In the name of a header whose value is not shown."""
_SCHEME = re.compile(r"([A-Za-z][\w-]*) +(?=\S)")
_SCHEMES = frozenset({"basic", "bearer", "digest", "dpop", "hawk", "negotiate", "token"})
"""Words that are schemes in any header; in one about authorization, every first word is."""
_QUOTED = re.compile('="([^"]+)"')
_SHORTEST = 8
"""Length of a value that is redacted in other text; a shorter one could be part of an ordinary word."""


class HiddenHeaders(dict[str, str]):
    """A caller's headers: a traceback that shows local variables shows only their names."""

    @override
    def __repr__(self) -> str:
        return repr(dict.fromkeys(self, "***"))


def hide_headers(headers: object) -> object:
    """Return a caller's headers hidden; in place of what is no mapping, an empty object of a class of that name."""
    if headers is None or is_mapping(headers):
        return None if headers is None else HiddenHeaders(headers)
    return type(type(headers).__name__, (), {})()


def check_secret(name: str, secret: Secret) -> Secret:
    """Check a key or token and return it; neither the error's message nor a local variable here repeats it."""
    if problem := _problem(name, secret.reveal()):
        raise ConfigurationError(f"{name}: {problem}")
    return secret


def check_token(name: str, value: object) -> str:
    """Check a setting that is sent in a header and return it; the error's message never repeats it."""
    if problem := _problem(name, value):
        raise ConfigurationError(f"{name}: {problem}")
    return str(value)


def _problem(name: str, value: object) -> str | None:
    if not isinstance(value, str):
        return f"must be a string, not {type(value).__name__}"
    if not value:
        return f"is empty; give it a value, or {'unset it' if name.isupper() else 'leave it out'}"
    return (
        None
        if _TOKEN.fullmatch(value)
        else "contains a space, a line break or another character that is not visible ASCII; remove it"
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
    for name in headers:
        # No local variable here holds a value: a traceback may show them.
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InvalidArgumentError(
                argument, "contains a name that is not a valid header name; use letters, digits and hyphens"
            )
        if not _is_value(headers[name]):
            raise InvalidArgumentError(
                argument, f"the value of {name!r} must be a string of Latin-1 characters without control characters"
            )
        raw = name.lower().encode("ascii")
        if raw in _RESERVED:
            raise InvalidArgumentError(
                argument, f"must not contain {name!r}, which the client sets itself; leave it out"
            )
        encoded.append((raw, _encode_value(headers[name], hidden=_SECRET.search(raw) is not None)))
    return encoded


def _is_value(value: object) -> bool:
    return isinstance(value, str) and _VALUE.fullmatch(value) is not None


def _encode_value(value: str, *, hidden: bool) -> bytes:
    content = value.strip(" \t").encode("latin-1")
    return SecretBytes(content) if hidden else content


def secrets_of(headers: Iterable[tuple[bytes, bytes]]) -> tuple[Secret, ...]:
    """Return the keys and tokens in a caller's headers: values without their schemes, and those of cookies."""
    found: set[str] = set()
    for name, value in headers:
        if isinstance(value, SecretBytes):
            for text in _parts(name, value.decode("latin-1")):
                found |= _spellings(text)
    long = {text for text in found if len(text) >= _SHORTEST}
    return tuple(Secret(text) for text in sorted(long, key=len, reverse=True))


def _parts(name: bytes, text: str) -> list[str]:
    """Return what is secret in the value of a header: each part that a server could repeat alone."""
    if name == b"cookie":
        return [cookie.partition("=")[2].strip() for cookie in text.split(";")]
    scheme = _SCHEME.match(text)
    if scheme is None or not (b"auth" in name or scheme[1].lower() in _SCHEMES):
        return [text]
    credentials = text[scheme.end() :]
    if scheme[1].lower() != "basic":
        return [credentials, *_QUOTED.findall(credentials)]
    try:
        login = b64decode(credentials, validate=True).decode("utf-8", "replace")
    except ValueError:
        return [credentials]
    return [credentials, login, login.partition(":")[2]]


def _spellings(text: str) -> set[str]:
    """Return a text as servers may write it: as it is, in UTF-8, and escaped in JSON in two ways."""
    escaped = to_json(text).decode("utf-8")[1:-1]
    in_ascii = escaped.encode("ascii", "backslashreplace").decode("ascii").replace("\\x", "\\u00")
    found = {text, escaped, in_ascii}
    found |= {each.replace("/", "\\/") for each in found}
    return found | {each.encode("utf-8").decode("latin-1") for each in found}


def merge(*layers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Merge layers of headers; a later layer replaces the value of an earlier one."""
    joined: dict[bytes, bytes] = {}
    for layer in layers:
        joined.update(layer)
    return list(joined.items())
