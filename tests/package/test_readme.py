"""The README: its examples run, and its commands and settings are correct."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from knock_sdk import AsyncKnock, Knock
from knock_sdk.testing import Simulator
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_every_example_runs_in_order(capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # some write files
    names: dict[str, Any] = {"__name__": "readme"}
    for block in BLOCKS:
        exec(compile(block, "README.md", "exec"), names)
    sim = Simulator()
    names["test_those_who_want_it_get_an_email"](sim.client(), sim)
    printed = capsys.readouterr().out
    assert "['in_app_feed', 'email']" in printed
    assert "agrant delivered {'comment': 'They do move in herds.'}" in printed  # from the sample in asyncio
    assert "{'plan': 'pro', 'field': 'palaeontology'}" in printed
    assert "ana: bounced (No such mailbox)" in printed
    assert re.search(r"users\.bulk\.identify_many\n +succeeded +2\n +failed +0\n", printed)
    assert "True True" in printed  # the second trigger with the same key is a replay
    assert len(BLOCKS) >= 10


def test_the_settings_table_names_every_argument() -> None:
    table = README.split("## Settings")[1].split("\n## ")[0]
    documented = set(re.findall(r"`([a-z_]+)`", table))
    for client in (Knock, AsyncKnock):
        arguments = set(inspect.signature(client.__init__).parameters) - {"self"}
        assert arguments <= documented


def test_the_first_commands_run_the_quickstart_and_the_tests() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert commands[0] == (
        "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/python examples/quickstart.py"
    )
    assert commands[1] == "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest"
