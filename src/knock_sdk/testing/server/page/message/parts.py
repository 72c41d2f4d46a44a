"""Parts of which the contents of a message are drawn: the same for Slack, Microsoft Teams and Discord."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from markupsafe import Markup

from ....._core.type_guards import is_array

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind: TypeAlias = Literal[
    "text", "heading", "quiet", "divider", "image", "fields", "row", "group", "button", "input", "other"
]

_NOTHING = Markup()
MOST_PARTS = 500
"""Parts of a message that are drawn; the rest is in its JSON."""
DEEPEST = 12
"""Levels of containers that are drawn."""


@dataclass(frozen=True)
class Part:
    """A part of a drawn message."""

    kind: Kind
    html: Markup = _NOTHING
    """Text with its formatting; whatever came from the application is escaped in it."""
    url: str = ""
    """Where a button leads; where an image is, which is not loaded."""
    label: str = ""
    """Text of a button, alternative text of an image, or type of an element that is not drawn."""
    parts: tuple[Part, ...] = ()
    """Parts of a group, row or list of fields; of the latter, each has its name in `label`."""
    value: Any = field(default=None)
    """What is not drawn, as it came."""


def other(value: Any, kind: str = "") -> Part:
    """Return the part for an element that is not drawn: it is shown as JSON."""
    return Part("other", label=kind or "element", value=value)


def listed(value: Any) -> list[Any]:
    """Return a list that an application has sent; what is no list counts as an empty one."""
    return value if is_array(value) else []


def limit(parts: Sequence[Part], most: int = MOST_PARTS) -> list[Part]:
    """Return the first parts of a message, counting those inside of others, and a note if some are left out."""
    left = most

    def keep(each: Part) -> Part:
        nonlocal left
        left -= 1
        return replace(each, parts=tuple(keep(inner) for inner in each.parts if left > 0)) if each.parts else each

    kept = [keep(each) for each in parts if left > 0]
    return kept if left > 0 else [*kept, Part("quiet", Markup("The rest is too long to be drawn: see the JSON."))]
