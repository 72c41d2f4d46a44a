"""Files that list what a project depends on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .._report import Age, Finding
from .texts import find_named

if TYPE_CHECKING:
    from pathlib import Path

_FILES = (
    "*requirements*.txt",
    "*requirements*.in",
    "constraints*.txt",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "Pipfile",
    "environment*.yml",
    "environment*.yaml",
)
_LINE = re.compile(r"^(?!\s*#).*?(?<![\w./-])knockapi(?![\w/-])(.*)$", re.MULTILINE)
_OLD = re.compile(r"""(?<!>)[=~^]=?\s*["']?0\.|<\s*1\b""")
_NEW = re.compile(r"""[=>~^]=?\s*["']?1\.|>=?\s*1\b""")


def look_for_dependencies(folder: Path) -> tuple[list[Finding], set[Age]]:
    """Return the lines that name `knockapi`, and the versions that they ask for."""
    findings: list[Finding] = []
    ages: set[Age] = set()
    for file in find_named(folder, _FILES):
        text = file.read_text(encoding="utf-8", errors="replace")
        for match in _LINE.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            findings.append(Finding(str(file), line, "dependencies", "replace `knockapi` by `knock-sdk`"))
            if _OLD.search(match[1]):
                ages.add("0.5")
            elif _NEW.search(match[1]):
                ages.add("1.x")
    return findings, ages
