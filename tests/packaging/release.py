"""A release: `python -m tests.packaging.release v1.0.0` checks a tag and prints its part of the changelog."""

from __future__ import annotations

import re
import sys

from knock_sdk import __version__
from tests.support.paths import ROOT

CHANGELOG = ROOT / "CHANGELOG.md"
_SECTION = re.compile(r"^## (?P<version>\S+) \((?P<date>[^)]+)\)\n(?P<notes>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def notes_of(tag: str, changelog: str, version: str = __version__) -> str:
    """Return the newest section of a changelog, or say why the tag does not fit it."""
    if tag != f"v{version}":
        raise SystemExit(f"The tag {tag} is not that of version {version}: it must be v{version}.")
    newest = _SECTION.search(changelog)
    if newest is None or newest["version"] != version:
        raise SystemExit(
            f"CHANGELOG.md: the newest section must be that of {version}, such as `## {version} (2026-01-31)`."
        )
    if _DATE.fullmatch(newest["date"]) is None:
        raise SystemExit(f"CHANGELOG.md: the section of {version} has no date, but ({newest['date']}).")
    return newest["notes"].strip() + "\n"


if __name__ == "__main__":
    print(notes_of(sys.argv[1], CHANGELOG.read_text(encoding="utf-8")), end="")
