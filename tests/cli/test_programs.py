"""`knock-sdk simulate` and `knock-sdk workflows generate`: the programs of the package, with the same options."""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer

from knock_sdk import Knock
from knock_sdk.cli._programs import program
from knock_sdk.testing.server import options as simulator_options
from knock_sdk.workflows import _options as generator_options
from tests.workflows.schemas import SMALL, write_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from knock_sdk._core.programs import Options
    from tests.cli.conftest import Run, Terminal

SIMULATOR = [
    *("--port", "0", "--host", "::1", "--allow-remote", "--allow-origin", "https://a.example", "--allow-origin"),
    *("https://b.example", "--allow-host", "knock", "--open", "--state", "s", "--workflows", "w", "--seed", "7"),
    *("--now", "2026-03-01T12:00:00Z", "--real-time", "--signing-key", "k", "--rate-limits"),
    *("--webhook", "http://localhost", "--webhook-secret", "x", "--webhook-events", "message.sent, message.read"),
]


def by_argparse(declare: Callable[[Options], None], arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    declare(parser)
    return parser.parse_args(arguments)


def by_typer(declare: Callable[[Options], None], arguments: list[str]) -> argparse.Namespace:
    seen: list[argparse.Namespace] = []

    def run(options: argparse.Namespace) -> int:
        seen.append(options)
        return 0

    app = typer.Typer()
    app.command()(program(declare, lambda options: None, run))
    app(arguments, standalone_mode=False)
    return seen[0]


@pytest.mark.parametrize(
    ("declare", "arguments"),
    [
        (simulator_options.add_options, []),
        (simulator_options.add_options, SIMULATOR),
        (generator_options.add_options, ["one"]),
        (generator_options.add_options, ["one", "two", "-o", "out.py", "--check"]),
    ],
)
def test_both_ways_read_the_same_options(declare: Callable[[Options], None], arguments: list[str]) -> None:
    assert by_typer(declare, arguments) == by_argparse(declare, arguments)


class TestSimulate:
    def test_it_serves_until_a_signal(self, tmp_path: Path) -> None:
        run = [sys.executable, "-m", "knock_sdk.cli", "simulate", "--port", "0", "--state", str(tmp_path / "state")]
        with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().rpartition(" ")[2].strip()
                with Knock(api_key="sk_test", base_url=url) as client:
                    client.users.update("ada", name="Ada")
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=60)
            finally:
                process.kill()
        assert (process.returncode, err) == (0, "")
        assert (tmp_path / "state").exists()

    @pytest.mark.parametrize(
        ("given", "status", "message"),
        [
            (["--port", "70000"], 2, "'70000' is not a port number from 0 to 65535"),
            (["--now", "noon"], 2, "'noon' is not a time in ISO 8601"),
            (["--seed", "x"], 2, "--seed"),
            (["--host", "0.0.0.0"], 2, "add --allow-remote to permit that"),
            (["--webhook-secret", "x"], 2, "--webhook-secret needs --webhook"),
            (["--port", "0", "--workflows", "nowhere"], 1, "nowhere"),
            (["--port", "0", "--webhook", "x"], 1, "--webhook"),
        ],
    )
    def test_what_cannot_be(self, run: Run, given: list[str], status: int, message: str) -> None:
        result = run("simulate", *given)
        assert (result.status, result.out) == (status, "")
        assert message in " ".join(result.err.replace("│", "").split())


class TestGenerate:
    def test_write_and_check(self, run: Run, tmp_path: Path) -> None:
        root = write_all(tmp_path / "knock", {"report-ready": SMALL})
        arguments = ["workflows", "generate", str(root), "--output", str(tmp_path / "typed.py")]
        assert run(*arguments, "--check").status == 1
        assert run(*arguments) == (0, "", f"{tmp_path / 'typed.py'}: written, with 1 workflow\n")
        assert run(*arguments, "--check") == (0, "", f"{tmp_path / 'typed.py'}: is up to date\n")

    def test_what_cannot_be(self, run: Run, tmp_path: Path) -> None:
        assert run("workflows", "generate").status == 2
        result = run("workflows", "generate", str(tmp_path / "nowhere"))
        assert (result.status, result.out) == (2, "")
        assert result.err.startswith(f"Error: {tmp_path / 'nowhere'}: cannot be read")
        result = run("workflows", "generate", str(tmp_path), "--check")
        assert result.status == 2
        assert "name it with -o FILE" in result.err


@pytest.mark.parametrize("columns", [40, 80])
def test_the_help_fits(terminal: Terminal, columns: int) -> None:
    status, screen = terminal("simulate", "--help", columns=columns, lines=120)
    assert status == 0
    text = re.sub(r"[│\s]+", " ", " ".join(screen))
    assert "--webhook-events" in text
    assert "Example: knock-sdk simulate --open" in text


def test_the_options_are_those_of_the_program(run: Run, capsys: Any) -> None:
    with pytest.raises(SystemExit):
        simulator_options.parse_options(["--help"])
    declared = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    shown = run("simulate", "--help").out
    assert {name for name in declared if name in shown} == declared
