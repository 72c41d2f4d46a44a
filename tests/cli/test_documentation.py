"""`docs/command-line.md`: its commands run against a simulator, and print what the page says."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.cli import _app
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator

PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
MARK = "__done__"


def transcripts() -> list[tuple[str, str]]:
    """Return the commands of the page, with what it says that they print; `…` stands for anything."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            found.append((command, printed))
    return found


def pattern_of(text: str) -> str:
    """Return the expression for what is printed: `…` is the rest of a line, or alone any number of indented lines."""
    lines = re.sub(r"\n +…(?=\n|$)", "\0", text)
    return r"(?:\n +[^\n]*)*".join(
        r"[^\n]*".join(re.escape(part) for part in line.split("…")) for line in lines.split("\0")
    )


def run_all(commands: list[str], folder: Path) -> list[str]:
    """Run commands in one shell, in a terminal without colours; return what each has printed."""
    pexpect: Any = pytest.importorskip("pexpect", reason="there are no terminals of this kind")
    (folder / "bin").mkdir()
    program = folder / "bin" / "knock-sdk"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m knock_sdk.cli "$@"\n')
    program.chmod(0o755)
    (folder / "work").mkdir()
    script = folder / "script"
    script.write_text("".join(f"{command}\necho {MARK}\n" for command in commands), encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "TERM": "dumb",
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "TZ": "UTC",
    }
    shell = pexpect.spawn(
        "bash",
        [str(script)],
        cwd=folder / "work",
        env=environment,
        dimensions=(100, 80),
        timeout=120,
        encoding="utf-8",
    )
    printed = shell.read().replace("\r\n", "\n")
    shell.close()
    return [_without_bars(part) for part in printed.split(f"{MARK}\n")[:-1]]


def _without_bars(text: str) -> str:
    """Return what was printed without bars of progress, which are drawn meanwhile."""
    lines = [line.rstrip() for line in text.splitlines()]
    last = max((index for index, line in enumerate(lines) if re.search("[━⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", line)), default=None)
    # An empty line follows a bar, which may have more than one line.
    return "\n".join(lines if last is None else lines[lines.index("", last) + 1 :])


@pytest.mark.skipif(shutil.which("openssl") is None or shutil.which("jq") is None, reason="it uses openssl and jq")
def test_each_command_prints_what_the_page_says(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim.workflow("comment-created", channels=["in_app_feed"])
    for name in list(os.environ):
        if name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    written = transcripts()
    printed = run_all([command for command, _ in written], tmp_path)
    assert len(printed) == len(written)
    for (command, expected), shown in zip(written, printed, strict=True):
        assert re.fullmatch(pattern_of(expected.rstrip("\n")), shown), f"$ {command}\n{shown}"


def test_each_command_has_a_line() -> None:
    table = PAGE.split("| command | |")[1].split("\n\n")[0]
    assert {name for name in _app.COMMANDS if f"`{name}" not in table} == set()


def test_each_exit_status_has_a_line() -> None:
    assert set(re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)) == {"0", "1", "2", "130"}
