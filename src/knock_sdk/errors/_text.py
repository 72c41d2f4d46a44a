"""Text of error messages: one line each, of bounded length."""

from __future__ import annotations

LONGEST_PATH = 200

_LONGEST_MESSAGE = 500


def one_line(text: str, limit: int = _LONGEST_MESSAGE) -> str:
    """Fold white space, cut what would flood a log, and replace what could steer a terminal or has no encoding."""
    folded = " ".join(text[: limit * 4].split())
    if not folded.isprintable():
        folded = "".join(character if character.isprintable() else "\ufffd" for character in folded)
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def shown_id(request_id: str | None) -> str:
    """Return a request id as messages show it."""
    return one_line(request_id, 100) if request_id else "unknown"
