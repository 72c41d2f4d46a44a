"""Header of generated Python files, and their formatting by ruff."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent

HEADER = "# Generated from openapi/knock.yaml by `python -m codegen`; do not edit."

FIXES = ("F401", "I", "D212", "TC")
"""Rules whose fixes are applied: unused imports, import order, where docstrings begin (D212), and imports that only
annotations need (TC)."""


def tidy(*paths: Path, fixes: Sequence[str] = FIXES) -> None:
    """Fix and format files with the project's own settings, wherever the files are."""
    settings = ["--quiet", "--no-cache", "--config", str(ROOT / "pyproject.toml"), *map(str, paths)]
    ruff = [sys.executable, "-m", "ruff"]
    fix = [*ruff, "check", "--fix-only", "--unsafe-fixes", "--select", ",".join(fixes), *settings]
    subprocess.run(fix, check=True, cwd=ROOT)
    subprocess.run([*ruff, "format", *settings], check=True, cwd=ROOT)
