"""What PyInstaller is told about this package, through the entry point `pyinstaller40` of the distribution."""

from __future__ import annotations

from pathlib import Path


def hook_dirs() -> list[str]:
    """Return the folders with hooks."""
    return [str(Path(__file__).parent)]
