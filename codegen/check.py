"""Comparison of newly generated files with those of the repository, and their installation.

Both sides are folders that mirror the repository. In a folder for generated files only, any other file is an orphan;
elsewhere only the generated files are considered.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from codegen.unasync import TREES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = "src/knock_sdk"
FOLDERS = (
    "docs/reference",
    f"{PACKAGE}/types",
    f"{PACKAGE}/params",
    f"{PACKAGE}/testing/contract",
    *(tree.target for tree in TREES),
)
"""Folders with generated files only, apart from `BY_HAND`."""
BY_HAND = frozenset(f"{tree.target}/{name}" for tree in TREES for name in tree.by_hand)
MARKS = ("# Generated from ", "# Derived from ", "<!-- Generated from ")
"""First words of generated files; other files are never removed."""

_SHOWN_LINES = 6


def compare(made: Path, root: Path) -> Iterator[str]:
    """Yield a finding for each file that is missing, changed or an orphan."""
    expected, present = _files(made), _present(root, made)
    for name in sorted(expected | present):
        if name not in present:
            yield f"{name}: missing"
        elif name not in expected:
            yield f"{name}: an orphan: nothing generates it"
        elif (difference := _difference((root / name).read_bytes(), (made / name).read_bytes())) is not None:
            yield "\n".join([f"{name}: differs from what is generated", *difference])


def install(made: Path, root: Path) -> Iterator[str]:
    """Install generated files and remove those no longer generated; yield a finding for each other orphan."""
    expected = _files(made)
    for name in sorted(expected):
        content = (made / name).read_bytes()
        if not (root / name).is_file() or (root / name).read_bytes() != content:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
    for name in sorted(_present(root, made) - expected):
        if (root / name).read_bytes().startswith(tuple(mark.encode() for mark in MARKS)):
            (root / name).unlink()
        else:
            yield f"{name}: an orphan: nothing generates it, and it does not look generated, so it is left alone"


def _present(root: Path, made: Path) -> set[str]:
    """Return the files to compare: all in the folders for generated files, and any that is generated elsewhere."""
    inside = {f"{folder}/{name}" for folder in FOLDERS for name in _files(root / folder)}
    return (inside - BY_HAND) | {name for name in _files(made) if (root / name).is_file()}


def _files(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if not path.is_dir() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in files}


def _difference(present: bytes, generated: bytes) -> list[str] | None:
    """Return the first lines of a diff; None if there is no difference."""
    if present == generated:
        return None
    before, after = (text.decode("utf-8", "replace").splitlines() for text in (present, generated))
    lines = [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:3] not in {"---", "+++"}]
    if not lines:
        return ["    line endings differ"]
    more = [f"    … and {len(lines) - _SHOWN_LINES} more lines"] if len(lines) > _SHOWN_LINES else []
    return [f"    {line}" for line in lines[:_SHOWN_LINES]] + more
