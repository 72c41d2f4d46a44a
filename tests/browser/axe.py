"""axe-core in a page: what it finds wrong for people who use a keyboard, a screen reader or high contrast."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parent
SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Tags of the rules that are checked."""


def skip_reason() -> str | None:
    """Return why axe-core cannot run on this machine; None if it can."""
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    wanted = package["dependencies"]["axe-core"]
    if not SCRIPT.exists():
        return "axe-core is not installed: npm install --no-package-lock --prefix tests/browser"
    found = json.loads(SCRIPT.with_name("package.json").read_text(encoding="utf-8"))["version"]
    return None if found == wanted else f"axe-core is {found}, not {wanted}"


def find_violations(page: Page) -> list[str]:
    """Return a line for each place at which a rule is broken."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))  # a script element would be stopped by the page's policy
    found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)
    return [
        f"{rule['id']}: {node['html'][:160]} ({'; '.join(node['failureSummary'].splitlines()[1:])})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
