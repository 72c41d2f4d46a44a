"""The notebook: its cells run, its stored outputs are those of a run, and its code has types."""

from __future__ import annotations

import subprocess
import sys
from textwrap import indent
from typing import TYPE_CHECKING, Any

from knock_sdk.testing import Simulator
from tests.support.paths import ROOT

from . import notebook
from .programs import KEY

if TYPE_CHECKING:
    from pathlib import Path


def outputs(document: Any) -> list[list[Any]]:
    """Return the outputs of each cell: text, and whether there is a picture of HTML."""
    return [
        [(each.get("text") or each["data"]["text/plain"], "text/html" in each.get("data", {})) for each in cell.outputs]
        for cell in document.cells
        if cell.cell_type == "code"
    ]


def test_the_stored_outputs_are_those_of_a_run() -> None:
    """If they should have changed, `python -m tests.examples.notebook` stores them anew."""
    assert outputs(notebook.execute()) == outputs(notebook.read())
    assert [bool(each) for each in outputs(notebook.read())].count(False) == 1  # the cell that triggers
    emails = [
        output["data"]["text/html"]
        for cell in notebook.read().cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert len(emails) == 1
    assert "Life finds a way." in emails[0]


def test_with_a_key_it_uses_the_environment() -> None:
    sim = Simulator()
    with sim.serve() as url:
        notebook.execute(KNOCK_API_KEY=KEY, KNOCK_BASE_URL=url)
    sim.assert_sent(to="ellie", workflow="comment-created", count=1)


def test_its_code_has_types(tmp_path: Path) -> None:
    cells = [cell.source for cell in notebook.read().cells if cell.cell_type == "code"]
    program = tmp_path / "explore.py"
    # Notebooks can await, as functions can.
    program.write_text("async def main() -> None:\n" + indent("\n".join(cells), "    "), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--allow-untyped-calls", str(program)],  # IPython's have none
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
