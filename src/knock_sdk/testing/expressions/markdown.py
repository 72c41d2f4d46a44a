"""Markdown to HTML, by markdown-it, and HTML to plain text."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from typing_extensions import override

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MISSING = "templates need markdown-it-py and linkify-it-py: pip install 'knock-sdk[simulator]'"
_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# Lines that consist of tags alone, such as `{% if x %}`.
_TAG_LINES = re.compile(r"^[ \t]*(?:\{%(?:(?!%\}).)*%\}[ \t]*)+$", re.DOTALL | re.MULTILINE)


def require() -> None:
    """Check that Markdown can be rendered.

    Raises:
        ImportError: A library is not installed.
    """
    _load()


def to_html(text: str) -> str:
    """Convert Markdown to HTML: CommonMark with tables, strikethrough and bare URLs as links; HTML is preserved."""
    rendered: str = _load().render(text)
    return rendered.strip()


def template_to_html(source: str) -> str:
    """Convert a template in Markdown to one in HTML: Liquid in it is preserved, and rendered afterwards.

    So Markdown in values stays as it is, as in emails of Knock.
    """
    mark = "liquid"
    while mark in source:
        mark += "x"
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"{mark}{len(kept) - 1}e"

    def keep_line(found: re.Match[str]) -> str:
        # A comment on its own line is passed on as it is, and ends a list or quotation above it.
        return f"<!--{keep(found)}-->"

    html = to_html(_LIQUID.sub(keep, _TAG_LINES.sub(keep_line, source)))
    html = re.sub(f"<!--{mark}(\\d+)e-->", lambda found: kept[int(found[1])], html)
    return re.sub(f"{mark}(\\d+)e", lambda found: kept[int(found[1])], html)


@lru_cache(maxsize=1)
def _load() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        raise ImportError(_MISSING) from error
    markdown = MarkdownIt("commonmark", {"linkify": True, "xhtmlOut": False}).enable(
        ["table", "strikethrough", "linkify"]
    )
    linkify: Any = markdown.linkify
    if linkify is None:
        raise ImportError(_MISSING)
    linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    return markdown


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


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._hidden = 0
        self._preformatted = 0
        self._links: list[tuple[str, int]] = []
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
            self._links.append((values.get("href") or "", sum(map(len, self._lines))))
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
            href, before = self._links.pop()
            shown = "".join(self._lines)[before:].strip()
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
