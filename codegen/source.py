"""Python source as it is written: its header, and its last touch by ruff."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEADER = "# Generated from openapi/knock.yaml by `python -m codegen`; do not edit."


def tidy(*paths: Path) -> None:
    """Drop unused imports, sort the rest and format, with the project's own settings, wherever the files are.

    Besides, docstrings begin on their first line (D212), and imports that only annotations need move away (TC).
    """
    settings = ["--quiet", "--no-cache", "--config", str(ROOT / "pyproject.toml"), *map(str, paths)]
    ruff = [sys.executable, "-m", "ruff"]
    fix = [*ruff, "check", "--fix-only", "--unsafe-fixes", "--select", "F401,I,D212,TC", *settings]
    subprocess.run(fix, check=True, cwd=ROOT)
    subprocess.run([*ruff, "format", *settings], check=True, cwd=ROOT)
