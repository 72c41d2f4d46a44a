"""Header of generated Python files, and the formatting of files by ruff."""

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
    _run_ruff(["check", "--fix-only", "--unsafe-fixes", "--select", ",".join(fixes)], paths)
    lay_out(*paths)


def lay_out(*paths: Path) -> None:
    """Format files: Python, or Markdown with blocks of Python."""
    _run_ruff(["format"], paths)


def _run_ruff(command: Sequence[str], paths: Sequence[Path]) -> None:
    settings = ["--quiet", "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    subprocess.run([sys.executable, "-m", "ruff", *command, *settings, *map(str, paths)], check=True, cwd=ROOT)
