"""The commands of the package and of the project."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT


@pytest.mark.parametrize(
    "command",
    [
        "knock_sdk.bulk",
        "knock_sdk.migrate",
        "knock_sdk.testing",
        "knock_sdk.workflows",
        "codegen",
        "tests.benchmarks",
        "tests.costs",
        "tests.engines",
        "tests.faults",
    ],
)
def test_the_help_of_a_command_is_printed_in_ascii(command: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", command, "--help"],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        timeout=120,
    )
    assert finished.stdout.startswith(b"usage: ")
