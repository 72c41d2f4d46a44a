"""Programs in a fresh interpreter, which no test runner and no earlier call has affected."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.support.environment import plain_environment

OPTIONAL = ("brotli", "brotlicffi", "h2", "socksio", "trio", "zstandard")
"""Optional imports of the dependencies, which are blocked so that figures are those of a plain installation."""


def interpreter(*statements: str) -> tuple[list[str], dict[str, str]]:
    """Return the command line and the environment of an interpreter that runs some statements."""
    program = ["import sys, gc", "gc.disable()", f"sys.modules.update(dict.fromkeys({OPTIONAL}))", *statements]
    inherited = {
        name: value for name, value in plain_environment().items() if not name.startswith(("COV_", "COVERAGE_"))
    }
    own = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "0", "NO_PROXY": "*"}
    return [sys.executable, "-W", "error", "-c", "\n".join(program)], {**inherited, **own}


def run_apart(*statements: str) -> Any:
    """Run statements, the last of which is an expression; return its value, converted through JSON.

    Raises:
        RuntimeError: they failed.
    """
    *first, last = statements
    command, environment = interpreter(*first, f"value = {last}", "import json", "print(json.dumps(value))")
    run = subprocess.run(command, capture_output=True, check=False, env=environment, text=True, timeout=180)
    if run.returncode:  # memray warns on the error stream where Python is linked statically
        raise RuntimeError(run.stderr)
    return json.loads(run.stdout)
