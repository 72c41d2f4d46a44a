"""Texts of chat messages: the markup of Slack, and the Markdown of Microsoft Teams and Discord, as safe HTML."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from ..rendering import shorten

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 20_000
_DEEPEST = 4

# Each quantifier stops at the first character that cannot belong to what it matches, or after some thousand.
_CODE = r"```(?P<pre>.{1,4000}?)```|`(?P<code>[^`\n]{1,2000})`"
_SLACK = re.compile(
    _CODE + r"|<(?P<link>(?:[@#!]|[a-z][a-z0-9+.-]{1,20}:)[^<>\n]{1,2000})>"
    r"|(?<![\w*])\*(?P<bold>[^*\n]{1,2000})\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^_\n]{1,2000})_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^~\n]{1,2000})~(?![\w~])",
    re.DOTALL,
)
_MARKDOWN = re.compile(
    _CODE + r"|\[(?P<label>[^\[\]\n]{1,1000})\]\((?P<url>[^()\s]{1,2000})\)|(?P<bare>https?://[^\s<>\"]{1,2000})"
    r"|\*\*(?P<bold>[^*\n]{1,2000})\*\*"
    r"|(?<![\w*])[*](?P<italic>[^*\n]{1,2000})[*](?![\w*])|(?<![\w_])_(?P<italic2>[^_\n]{1,2000})_(?![\w_])"
    r"|~~(?P<strike>[^~\n]{1,2000})~~",
    re.DOTALL,
)
_ELEMENTS = {
    "pre": Markup("<pre>{}</pre>"),
    "code": Markup("<code>{}</code>"),
    "bold": Markup("<strong>{}</strong>"),
    "italic": Markup("<em>{}</em>"),
    "italic2": Markup("<em>{}</em>"),
    "strike": Markup("<s>{}</s>"),
}
_MENTIONS = {"@": "@", "#": "#", "!": "@"}


def slack(text: str) -> Markup:
    """Return a text in Slack's markup as HTML."""
    return _format(shorten(text, _MOST), _SLACK, _slack_link, 0)


def markdown(text: str) -> Markup:
    """Return a text in Markdown as HTML, as far as chat services draw it."""
    return _format(shorten(text, _MOST), _MARKDOWN, _markdown_link, 0)


def plain(text: str) -> Markup:
    """Return a text without markup as HTML, with its line breaks."""
    return _breaks(shorten(text, _MOST))


def link(label: str | Markup, url: str) -> Markup:
    """Return what is shown for a link: its text, which cannot be followed, with its URL as a tooltip."""
    return Markup('<span class="link" title="{}">{}</span>').format(url, label)


def _format(text: str, pattern: re.Pattern[str], link_of: Callable[[re.Match[str]], Markup], depth: int) -> Markup:
    pieces: list[Markup] = []
    end = 0
    for match in pattern.finditer(text):
        pieces.append(_breaks(unescape(text[end : match.start()])))
        end = match.end()
        kind = match.lastgroup or ""
        inner = match.group(kind)
        if kind not in _ELEMENTS:
            shown = link_of(match)
        elif kind in ("pre", "code") or depth == _DEEPEST:
            shown = _ELEMENTS[kind].format(_breaks(unescape(inner.strip("\n"))))
        else:
            shown = _ELEMENTS[kind].format(_format(inner, pattern, link_of, depth + 1))
        pieces.append(shown)
    pieces.append(_breaks(unescape(text[end:])))
    return Markup().join(pieces)


def _breaks(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _slack_link(match: re.Match[str]) -> Markup:
    target, _, label = match.group("link").partition("|")
    target, label = unescape(target), unescape(label)
    if target[:1] in _MENTIONS:
        name = label or target[1:].partition("^")[0]
        return Markup('<span class="mention">{}{}</span>').format(_MENTIONS[target[0]], name.lstrip("@#"))
    return link(label or target, target)


def _markdown_link(match: re.Match[str]) -> Markup:
    if bare := match.group("bare"):
        return link(bare, bare)
    return link(match.group("label"), match.group("url"))
