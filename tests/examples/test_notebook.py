"""The notebook: its cells run, and its stored outputs are those of a run."""

from __future__ import annotations

from typing import Any

from knock_sdk.testing import Simulator

from . import notebook
from .programs import KEY


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
