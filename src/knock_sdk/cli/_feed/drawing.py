"""How the view of a feed looks: styled lines, of the width that there is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .._messages.contents import blocks_to_text, targets_of
from .._references import describe
from .._text import clean, show_moment

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples as Fragments

    from ...types import InAppFeedItem
    from .model import Feed


KEYS = "j/k move  space page  r read/unread  a archive  u undo  q quit"
_LINES = 3
"""Lines of the text of an item that is not selected."""
_INDENT = "  "


class Drawn(NamedTuple):
    """The lines of all items, and where the selected one is."""

    fragments: Fragments
    first: int
    last: int


def draw_items(feed: Feed, width: int) -> Drawn:
    """Return the items below each other."""
    if not feed.items:
        return Drawn([("", "The feed is empty.")], 0, 0)
    fragments: Fragments = []
    line = first = last = 0
    for index, item in enumerate(feed.items):
        chosen = index == feed.selected
        lines = _draw_item(item, max(width, 10), chosen=chosen)
        if chosen:
            first, last = line, line + len(lines) - 1
        for text, style in lines:
            fragments += [(style, text), ("", "\n")]
        fragments.append(("", "\n"))
        line += len(lines) + 1
    return Drawn(fragments[:-1], first, last)


def scroll(top: int, drawn: Drawn, height: int) -> int:
    """Return which line is the first that is visible, so that the selected item is: as near as possible to before."""
    if drawn.last >= top + height:
        top = drawn.last - height + 1
    return min(top, drawn.first)


def draw_title(feed: Feed, user_id: str, width: int) -> Fragments:
    """Return the line above the items."""
    counts = f"{feed.unread} unread of {feed.total}"
    room = max(0, width - len(counts) - 2)
    return [("class:title", _cut(clean(user_id), room).ljust(room)), ("class:title", f"  {counts}")]


def draw_keys(note: str, width: int) -> Fragments:
    """Return the line below the items: a note, or the keys."""
    return [("class:note" if note else "class:keys", _cut(clean(note) or KEYS, width))]


def _draw_item(item: InAppFeedItem, width: int, *, chosen: bool) -> list[tuple[str, str]]:
    unread = item.read_at is None
    sign = ">" if chosen else " "
    words = [sign, "*" if unread else " ", show_moment(item.inserted_at, seconds=False), item.source.key]
    if item.actors:
        words.append(f"by {describe(item.actors[0])}")
    if item.tenant:
        words.append(f"in {item.tenant}")
    head = _cut(clean(" ".join(words)), width)
    style = "class:chosen" if chosen else "class:unread" if unread else "class:read"
    room = width - 2 * len(_INDENT)
    text = wrap(blocks_to_text(item.blocks), room)
    if chosen:
        text += tuple(line for target in targets_of(item.blocks) for line in wrap(target, room))
    shown = text if chosen or len(text) <= _LINES else (*text[: _LINES - 1], f"{text[_LINES - 1]} …")
    body = "class:body" if unread or chosen else "class:read"
    return [(head, style), *((f"{_INDENT * 2}{line}", body) for line in shown)]


@lru_cache(1_000)
def wrap(text: str, width: int) -> tuple[str, ...]:
    """Return a text in lines that are as wide as characters are in a terminal."""
    from rich.console import Console
    from rich.text import Text

    lines = Text(clean(text), overflow="fold").wrap(Console(width=max(width, 2)), max(width, 2))
    return tuple(line.plain.rstrip() for line in lines)


def _cut(text: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)).rstrip() + "…"[:width]
