"""Links: those of every page lead to files of the repository and to headings, those of docs/ to pages of the site."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import pytest

from codegen.site import navigation
from tests.support.paths import ROOT
from tests.support.samples import pages, read

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
PAGES = [page for page in pages() if page.endswith(".md")]
LINK = re.compile(r"\[(?:[^]\[`]|`[^`]*`)*\]\((?P<target>[^)\s]+)\)")
NAMED = re.compile(r"\bdocs/[\w/-]+\.\w+|\b[A-Z]{4,}\.md\b")
"""A page that prose, a docstring or a message names."""


def without_code(page: str) -> str:
    """Return the text of a page without its fenced blocks."""
    return re.sub(r"^( *)(`{3,}).*?^\1\2$", "", read(page), flags=re.DOTALL | re.MULTILINE)


@cache
def anchors(page: str) -> set[str]:
    """Return the names of the headings of a page that GitHub and the site agree on."""
    found: set[str] = set()
    for title in re.findall(r"^#+ (.+)$", without_code(page), re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)|`", r"\1", title).strip().lower()
        on_github = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
        on_site = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_only).strip())
        found |= {on_github} & {on_site}
    return found


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings(page: str) -> None:
    dead = []
    for link in LINK.finditer(without_code(page)):
        path, _, anchor = link["target"].partition("#")
        if ":" in path:  # on the web, which the tests do not reach
            assert path.startswith("https://"), link["target"]
            continue
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (ROOT / page).is_relative_to(DOCS) > target.resolve().is_relative_to(DOCS):
            dead.append(link["target"])
        elif anchor and target.suffix == ".md":
            known = anchors(target.resolve().relative_to(ROOT).as_posix())
            dead += [] if anchor in known or is_made_by_the_site(target, anchor) else [link["target"]]
    assert dead == []


def is_made_by_the_site(target: Path, anchor: str) -> bool:
    """Return whether an anchor is of a page made from docstrings; the build of the site checks these."""
    return f"::: {anchor}\n" in target.read_text(encoding="utf-8")


def test_pages_that_are_named_exist() -> None:
    files = [*(ROOT / page for page in PAGES), *(ROOT / "src").rglob("*.py"), *(ROOT / "codegen").rglob("*.py")]
    named = {name for file in files for name in NAMED.findall(file.read_text(encoding="utf-8"))}
    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert len(named) > 5


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the site is built on Python 3.11 and newer")
def test_every_page_of_docs_is_in_the_navigation_once() -> None:
    listed = [page.path for page in navigation(ROOT)]
    assert sorted(listed) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
