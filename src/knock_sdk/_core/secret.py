"""Text that must not be seen: keys and tokens."""

from __future__ import annotations

from typing import Any, NoReturn

from typing_extensions import override

from .type_guards import is_array, is_object


class Secret:
    """Holds a key or token; shows it to nobody but `reveal()`, and refuses to be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Keep the text."""
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
    """Replace every secret that a foreign text repeats."""
    for secret in secrets:
        text = text.replace(secret.reveal(), "[redacted]")
    return text


def redact_headers(headers: list[tuple[bytes, bytes]], secrets: tuple[Secret, ...]) -> list[tuple[bytes, bytes]]:
    """Return an answer's headers without secrets that their values repeat."""
    together = b"\n".join([value for _, value in headers]).decode("latin-1")
    if redact(together, secrets) == together:
        return headers
    return [(name, redact(value.decode("latin-1"), secrets).encode("latin-1")) for name, value in headers]


def redact_start(raw: bytes, limit: int, secrets: tuple[Secret, ...]) -> bytes:
    """Return the first bytes of a foreign text, without secrets, nor the beginning of one that the cut left."""
    text = redact(raw[:limit].decode("latin-1"), secrets)
    if len(raw) > limit:
        for secret in secrets:
            text = _without_beginning(text, secret.reveal())
    return text.encode("latin-1")[:limit]


def _without_beginning(text: str, secret: str) -> str:
    # Four characters tell nothing: most of a key's prefix is the same for all.
    for length in range(min(len(secret), len(text)), 4, -1):
        if text.endswith(secret[:length]):
            return text[:-length] + "[redacted]"
    return text


def redact_json(value: Any, secrets: tuple[Secret, ...]) -> Any:
    """Return foreign JSON without secrets; only its strings change, so that a short key cannot spoil the rest."""
    if isinstance(value, str):
        return redact(value, secrets)
    if is_array(value):
        return [redact_json(inner, secrets) for inner in value]
    if is_object(value):
        return {redact(name, secrets): redact_json(inner, secrets) for name, inner in value.items()}
    return value
