"""Types: those of the notebook, which `mypy` does not read. All other examples are checked with the package."""

from __future__ import annotations

import subprocess
import sys
from textwrap import indent
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

from . import notebook

if TYPE_CHECKING:
    from pathlib import Path


def test_the_code_of_the_notebook_has_types(tmp_path: Path) -> None:
    cells = [cell.source for cell in notebook.read().cells if cell.cell_type == "code"]
    program = tmp_path / "explore.py"
    # IPython's functions have no types. Notebooks can await, as functions can.
    head = "# mypy: allow-untyped-calls\nasync def main() -> None:\n"
    program.write_text(head + indent("\n".join(cells), "    "), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", str(program)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
