"""What holds for each command: help, an example that parses, JSON, and no key in what is printed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer

from knock_sdk.cli import _app, main
from knock_sdk.cli._groups import load
from tests.support.signing_keys import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Run, Terminal

KEY = "sk_test_canary_2718281828"
ROOT: Any = typer.main.get_command(_app.app)


def leaves(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the commands below one, with their names."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
    else:
        for name, each in below.items():
            yield from leaves(each, (*path, name))


LEAVES = {
    path: command for name, deferred in _app.COMMANDS.items() for path, command in leaves(load(name, deferred), (name,))
}
each_command = pytest.mark.parametrize("path", LEAVES, ids=" ".join)


def example_of(path: tuple[str, ...]) -> list[str]:
    """Return the words of the example of a command, without the name of the program, and without its pipe."""
    text = LEAVES[path].epilog.removeprefix("Example: ")
    text = re.sub(r'"?\$\((.*?)\)"?', r"; \1 ;", text)  # a command within another one
    words = shlex.split(text.replace(";", " ; "))
    parts: list[list[str]] = [[]]
    for word in words:
        if word in {"|", ";", ">", "&&"}:
            parts.append([])
        else:
            parts[-1].append(word)
    calls = [part[part.index("knock-sdk") + 1 :] for part in parts if "knock-sdk" in part]
    return next(call for call in calls if path[-1] in call)


@each_command
def test_it_has_help_and_an_example(path: tuple[str, ...]) -> None:
    command = LEAVES[path]
    assert command.help
    assert command.epilog
    assert command.epilog.startswith("Example: ")
    for parameter in command.params:
        assert getattr(parameter, "help", None), parameter.name


@each_command
def test_its_example_parses(path: tuple[str, ...], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = example_of(path)
    with ROOT.make_context("knock-sdk", list(words)) as context:
        rest = [*context._protected_args, *context.args]
        assert tuple(rest[1 : len(path)]) == path[1:]  # users and objects share some groups
        command = LEAVES[path]
        assert command.make_context(path[-1], rest[len(path) :], parent=context).params.keys()


@each_command
def test_it_shows_its_help_in_a_pipe(run: Run, path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert (result.status, result.err) == (0, "")
    assert "Example: " in result.out
    assert "\x1b" not in result.out


@each_command
def test_an_unknown_option_is_misuse(run: Run, path: tuple[str, ...]) -> None:
    result = run(*path, "--no-such-option")
    assert (result.status, result.out) == (2, "")
    assert "--no-such-option" in result.err


RUNS: dict[tuple[str, ...], list[str]] = {
    ("bulk", "import"): ["users", "users.csv"],
    ("bulk", "trigger"): ["digest", "users.csv"],
    ("bulk", "export"): ["users", "exported.jsonl"],
    ("doctor",): [],
    ("token",): ["ada"],
    ("webhook", "sign"): ["body"],
    ("webhook", "verify"): ["body", "--signature", "t=1,s=x"],
    ("users", "get"): ["ada"],
    ("users", "list"): [],
    ("tenants", "list"): [],
    ("messages", "list"): [],
}
"""Arguments with which commands print JSON."""


@pytest.mark.parametrize("path", RUNS, ids=" ".join)
def test_its_json_is_json_and_it_never_shows_a_key(
    run: Run, client: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...]
) -> None:
    client.users.update("ada", name="Ada")
    client.tenants.set("acme")
    client.workflows.trigger("digest", recipients=["ada"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KNOCK_API_KEY", KEY)
    monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", "whsec_canary")
    monkeypatch.setenv("KNOCK_SIGNING_KEY", PRIVATE)
    (tmp_path / "users.csv").write_text("id,name\nada,Ada\n")
    (tmp_path / "body").write_text("{}")
    for as_json in (True, False):
        result = run(*path, *RUNS[path], *(["--json"] if as_json else []))
        printed = result.out + result.err
        assert KEY not in printed
        assert "canary" not in printed
        assert "PRIVATE KEY" not in printed
        if as_json:
            assert [json.loads(line) for line in result.out.splitlines()]
        (tmp_path / "exported.jsonl").unlink(missing_ok=True)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for name in [name for name in sys.modules if name.startswith(("knock_sdk.cli.", "typer", "rich"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "typer", None)
    assert main() == 1
    assert "pip install 'knock-sdk[cli]'" in capsys.readouterr().err


def test_the_programs_work_without_the_extra() -> None:
    hide = (
        "import sys; sys.modules.update(typer=None, rich=None); from knock_sdk.{0}.__main__ import main; main(['-h'])"
    )
    for name in ("bulk", "testing", "workflows"):
        shown = subprocess.run(
            [sys.executable, "-c", hide.format(name)], capture_output=True, text=True, timeout=60, check=False
        )
        assert (shown.returncode, shown.stderr) == (0, "")


def test_a_pipe_that_is_closed_early(sim: Any, client: Any) -> None:
    for number in range(300):
        client.users.update(f"u{number}", name="x" * 1000)
    program = f"{sys.executable} -m knock_sdk.cli users list --all --json | head -n 1; echo ${{PIPESTATUS[0]}}"
    shown = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert shown.stderr == ""
    assert shown.stdout.splitlines()[-1] == "0"


def test_a_pipe_that_knows_few_characters(run_apart: Run, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client.users.update("ada", name="Ada 東京 ✓")
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    monkeypatch.setenv("PYTHONUTF8", "0")
    result = run_apart("users", "get", "ada")
    assert (result.status, result.err) == (0, "")
    assert "Ada ?? ?" in result.out


def test_no_colours_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch, terminal: Terminal) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    status, screen = terminal("--help", columns=40, lines=100)
    assert status == 0
    assert any("simulate" in line for line in screen)
