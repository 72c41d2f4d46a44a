"""`docs/export.md`: its tables are complete."""

from __future__ import annotations

import inspect
import re

from knock_sdk import export
from tests.export.support import LISTS
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")


def test_every_function_has_a_line() -> None:
    rows = re.findall(r"^\| `export\.(\w+)\(.*?\)` \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert rows == [(name, f"{name}_async") for name in LISTS]


def test_every_argument_has_a_line() -> None:
    section = PAGE.split("## Arguments")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    common = set.intersection(*(set(inspect.signature(getattr(export, name)).parameters) for name in LISTS))
    assert set(documented) == common - {"options"}


def test_every_error_has_a_line() -> None:
    own = {name for name in export.__all__ if name.endswith("Error")}
    assert own <= set(re.findall(r"`(\w+Error)`", PAGE))
