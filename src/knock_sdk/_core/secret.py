"""Secrets: keys and tokens that must not be shown, and their redaction in other text."""

from __future__ import annotations

from typing import Any, NoReturn

from typing_extensions import override

from .type_guards import is_array, is_object


class Secret:
    """A key or token: hidden wherever values are shown, and not picklable; `reveal()` returns the text."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Store the text."""
        self._value = value

    def reveal(self) -> str:
        """Return the text itself, for the header that carries it."""
        return self._value

    @override
    def __repr__(self) -> str:
        return "Secret('***')"

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    @override
    def __hash__(self) -> int:
        return hash((Secret, self._value))


def hide(given: Any) -> Secret | None:
    """Wrap an argument that may be a key, of any type, so that a traceback that shows local variables does not show it.

    None stays None. What the argument is must be found out without a local variable that holds it.
    """
    return None if given is None else Secret(given)


class SecretBytes(bytes):
    """The value of a header that holds a key or token: bytes for the connection, hidden wherever values are shown."""

    @override
    def __repr__(self) -> str:
        return "b'***'"

    __str__ = __repr__

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")


def redact(text: str, secrets: tuple[Secret, ...]) -> str:
    """Replace every secret in a text."""
    for secret in secrets:
        text = text.replace(secret.reveal(), "[redacted]")
    return text


def redact_headers(headers: list[tuple[bytes, bytes]], secrets: tuple[Secret, ...]) -> list[tuple[bytes, bytes]]:
    """Replace every secret in the values of headers."""
    together = b"\n".join([value for _, value in headers]).decode("latin-1")
    if redact(together, secrets) == together:
        return headers
    return [(name, redact(value.decode("latin-1"), secrets).encode("latin-1")) for name, value in headers]


def redact_start(raw: bytes, limit: int, secrets: tuple[Secret, ...]) -> bytes:
    """Return the first bytes of a text, with secrets replaced, also one that is cut off at the end."""
    text = redact(raw[:limit].decode("latin-1"), secrets)
    if len(raw) > limit:
        for secret in secrets:
            text = _redact_end(text, secret.reveal())
    return text.encode("latin-1")[:limit]


def _redact_end(text: str, secret: str) -> str:
    # Up to four characters reveal nothing: keys start with the same prefix.
    for length in range(min(len(secret), len(text)), 4, -1):
        if text.endswith(secret[:length]):
            return text[:-length] + "[redacted]"
    return text


def redact_json(value: Any, secrets: tuple[Secret, ...]) -> Any:
    """Replace every secret in the strings of parsed JSON; other values stay, so that a short key cannot damage them."""
    if isinstance(value, str):
        return redact(value, secrets)
    if is_array(value):
        return [redact_json(inner, secrets) for inner in value]
    if is_object(value):
        return {redact(name, secrets): redact_json(inner, secrets) for name, inner in value.items()}
    return value
