"""`docs/export.md`: its examples run as they stand, and its tables are complete."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import export
from tests.export.support import LISTS
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "export"}
    for example in EXAMPLES:
        if "pyarrow" in example:
            pytest.importorskip("pyarrow")
        exec(compile(example, "export.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "users.jsonl: 1 item, " in printed
    assert "1 users, " in printed
    assert "John Hammond\n" in printed
    assert "timestamp[us, tz=UTC]" in printed
    assert "'properties': '{\"plan\":\"pro\"}'" in printed
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("bounced.csv", "nightly.jsonl", "projects.jsonl", "users.csv", "users.jsonl", "users.parquet"),
    ]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 7


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
