"""Programs in a fresh interpreter, which neither a test runner nor an earlier call has touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.support.environment import plain_environment

OPTIONAL = ("brotli", "brotlicffi", "h2", "socksio", "trio", "zstandard")
"""What the dependencies load if it is there; here it never is, so that a figure is that of a plain installation."""


def interpreter(*statements: str) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment of an interpreter that runs some statements."""
    program = ["import sys, gc", "gc.disable()", f"sys.modules.update(dict.fromkeys({OPTIONAL}))", *statements]
    kept = {name: value for name, value in plain_environment().items() if not name.startswith(("COV_", "COVERAGE_"))}
    own = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "0", "NO_PROXY": "*"}
    return [sys.executable, "-W", "error", "-c", "\n".join(program)], {**kept, **own}


def run_apart(*statements: str) -> Any:
    """Run statements, of which the last is an expression, and return its value as it comes through JSON.

    Raises:
        RuntimeError: they failed.
    """
    *first, last = statements
    command, environment = interpreter(*first, f"value = {last}", "import json", "print(json.dumps(value))")
    run = subprocess.run(command, capture_output=True, check=False, env=environment, text=True, timeout=180)
    if run.returncode:  # memray warns on the error stream where Python is linked statically
        raise RuntimeError(run.stderr)
    return json.loads(run.stdout)
