"""A release: its tag, its version and its part of the changelog fit together."""

from __future__ import annotations

import pytest

from knock_sdk import __version__
from tests.packaging.release import CHANGELOG, notes_of

TEXT = """# Changelog

## 1.1.0 (2026-01-31)

- New.

## 1.0.0 (2025-12-01)

- Old.
"""


def test_the_notes_are_the_newest_section() -> None:
    assert notes_of("v1.1.0", TEXT, "1.1.0") == "- New.\n"


@pytest.mark.parametrize(
    ("tag", "version", "text", "message"),
    [
        ("v1.1.1", "1.1.0", TEXT, r"The tag v1\.1\.1 is not that of version 1\.1\.0: it must be v1\.1\.0\."),
        ("1.1.0", "1.1.0", TEXT, r"The tag 1\.1\.0 is not that of version 1\.1\.0"),
        ("v1.0.0", "1.0.0", TEXT, r"the newest section must be that of 1\.0\.0"),
        ("v1.1.0", "1.1.0", "# Changelog\n", r"the newest section must be that of 1\.1\.0"),
        ("v1.1.0", "1.1.0", TEXT.replace("2026-01-31", "unreleased"), r"has no date, but \(unreleased\)"),
    ],
)
def test_what_does_not_fit_is_named(tag: str, version: str, text: str, message: str) -> None:
    with pytest.raises(SystemExit, match=message):
        notes_of(tag, text, version)


def test_the_changelog_has_the_present_version() -> None:
    dated = CHANGELOG.read_text(encoding="utf-8").replace("(unreleased)", "(2026-01-31)", 1)
    assert notes_of(f"v{__version__}", dated).strip()
