"""Links in a message, which its receiver could follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from typing_extensions import override

from ....._core.type_guards import is_array, is_object
from ....expressions.emails.html_reader import HTMLReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....state.json_objects import JSON
    from ....state.records import Message

_MOST = 100
_MOST_CHARACTERS = 200_000
_MOST_URL = 2_000
_IN_TEXT = re.compile(r"https?://[^\s<>\"'|)\]]{1,2000}")
_SAFE = re.compile(r"(?:https?://|mailto:|tel:|sms:|/(?!/)|#|\?)", re.IGNORECASE)
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.\-\s]{0,30}:", re.IGNORECASE)
_DEEPEST = 30
_NOT_TEXT = ("connection", "icon_url", "image", "image_url", "thumb_url", "thumbnail", "token")
_URL_FIELDS = ("url", "title_link", "action")


class Link(NamedTuple):
    """A link."""

    label: str
    """Its text; empty if that is the URL."""
    url: str

    @property
    def is_safe(self) -> bool:
        """Whether it leads to a page or an address, and not to a script or the like."""
        return bool(_SAFE.match(self.url.strip())) or not _SCHEME.match(self.url)


def links_in(message: Message) -> list[Link]:
    """Return the links in a message, each once, in their order."""
    contents = message.contents or {}
    found: Iterator[Link]
    if message.channel.type == "email":
        found = iter(
            html_links(str(contents.get("html_body") or "")) or _text_links(str(contents.get("text_body") or ""))
        )
    else:
        found = _links_in(contents, 0)
    kept: dict[str, Link] = {}
    for link in found:
        url = link.url.strip()
        if url and len(url) <= _MOST_URL:
            kept.setdefault(url, link._replace(url=url, label=" ".join(link.label.split())))
        if len(kept) == _MOST:
            break
    return list(kept.values())


def html_links(html: str) -> list[Link]:
    """Return the links in HTML."""
    reader = _Reader()
    reader.feed(html[:_MOST_CHARACTERS])
    reader.close()
    return reader.links


def count_remote(html: str) -> int:
    """Return the number of images in HTML that would have to be fetched."""
    reader = _Reader()
    reader.feed(html[:_MOST_CHARACTERS])
    reader.close()
    return reader.remote


class _Reader(HTMLReader):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.remote = 0
        self._open: str | None = None
        self._text = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("a", "area") and values.get("href"):
            self._close()
            self._open, self._text = values["href"], ""
        elif tag == "img":
            if not str(values.get("src") or "data:").startswith("data:"):
                self.remote += 1
            if self._open is not None:
                self._text += str(values.get("alt") or "")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close()

    @override
    def handle_data(self, data: str) -> None:
        if self._open is not None and len(self._text) < _MOST_URL:
            self._text += data

    @override
    def close(self) -> None:
        super().close()
        self._close()

    def _close(self) -> None:
        if self._open is not None:
            self.links.append(Link(self._text[:200], self._open))
            self._open = None


def _links_in(value: Any, depth: int) -> Iterator[Link]:
    """Iterate over the URLs in contents: fields that hold one, HTML of feed items, and what texts have."""
    if isinstance(value, str):
        yield from _text_links(value)
    elif depth < _DEEPEST and is_array(value):
        for each in value:
            yield from _links_in(each, depth + 1)
    elif depth < _DEEPEST and is_object(value):
        if isinstance(value.get("rendered"), str):
            yield from _block_links(value)
            return
        if str(value.get("type")).lower() == "image":
            return
        for name, inner in value.items():
            if name in _URL_FIELDS and isinstance(inner, str):
                yield Link(_label_of(value), inner)
            elif name not in _NOT_TEXT:
                yield from _links_in(inner, depth + 1)


def _block_links(block: JSON) -> Iterator[Link]:
    """Iterate over the links of a feed item's block, whose text is HTML."""
    if block.get("name") == "action_url":
        yield Link("The item itself", block["rendered"])
    yield from html_links(block["rendered"])


def _text_links(text: str) -> list[Link]:
    return [Link("", match.group().rstrip(".,;:!?")) for match in _IN_TEXT.finditer(text[:_MOST_CHARACTERS])]


def _label_of(element: JSON) -> str:
    """Return the text of a button or link with a URL."""
    for name in ("label", "text", "title"):
        value: Any = element.get(name)
        if is_object(value):
            value = value.get("text")
        if isinstance(value, str):
            return value[:200]
    return ""
