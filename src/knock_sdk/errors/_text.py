"""Text of error messages: one line each, of bounded length."""

from __future__ import annotations

LONGEST_PATH = 200

_LONGEST_MESSAGE = 500
_ENDS = ("!", "?", "…", ".")


def one_line(text: str, limit: int = _LONGEST_MESSAGE) -> str:
    """Fold white space, truncate to `limit` characters, and replace characters that are not printable.

    Control characters could steer a terminal, and surrogates cannot be encoded.
    """
    folded = " ".join(text[: limit * 4].split())
    if not folded.isprintable():
        folded = "".join(character if character.isprintable() else "\ufffd" for character in folded)
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def describe_id(request_id: str | None) -> str:
    """Return a request id for a message, or "unknown"."""
    return one_line(request_id, 100) if request_id else "unknown"


def clause(text: str) -> str:
    """Return a text as one line, without the full stop at its end, so that more can follow it."""
    folded = one_line(text)
    shorter = folded.rstrip(" .:;,")
    # An ellipsis and a text of nothing but stops are left as they are.
    return folded if not shorter or folded.endswith("..") else shorter


def join_sentences(first: str, second: str, *, between: str = ".") -> str:
    """Join two texts; a mark goes between them unless the first ends with a question, an exclamation or an ellipsis."""
    if not first or not second:
        return first or second
    return f"{first} {second}" if first.endswith(_ENDS) else f"{first}{between} {second}"
