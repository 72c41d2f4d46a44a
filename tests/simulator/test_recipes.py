"""`docs/testing.md`: each recipe runs as it stands, in a folder and a process of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.paths import ROOT
from tests.support.samples import files_of, read, samples_of

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "docs/testing.md"
COMMAND = re.compile(r"```sh\npython (.*?)\n```")
PASSED = {
    "pytest": "1 passed",
    "Applications that make their own client": "2 passed",
    "FastAPI": "2 passed",
    "Flask": "1 passed",
    "Django": "Ran 2 tests",
    "Celery": "2 passed",
    "unittest": "Ran 1 test",
    "Asynchronous tests": "4 passed",
    "Several processes, and one simulator for all tests": "4 passed",
    "Other processes": "1 passed",
}

PLUGINS = {"Asynchronous tests": ["anyio"], "Several processes, and one simulator for all tests": ["xdist"]}
"""Plugins of pytest that a recipe is about; no others are loaded."""


class Recipe(NamedTuple):
    """A section of the page: its files, and the command that runs the tests."""

    title: str
    files: dict[str, str]
    command: list[str]


def read_recipes() -> list[Recipe]:
    sections = [section.partition("\n") for section in read(PAGE).split("\n## ")[1:]]
    commands = {title: shlex.split(" ".join(COMMAND.findall(text))) for title, _, text in sections}
    return [
        Recipe(title, {name: sample.code for name, sample in files.items()}, commands[title])
        for title, files in files_of(PAGE).items()
    ]


RECIPES = read_recipes()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_runs(recipe: Recipe, tmp_path: Path) -> None:
    for name, content in recipe.files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "KNOCK_", "COV_"))}
    module, *arguments = recipe.command[1:]
    plugins = ["knock_sdk.testing.pytest_plugin", *PLUGINS.get(recipe.title, [])] if module == "pytest" else []
    done = subprocess.run(
        [sys.executable, "-m", module, *(f"-p{plugin}" for plugin in plugins), *arguments],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        # Without the machine's settings and plugins. What is not intercepted fails at a proxy that is not there.
        env={
            **kept,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": str(ROOT / "src"),
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert PASSED[recipe.title] in done.stdout + done.stderr


def test_every_section_is_a_recipe() -> None:
    assert [recipe.title for recipe in RECIPES] == list(PASSED)
    assert len(samples_of(PAGE)) == sum(len(recipe.files) for recipe in RECIPES)
