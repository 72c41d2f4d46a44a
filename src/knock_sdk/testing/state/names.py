"""Names that are not known: which known one was meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_ALMOST_EQUAL = 0.9


def almost(name: str, known: Iterable[str]) -> str | None:
    """Return the known name of which another one is probably a misspelling; None if it is known, or no name is near.

    Names that differ in their digits are different names. This is for names that may become known later.
    """
    listed = list(known)
    near = [] if name in listed else get_close_matches(name, listed, n=1, cutoff=_ALMOST_EQUAL)
    return near[0] if near and _digits_in(near[0]) == _digits_in(name) else None


def refuse_misspelt(argument: str, name: str | None, known: Iterable[str]) -> None:
    """Refuse a name that is probably a misspelling of one that is declared.

    Raises:
        ValueError: It almost equals a declared name, and is not declared itself.
    """
    meant = None if name is None else almost(name, known)
    if meant is not None:
        raise ValueError(
            f"{argument}: {name!r} is not declared; did you mean {meant!r}? If not, declare {name!r} before"
        )


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return a question to follow a message, `; did you mean 'x'?`; nothing if no known name is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6) if isinstance(name, str) else []
    return f"; did you mean {near[0]!r}?" if near else ""


def _digits_in(name: str) -> str:
    return "".join(filter(str.isdigit, name))
