"""`docs/distributed.md`: all programs are shown, commands are theirs, the list of methods is complete."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from knock_sdk import Knock
from knock_sdk._core.requests import operations
from tests.support.methods import methods_of, reach
from tests.support.paths import ROOT
from tests.support.samples import samples_of

from .programs import FOLDER

PAGE = (ROOT / "docs" / "distributed.md").read_text(encoding="utf-8")
SAMPLES = samples_of("docs/distributed.md")
COMMANDS = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).splitlines()
PROGRAMS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py"))}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_is_shown(name: str) -> None:
    assert any(sample.marks["passage"] == f"examples/distributed/{name}" for sample in SAMPLES)


def test_the_commands_are_those_of_the_programs() -> None:
    described = [
        line.strip()
        for text in PROGRAMS.values()
        for line in (ast.get_docstring(ast.parse(text)) or "").splitlines()
        if line.startswith("    ")
    ]
    assert len(described) == 4
    assert set(described) <= set(COMMANDS)
    assert all("knock_sdk.testing" in command for command in set(COMMANDS) - set(described))


def test_every_method_that_must_not_be_repeated_is_listed() -> None:
    table = PAGE.split("## What may be repeated")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE)
    client = Knock(api_key="sk_test_1")
    jobs = [name for name in methods_of(client) if name.endswith(("_many", ".trigger_each"))]
    repeats = {}
    for name in jobs:
        (operation,) = set(re.findall(r"\bop\.([A-Z_]+)", inspect.getsource(reach(client, name))))
        repeats[name] = getattr(operations, operation).repeat
    assert set(listed) == {name for name, repeat in repeats.items() if repeat in {"never", "keyed"}}
    assert len(repeats) > 20
