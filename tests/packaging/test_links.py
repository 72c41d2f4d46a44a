"""The repository, the site and the address of the maintainers are named the same everywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.packaging.project import PROJECT
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES: dict[str, tuple[str, str]] = {
    "repository": (r"https://github\.com/[\w.-]+/knock-sdk\b", PROJECT["urls"]["Repository"]),
    "files": (
        r"https://raw\.githubusercontent\.com/[\w.-]+/knock-sdk\b",
        PROJECT["urls"]["Repository"].replace("github.com", "raw.githubusercontent.com"),
    ),
    "site": (r"https://[\w.-]+\.github\.io/knock-sdk/", PROJECT["urls"]["Documentation"]),
    "address": (r"\bmaintainers@[\w.-]+\w", PROJECT["authors"][0]["email"]),
    "attestations": (
        r"--repo\s+([\w.-]+/knock-sdk)\b",
        PROJECT["urls"]["Repository"].removeprefix("https://github.com/"),
    ),
}
FOLDERS = [".ci", ".github", "docs", "examples", "src"]


def texts() -> Iterator[tuple[Path, str]]:
    files = [path for name in FOLDERS for path in (ROOT / name).rglob("*")] + list(ROOT.iterdir())
    for path in files:
        if path.is_file() and path.suffix in (".md", ".yml", ".yaml", ".toml", ".py", ".html", ".js"):
            yield path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("what", NAMES)
def test_a_name_is_the_same_everywhere(what: str) -> None:
    pattern, right = NAMES[what]
    found = [(path, name) for path, text in texts() for name in re.findall(pattern, text)]
    assert found
    assert [(path, name) for path, name in found if name != right] == []


def test_the_links_of_the_project_begin_with_the_repository() -> None:
    repository = PROJECT["urls"]["Repository"]
    for label in ("Changelog", "Issues", "Security"):
        assert PROJECT["urls"][label].startswith(f"{repository}/")
    for label in ("Changelog", "Security"):
        assert (ROOT / PROJECT["urls"][label].removeprefix(f"{repository}/blob/main/")).is_file()
