"""Markdown to HTML: paragraphs, emphasis, links, images, code, headings, lists and quotes.

This is a small subset of what Knock renders, without the classes and styles that Knock adds.
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
    (re.compile(r"\*\*(.+?)\*\*|__(.+?)__"), lambda matched: f"<strong>{matched[1] or matched[2]}</strong>"),
    (
        re.compile(r"(?<![*\w])\*(?![\s*])(.+?)\*|(?<!\w)_(.+?)_(?!\w)"),
        lambda matched: f"<em>{matched[1] or matched[2]}</em>",
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
    """Convert Markdown to HTML."""
    return "".join(_convert_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip())


def to_text(html: str) -> str:
    """Convert HTML to plain text, with a line for each block."""
    return unescape(_TAG.sub("", _END.sub("\n", html))).strip()


def _convert_block(block: str) -> str:
    lines = [line.strip() if line.lstrip() == line else line for line in block.split("\n")]
    heading = _HEADING.fullmatch(lines[0].strip())
    if heading is not None:
        rest = "\n".join(lines[1:])
        level = len(heading[1])
        return f"<h{level}>{_convert_inline(heading[2])}</h{level}>" + (_convert_block(rest) if rest.strip() else "")
    if lines[0].lstrip().startswith("<"):
        return block  # HTML is preserved
    for marker, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if all(marker.match(line.lstrip()) for line in lines):
            items = "".join(f"<li>{_convert_inline(marker.sub('', line.lstrip(), count=1))}</li>" for line in lines)
            return f"<{tag}>{items}</{tag}>"
    if all(_QUOTE.match(line) for line in lines):
        return f"<blockquote>{to_html(chr(10).join(_QUOTE.sub('', line, count=1) for line in lines))}</blockquote>"
    return f"<p>{_convert_inline(block.strip())}</p>"


def _convert_inline(text: str) -> str:
    """Convert the inline marks of a text to HTML, except inside backquotes."""
    segments = _CODE.split(text)
    for index, segment in enumerate(segments):
        escaped = escape(segment, quote=False)
        if index % 2:
            segments[index] = f"<code>{escaped}</code>"
            continue
        for pattern, replacement in _INLINE:
            escaped = pattern.sub(replacement, escaped)
        segments[index] = escaped
    return "".join(segments)
