"""Fuzzing: schemathesis against the simulator's server, with a fixed seed.

schemathesis is not a dependency of the project; if it is not installed, nothing is run. `--schemathesis` gives its path
if it is not on PATH.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

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
    chosen, further = parser.parse_known_args(arguments)
    program = shutil.which(chosen.schemathesis)
    if program is None:
        sys.stdout.write("schemathesis is not installed: nothing is fuzzed\n")
        return 0
    with serve() as url:
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
        settings = {**os.environ, "SCHEMATHESIS_HOOKS": f"{FOLDER}/schemathesis_hooks.py", "PYTHONPATH": ""}
        return subprocess.run([*command, *further], cwd=ROOT, env=settings, check=False).returncode


@contextmanager
def serve() -> Iterator[str]:
    """Run the simulator as a server on a free port; yield its address."""
    command = [sys.executable, "-m", "knock_sdk.testing", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[-1]
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
