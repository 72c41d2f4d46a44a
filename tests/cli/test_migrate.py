"""`knock-sdk migrate`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("libcst")

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Terminal

SOURCE = """\
import os

from knockapi import Knock

client = Knock(api_key=os.environ["KNOCK_API_KEY"])
client.workflows.trigger("welcome", recipients=["ada"])


def call(name, arguments):
    getattr(client, name)(**arguments)
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that uses the vendor's client, in the working directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "app.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_nothing_is_changed_without_write(run: Run, app: Path) -> None:
    result = run("migrate", "app.py")
    assert result.status == 0
    assert "-from knockapi import Knock\n+from knock_sdk import Knock\n" in result.out
    assert "\x1b" not in result.out
    assert result.err.splitlines()[0].startswith("app.py:10: ")
    assert "[docs/from-knockapi.md#dynamic-names]" in result.err
    assert result.err.splitlines()[-1].startswith("1 file, 1 to change; ")
    assert app.read_text("utf-8") == SOURCE


def test_the_difference_can_be_applied(run_apart: Run, app: Path) -> None:
    difference = run_apart("migrate", "app.py").out
    subprocess.run(["git", "apply", "-"], input=difference, text=True, check=True, cwd=app.parent)
    assert "from knock_sdk import Knock" in app.read_text("utf-8")


def test_check_and_write(run: Run, app: Path) -> None:
    assert run("migrate", "app.py", "--check").status == 1
    assert app.read_text("utf-8") == SOURCE
    assert run("migrate", "app.py", "--write").status == 0
    assert "from knock_sdk import Knock" in app.read_text("utf-8")
    result = run("migrate", "app.py", "--check")
    assert (result.status, result.out) == (0, "")


def test_as_json(run: Run, app: Path) -> None:
    found = json.loads(run("migrate", str(app.parent), "--json").out)
    assert (found["looked_at"], found["counts"]["imports"]["changed"]) == (1, 1)
    (file,) = found["files"]
    assert (Path(file["path"]).name, file["changed"], file["written"]) == ("app.py", True, False)
    assert {each["place"] for each in found["findings"]} == {"docs/from-knockapi.md#dynamic-names"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "PATH"),
        (["nowhere.py"], "nowhere.py"),
        (["README.md"], "README.md"),
        (["app.py", "--write", "--check"], "choose one"),
    ],
)
def test_misused(run: Run, app: Path, given: list[str], message: str) -> None:
    (app.parent / "README.md").write_text("text")
    result = run("migrate", *given)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


@pytest.mark.parametrize("columns", [40, 80])
def test_in_a_terminal(terminal: Terminal, app: Path, columns: int) -> None:
    status, screen = terminal("migrate", "app.py", columns=columns, lines=60)
    assert status == 0
    assert "+from knock_sdk import Knock" in screen
    assert "docs/from-knockapi.md#dynamic-names" in "".join(screen)
