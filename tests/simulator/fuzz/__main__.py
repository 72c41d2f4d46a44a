"""Fuzzing: schemathesis against the simulator's server, with a fixed seed.

The simulator is empty or, with `--account`, one in which everything is declared (`account.py`); there most requests
name what exists. schemathesis is not a dependency of the project; if it is not installed, nothing is run.
`--schemathesis` gives its path if it is not on PATH.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

from .account import build_account, finish, write_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = "tests/simulator/fuzz"
SEED = 20260105
EXAMPLES = 25
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run schemathesis; return its exit status: 0 if it found no failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.fuzz", description=__doc__)
    parser.add_argument("--schemathesis", default="schemathesis", help="name or path of the program")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help=f"cases per operation ({EXAMPLES})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed of the cases ({SEED})")
    parser.add_argument("--account", action="store_true", help="fuzz an account in which everything is declared")
    chosen, further = parser.parse_known_args(arguments)
    program = shutil.which(chosen.schemathesis)
    if program is None:
        sys.stdout.write("schemathesis is not installed: nothing is fuzzed\n")
        return 0
    with serve_account() if chosen.account else serve() as (url, names):
        command = [
            program,
            "--config-file",
            f"{FOLDER}/schemathesis.toml",
            "run",
            "openapi/knock.yaml",
            "--url",
            url,
            "--checks",
            ",".join(CHECKS),
        ]
        command += ["--header", "Authorization: Bearer sk_test_fuzz", "--seed", str(chosen.seed)]
        command += ["--generation-database", "none", "--max-examples", str(chosen.examples), "--continue-on-failure"]
        # Hooks are a file that schemathesis imports in its own environment.
        settings = {**os.environ, "SCHEMATHESIS_HOOKS": f"{FOLDER}/schemathesis_hooks.py", "PYTHONPATH": "", **names}
        return subprocess.run([*command, *further], cwd=ROOT, env=settings, check=False).returncode


@contextmanager
def serve() -> Iterator[tuple[str, dict[str, str]]]:
    """Run an empty simulator as a server on a free port; yield its address, and no variables for the hooks."""
    command = [sys.executable, "-m", "knock_sdk.testing", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[-1], {}
        finally:
            server.terminate()


@contextmanager
def serve_account() -> Iterator[tuple[str, dict[str, str]]]:
    """Serve an account; yield its address, and variables for the hooks. At the end, all that waits comes to its end."""
    simulator = build_account()
    with tempfile.TemporaryDirectory() as folder, simulator.serve() as url:
        write_names(simulator, names := Path(folder, "names.json"))
        yield url, {"FUZZ_NAMES": str(names)}
    unfinished = finish(simulator)
    assert not unfinished, f"after forty days, runs are {unfinished}"


if __name__ == "__main__":
    sys.exit(main())
