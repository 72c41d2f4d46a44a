"""The site: it is built strictly, all of its links lead somewhere, and its pages load nothing from elsewhere."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from codegen.site import SITE, build, dead_links, navigation
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="the site is built on Python 3.11 and newer")


def test_the_site_is_built_strictly(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    (tmp_path / "src").symlink_to(ROOT / "src")
    assert build(tmp_path) == []  # no dead link, and nothing that is loaded from elsewhere
    built, listed = tmp_path / SITE, (tmp_path / SITE / "llms.txt").read_text(encoding="utf-8")
    for page in navigation(tmp_path):
        folder = page.path.removesuffix("index.md").removesuffix(".md")
        assert (built / folder / "index.html").is_file()
        assert f"- [{page.title}](" in listed
    assert 'id="knock_sdk.types.User"' in (built / "reference/types/users/index.html").read_text(encoding="utf-8")
    assert "Spared no expense." in (built / "llms-full.txt").read_text(encoding="utf-8")


def test_dead_links_fail_the_build(tmp_path: Path) -> None:
    settings = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    nav = 'nav = [{ "Home" = "index.md" }]\n'
    (tmp_path / "zensical.toml").write_text(re.sub(r"nav = \[\n.*?\n\]\n", nav, settings, flags=re.DOTALL))
    (tmp_path / "docs").mkdir()
    text = "# Home\n\n## Here\n\n[fine](#here) [no place](#nowhere) [no page](gone.md)\n"
    (tmp_path / "docs" / "index.md").write_text(text, encoding="utf-8")
    (finding,) = build(tmp_path)
    assert "2 issues found" in finding
    assert "anchor does not exist" in finding
    assert "page does not exist" in finding


def test_dead_links_of_pages_are_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<a href="other/#here">1</a> <a href="other/#gone">2</a> <a href="gone.html">3</a> <a href="#up">4</a>'
        '<script src="https://cdn.example/x.js"></script> <a href="https://knock.app">5</a> <img src="no.png">',
        encoding="utf-8",
    )
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "index.html").write_text('<h2 id="here">Here</h2> <a href="..">up</a>', encoding="utf-8")
    assert sorted(dead_links(tmp_path)) == [
        "index.html: #up leads to no place of that page",
        "index.html: gone.html leads to no file",
        "index.html: loads https://cdn.example/x.js from elsewhere",
        "index.html: no.png leads to no file",
        "index.html: other/#gone leads to no place of that page",
    ]
