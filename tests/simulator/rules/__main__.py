"""`python -m tests.simulator.rules`: prints the table of rules."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from .table import RULES, render

TESTS = Path(__file__).parents[1]

for file in sorted(TESTS.rglob("test_*.py")):
    if ".table import rule" in file.read_text():
        import_module(".".join(["tests.simulator", *file.relative_to(TESTS).with_suffix("").parts]))
sys.stdout.write(f"{render()}\n\n{len(RULES)} rules\n")
