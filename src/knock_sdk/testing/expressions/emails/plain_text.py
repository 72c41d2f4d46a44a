"""HTML to plain text, for the text version of emails."""

from __future__ import annotations

import re

from typing_extensions import override

from .html_reader import HTMLReader


def to_text(html: str) -> str:
    """Convert HTML to plain text: a line for each block, marks for lists, and the URLs of links behind their texts."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return reader.text()


_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "div",
        "dl",
        "dd",
        "dt",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_APART = frozenset(["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"])
_HIDDEN = frozenset(["head", "script", "style", "template", "title"])
_BULLET = re.compile(r"\s*(?:-|\d+\.)\s*")
_SPACE = re.compile(r"[ \t\r\n\f]+")


class _TextReader(HTMLReader):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._hidden = 0
        self._preformatted = 0
        self._links: list[tuple[str, int, int]] = []
        """Of each open link, the URL, and where its text begins: the index of the line, and the place in it."""
        self._lists: list[int | None] = []

    def text(self) -> str:
        """Return the text: lines without spaces at their ends, and at most one empty line between two."""
        lines = "\n".join(line.rstrip() for line in self._lines)
        return re.sub(r"\n{3,}", "\n\n", lines).strip()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self._lines.append("")
        elif tag == "a":
            self._links.append((values.get("href") or "", len(self._lines) - 1, len(self._lines[-1])))
        elif tag == "img":
            self._write(values.get("alt") or "")
        elif tag in _BLOCKS:
            self._break(apart=tag in _APART and not self._lists)
            self._begin_block(tag)

    def _begin_block(self, tag: str) -> None:
        if tag == "hr":
            self._write("---")
            self._break(apart=True)
        elif tag == "pre":
            self._preformatted += 1
        elif tag in {"ol", "ul"}:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li" and self._lists:
            number = self._lists[-1]
            indent = "  " * (len(self._lists) - 1)
            if number is not None:
                self._lists[-1] = number + 1
            self._lines[-1] = f"{indent}- " if number is None else f"{indent}{number + 1}. "

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "a" and self._links:
            href, index, place = self._links.pop()
            shown = "".join([self._lines[index][place:], *self._lines[index + 1 :]]).strip()
            if href and href.removeprefix("mailto:") != shown and not href.startswith("#"):
                self._write(f" ({href})" if shown else href)
        elif tag in _BLOCKS:
            if tag == "pre":
                self._preformatted = max(0, self._preformatted - 1)
            elif tag in {"ol", "ul"} and self._lists:
                self._lists.pop()
            self._break(apart=tag in _APART and not self._lists)

    @override
    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._preformatted:
            first, *others = data.split("\n")
            self._lines[-1] += first
            self._lines.extend(others)
        else:
            self._write(_SPACE.sub(" ", data))

    def _write(self, text: str) -> None:
        line = self._lines[-1]
        self._lines[-1] = line + (text.lstrip(" ") if not line or line.endswith(" ") else text)

    def _break(self, *, apart: bool) -> None:
        """End the line, if it has text; leave an empty line if the blocks stand apart."""
        if self._lines[-1].strip() and not _BULLET.fullmatch(self._lines[-1]):
            self._lines.append("")
        if apart and len(self._lines) > 1 and self._lines[-2].strip():
            self._lines.append("")
