"""`python -m tests.simulator.rules`: prints the table of rules."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from .table import RULES, render

for file in sorted(Path(__file__).parent.glob("test_*.py")):
    import_module(f"{__package__}.{file.stem}")
sys.stdout.write(f"{render()}\n\n{len(RULES)} rules\n")
