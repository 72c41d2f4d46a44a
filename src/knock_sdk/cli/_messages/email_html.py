"""The HTML of emails and in-app messages as Markdown, which a terminal can show. Nothing is loaded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from bs4.element import Tag
from markdownify import ATX, MarkdownConverter

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNSEEN = ("head", "script", "style", "template", "title", "noscript", "object", "svg")
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all", re.IGNORECASE)
_PARTS = ("caption", "colgroup", "tbody", "thead", "tfoot", "tr", "td", "th")
_SHORT = 60
"""Characters of a cell that stands beside others in a line."""


def to_markdown(html: str) -> tuple[str, list[str]]:
    """Return the text with its headings, lists and tables, and the URLs of its links, by their numbers in the text.

    Raises:
        RecursionError: The elements are nested more deeply than any email's.
    """
    soup = BeautifulSoup(html, "html.parser")
    for unseen in soup.find_all(_UNSEEN):
        unseen.decompose()
    for hidden in [each for each in _tags(soup) if _is_hidden(each)]:
        hidden.decompose()
    for image in soup.find_all("img"):
        alt = " ".join(_attribute(image, "alt").split())
        image.replace_with(f"[{alt}]" if alt else "")
    urls = _number_links(soup)
    for table in reversed(soup.find_all("table")):  # inner ones first
        if not _is_data(table):
            _flatten(table)
    converter = MarkdownConverter(heading_style=ATX, bullets="-", escape_misc=True)
    return re.sub(r"\n{3,}", "\n\n", converter.convert_soup(soup)).strip(), urls


def _tags(soup: BeautifulSoup) -> Iterable[Tag]:
    return [each for each in soup.descendants if isinstance(each, Tag)]


def _is_hidden(tag: Tag) -> bool:
    if tag.attrs is None:  # pyright: ignore[reportUnnecessaryComparison] - of an element that was removed with another
        return False
    return tag.has_attr("hidden") or _HIDDEN.search(re.sub(r"\s", "", _attribute(tag, "style"))) is not None


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else ""


def _number_links(soup: BeautifulSoup) -> list[str]:
    """Put a number behind the text of each link; return the URLs in the order of their numbers."""
    numbers: dict[str, int] = {}
    for link in soup.find_all("a"):
        url = "".join(_attribute(link, "href").split())
        shown = link.get_text(" ", strip=True)
        if url.lower().startswith(("http:", "https:", "mailto:", "tel:")) and url.partition(":")[2] != shown:
            number = numbers.setdefault(url, len(numbers) + 1)
            link.append(f" [{number}]" if shown else f"[{number}]")
        link.name = "span"
    return list(numbers)


def _is_data(table: Tag) -> bool:
    """Return whether a table has headings, so that it is no layout."""
    return _attribute(table, "role") != "presentation" and not table.find("table") and table.find("th") is not None


def _flatten(table: Tag) -> None:
    """Make blocks of a table that is layout: cells of a row stay in a line if they are short."""
    for row in table.find_all("tr"):
        if row.find_parent("table") is not table:
            continue
        cells = [each for each in row.find_all(["td", "th"], recursive=False) if each.get_text(strip=True)]
        if len(cells) > 1 and all(_is_short(each) for each in cells):
            for cell in cells:
                cell.name = "span"
                cell.append("  ")
    for part in table.find_all(_PARTS):
        if part.find_parent("table") is table:
            part.name = "div"
    table.name = "div"


def _is_short(cell: Tag) -> bool:
    blocks = cell.find(["div", "p", "br", "ul", "ol", "h1", "h2", "h3", "h4", "pre"])
    return blocks is None and len(cell.get_text(" ", strip=True)) <= _SHORT
