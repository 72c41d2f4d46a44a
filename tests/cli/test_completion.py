"""Completion in real shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROMPT = "ready$ "
TYPED = {
    "knock-sdk us": "knock-sdk users ",
    "knock-sdk bulk import users --jour": "knock-sdk bulk import users --journal ",
    "knock-sdk bulk import us": "knock-sdk bulk import users ",
    "knock-sdk simulate --webhook-e": "knock-sdk simulate --webhook-events ",
    "knock-sdk bulk import users peop": "knock-sdk bulk import users people.csv ",
}
"""What is typed before a tab, and what it becomes."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home directory, with the command in `bin` and a file to complete."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "knock-sdk"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m knock_sdk.cli "$@"\n')
    program.chmod(0o755)
    (tmp_path / "people.csv").touch()
    (tmp_path / ".bashrc").write_text(f"PS1='{PROMPT}'\nbind 'set enable-bracketed-paste off'\n")
    return tmp_path


Spawn = "Callable[..., Any]"


@pytest.fixture
def spawn(home: Path) -> Spawn:
    """Return a function that starts a shell."""
    pexpect = pytest.importorskip("pexpect", reason="there are no terminals of this kind")

    def start(*command: str) -> Any:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        shell = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=home,
            dimensions=(40, 120),
            encoding="utf-8",
            env=environment(home),
            timeout=60,
        )
        shell.expect_exact(PROMPT)
        return shell

    return start


def environment(home: Path) -> dict[str, str]:
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "HOME": str(home), "PATH": path, "TERM": "dumb", "PS1": PROMPT}


def test_bash(spawn: Callable[..., Any], home: Path) -> None:
    bash = ["bash", "--noprofile", "--rcfile", str(home / ".bashrc"), "-i"]
    first = spawn(*bash)
    first.sendline("knock-sdk --install-completion")
    first.expect_exact("bash completion installed in ")
    first.expect_exact(PROMPT)
    first.close()
    assert (home / ".bash_completions" / "knock-sdk.sh").exists()
    shell = spawn(*bash)
    for typed, completed in TYPED.items():
        shell.send(f"{typed}\t")
        shell.expect_exact(completed)
        shell.sendcontrol("u")
        shell.sendline("")
        shell.expect_exact(PROMPT)
    shell.close()


def test_zsh(spawn: Callable[..., Any]) -> None:
    shell = spawn("zsh", "-f", "-i")
    shell.sendline("autoload -Uz compinit; compinit -u; source <(knock-sdk --show-completion)")
    shell.expect_exact(PROMPT)
    for typed in ("knock-sdk us", "knock-sdk bulk import users --jour"):
        shell.send(f"{typed}\t")
        shell.expect_exact(TYPED[typed].strip().removeprefix(typed))
        shell.sendcontrol("u")
        shell.sendline("")
        shell.expect_exact(PROMPT)
    shell.close()


def test_fish(home: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    program = "knock-sdk --show-completion | source; for typed in $argv; complete --do-complete $typed; end"
    typed = ["knock-sdk us", "knock-sdk bulk import users --jour"]
    shown = subprocess.run(
        ["fish", "--no-config", "-c", program, *typed],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=environment(home),
    )
    found = [line.split("\t")[0] for line in shown.stdout.splitlines()]
    assert found == ["users", "--journal"]
