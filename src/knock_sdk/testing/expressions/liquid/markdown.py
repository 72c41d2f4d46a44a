"""Markdown to HTML, by markdown-it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MISSING = "templates need markdown-it-py and linkify-it-py: pip install 'knock-sdk[simulator]'"
_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# Texts to translate, which are keys and so stay as they are.
_TRANSLATED = re.compile(r"\{%-?\s*t\s*-?%\}.*?\{%-?\s*endt\s*-?%\}", re.DOTALL)
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


@lru_cache(maxsize=256)
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

    marked = _TAG_LINES.sub(keep_line, _TRANSLATED.sub(keep, source))
    html = to_html(_LIQUID.sub(keep, marked))
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
