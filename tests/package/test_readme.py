"""The README: short, with its two commands. `tests/documentation` runs its samples and follows its links."""

from __future__ import annotations

import re

from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_is_short_and_says_what_the_project_is() -> None:
    first = README.partition("```")[0]
    assert "typed Python client for the [Knock](https://knock.app) notification API" in first
    assert "not an official client" in first
    assert len(README.splitlines()) <= 220


def test_the_first_commands_run_the_quickstart_and_the_tests() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert commands[0] == (
        "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/python examples/quickstart.py"
    )
    assert commands[1] == "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest"
