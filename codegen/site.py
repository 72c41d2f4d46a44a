"""The documentation site: built strictly, with every link of its pages checked, and `llms.txt` for language models."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import unquote, urlsplit

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = "site"
"""The folder that the site is built in."""
_CONFIG = "zensical.toml"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_API_PAGE = re.compile(r"^::: ", re.MULTILINE)
"""In pages that are made from docstrings when the site is built."""
_COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)


def build(root: Path) -> list[str]:
    """Build the site in the folder `site`; return a finding for each problem."""
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        return [_COLOURS.sub("", done.stdout + done.stderr).partition("Traceback")[0].strip()]
    findings = list(dead_links(root / SITE))
    if not findings:
        _write_for_models(root)
    return findings


class NavigationPage(NamedTuple):
    """A page of the navigation."""

    section: str
    """Titles of the sections around it, the outermost first; empty for a page in none."""
    title: str
    path: str
    """Path of its Markdown, from `docs`."""


def navigation(root: Path) -> list[NavigationPage]:
    """Return the pages of the site in the order of its navigation."""
    if sys.version_info < (3, 11):
        raise RuntimeError("the site needs Python 3.11 or newer")
    import tomllib

    entries = tomllib.loads((root / _CONFIG).read_text(encoding="utf-8"))["project"]["nav"]
    return list(_pages(cast("list[dict[str, object]]", entries), ""))


def _pages(entries: list[dict[str, object]], section: str) -> Iterator[NavigationPage]:
    for entry in entries:
        for title, target in entry.items():
            if isinstance(target, str):
                yield NavigationPage(section, title, target)
            else:
                inner = f"{section}: {title.lower()}" if section else title
                yield from _pages(cast("list[dict[str, object]]", target), inner)


def dead_links(site: Path) -> Iterator[str]:
    """Yield a finding for each link within a site that leads nowhere, and for what a page would load from elsewhere."""
    pages = {path: _Page(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}
    for path, page in pages.items():
        where = path.relative_to(site).as_posix()
        yield from (f"{where}: loads {url} from elsewhere" for url in page.loaded if urlsplit(url).netloc)
        for link in [*page.links, *page.loaded]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                yield f"{where}: {link} leads to no file"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
                yield f"{where}: {link} leads to no place of that page"


class _Page(HTMLParser):
    """The links of a page, and what they can lead to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        elif tag == "link" and "href" in values:
            self.loaded.add(values["href"])
        elif tag in {"script", "img", "source", "iframe"} and "src" in values:
            self.loaded.add(values["src"])


def _write_for_models(root: Path) -> None:
    """Write `llms.txt`, which lists the pages, `llms-full.txt`, which has their text, and the Markdown of each page."""
    docs, site = root / "docs", root / SITE
    lines = ["# knock-sdk", "", f"> {_description(root)}"]
    texts: list[str] = []
    section = None
    for page in navigation(root):
        text = _COMMENT.sub("", (docs / page.path).read_text(encoding="utf-8"))
        target = page.path
        if _API_PAGE.search(text):
            target = page.path.removesuffix("index.md").removesuffix(".md") + "/"
        else:
            (site / page.path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(docs / page.path, site / page.path)
            texts.append(f"<!-- {page.path} -->\n\n{text.strip()}\n")
        if page.section != section:
            section = page.section
            lines += ["", f"## {section or 'Start'}", ""]
        said = _first_sentence(text)
        lines.append(f"- [{page.title}]({target})" + (f": {said}" if said else ""))
    (site / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (site / "llms-full.txt").write_text("\n".join(texts), encoding="utf-8")


def _description(root: Path) -> str:
    found = re.search(r'^site_description = "(.+)"$', (root / _CONFIG).read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def _first_sentence(text: str) -> str:
    """Return the first sentence below the title of a page, without links."""
    _, _, below = text.strip().partition("\n")
    paragraph = below.strip().partition("\n\n")[0].replace("\n", " ")
    if paragraph.startswith("::: "):
        return ""
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", paragraph)
    return re.split(r"(?<=[.:])\s", plain, maxsplit=1)[0].rstrip(":")
