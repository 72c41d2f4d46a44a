"""Executes the notebook; `python -m tests.examples.notebook` stores its outputs anew."""

from __future__ import annotations

import sys
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

from tests.support.environment import plain_environment
from tests.support.paths import ROOT

FOLDER = ROOT / "examples"
PATH = FOLDER / "explore.ipynb"


def read() -> Any:
    """Read the notebook as it is stored."""
    return nbformat.read(PATH, as_version=4)


def execute(**environment: str) -> Any:
    """Return the notebook with the outputs of a run in a kernel of its own, without times and versions."""
    notebook = read()
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", coalesce_streams=True, resources={"metadata": {"path": FOLDER}}
    )
    manager = client.create_kernel_manager()
    with TemporaryDirectory() as folder:
        if sys.platform != "win32":
            manager.transport, manager.ip = "ipc", f"{folder}/kernel"  # it opens no port
        client.execute(env={**plain_environment(), **environment})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


if __name__ == "__main__":
    nbformat.write(execute(), PATH)
