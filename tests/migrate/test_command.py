"""The command `python -m knock_sdk.migrate`: its arguments, what it prints, and its exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.migrate import __main__ as command

if TYPE_CHECKING:
    from pathlib import Path

OLD = 'from knockapi import Knock\n\nclient = Knock("sk_test_1")\nclient.users.get_user("ada")\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_text(OLD + "client.messages.set_status('m', status)\n# é\n", encoding="utf-8")
    return path


def test_the_difference_is_shown_and_nothing_is_changed(file: Path, capfd: Any) -> None:
    before = file.read_bytes()
    assert command.main([str(file)]) == 0
    shown = capfd.readouterr()
    assert shown.out.startswith(f"--- a/{str(file).lstrip('/')}\n")
    assert '+client.users.get("ada")\n' in shown.out
    listed, summary = shown.err.splitlines()
    methods = "archive, mark_as_interacted, mark_as_read, mark_as_seen"
    problem = f"`client.messages.set_status`: takes any status; here each has a method: {methods}"
    assert listed == f"{file}:5: {problem} [docs/from-knockapi.md#ambiguous-arguments]"
    assert summary == "1 file, 1 to change; 3 places to change, 0 right as they are, 1 undecided"
    assert file.read_bytes() == before


def test_check_fails_while_something_would_change(file: Path, capfd: Any) -> None:
    assert command.main([str(file.parent), "--check"]) == 1
    assert command.main([str(file.parent), "--write"]) == 0
    assert capfd.readouterr().err.splitlines()[-1] == (
        "1 file, 1 written; 3 places changed, 0 right as they are, 1 undecided"
    )
    assert 'client.users.get("ada")' in file.read_text(encoding="utf-8")
    assert command.main([str(file.parent), "--check"]) == 0  # what is undecided would not change
    shown = capfd.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines()[-1] == "1 file, 0 to change; 0 places to change, 2 right as they are, 1 undecided"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "the following arguments are required: PATH"),
        (["nowhere.py"], "nowhere.py: does not exist"),
        (["--check", "--write", "."], "not allowed with argument"),
        (["--nonsense", "."], "unrecognized arguments: --nonsense"),
    ],
)
def test_wrong_usage_has_a_status_of_its_own(arguments: list[str], problem: str, capfd: Any) -> None:
    try:
        status: object = command.main(arguments)
    except SystemExit as error:
        status = error.code
    assert status == 2
    assert problem in capfd.readouterr().err


def test_a_terminal_of_any_encoding_shows_it(file: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "knock_sdk.migrate", str(file)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        timeout=60,
    )
    assert b" # ?\n" in run.stdout


def test_without_libcst_the_extra_is_named(file: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setattr("knock_sdk.migrate.find_spec", lambda _: None)
    assert command.main([str(file)]) == 2
    assert capfd.readouterr().err.endswith(": the migration needs libcst: pip install 'knock-sdk[migrate]'\n")
