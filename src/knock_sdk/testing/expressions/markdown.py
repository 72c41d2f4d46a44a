"""The Markdown that notifications are written in, as HTML: paragraphs, emphasis, links, code, headings, lists, quotes.

It is a small part of what Knock renders, and the classes and styles that Knock adds are left out.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_INLINE: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)"), r'<img src="\2" alt="\1">'),
    (re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*|__(.+?)__"), lambda found: f"<strong>{found[1] or found[2]}</strong>"),
    (
        re.compile(r"(?<![*\w])\*(?![\s*])(.+?)\*|(?<!\w)_(.+?)_(?!\w)"),
        lambda found: f"<em>{found[1] or found[2]}</em>",
    ),
    (re.compile(r" {2,}\n"), "<br>\n"),
)
_CODE = re.compile(r"`([^`]+)`")
_HEADING = re.compile(r"(#{1,6}) +(.*)")
_BULLET = re.compile(r"[-*+] +")
_NUMBER = re.compile(r"\d+[.)] +")
_END = re.compile(r"</(?:p|h\d|li|div|tr|blockquote)>|<br ?/?>\n?|<hr>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_QUOTE = re.compile(r"> ?")


def to_html(text: str) -> str:
    """Return a text in Markdown as HTML."""
    return "".join(_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip())


def to_text(html: str) -> str:
    """Return HTML without its marks, a line for each block."""
    return unescape(_TAG.sub("", _END.sub("\n", html))).strip()


def _block(block: str) -> str:
    lines = [line.strip() if line.lstrip() == line else line for line in block.split("\n")]
    heading = _HEADING.fullmatch(lines[0].strip())
    if heading is not None:
        rest = "\n".join(lines[1:])
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>" + (_block(rest) if rest.strip() else "")
    if lines[0].lstrip().startswith("<"):
        return block  # HTML stays as it is
    for mark, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if all(mark.match(line.lstrip()) for line in lines):
            items = "".join(f"<li>{_inline(mark.sub('', line.lstrip(), count=1))}</li>" for line in lines)
            return f"<{tag}>{items}</{tag}>"
    if all(_QUOTE.match(line) for line in lines):
        return f"<blockquote>{to_html(chr(10).join(_QUOTE.sub('', line, count=1) for line in lines))}</blockquote>"
    return f"<p>{_inline(block.strip())}</p>"


def _inline(text: str) -> str:
    """Return a line with its marks as HTML; what stands in backquotes is taken as it is."""
    pieces = _CODE.split(text)
    for index, piece in enumerate(pieces):
        escaped = escape(piece, quote=False)
        if index % 2:
            pieces[index] = f"<code>{escaped}</code>"
            continue
        for pattern, replacement in _INLINE:
            escaped = pattern.sub(replacement, escaped)
        pieces[index] = escaped
    return "".join(pieces)
