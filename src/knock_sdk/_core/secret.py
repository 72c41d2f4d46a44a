"""Text that must not be seen: keys and tokens."""

from __future__ import annotations

from typing import NoReturn

from typing_extensions import override


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


def redact(text: str, secrets: tuple[Secret, ...]) -> str:
    """Replace every secret that a foreign text repeats."""
    for secret in secrets:
        text = text.replace(secret.reveal(), "[redacted]")
    return text
