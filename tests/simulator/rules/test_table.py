"""The table of rules itself."""

from __future__ import annotations

import subprocess
import sys


def test_the_table_names_each_rule_once() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulator.rules"], capture_output=True, text=True, check=True, timeout=60
    )
    rows = [line for line in done.stdout.splitlines() if ".py::" in line]
    assert len(rows) == len(set(rows)) > 100
    assert done.stdout.endswith(f"\n{len(rows)} rules\n")
