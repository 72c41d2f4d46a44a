"""The hook: a program that PyInstaller makes needs the data that the simulator reads beside the modules."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]

datas: list[tuple[str, str]] = [
    (str(path), str(path.parent.relative_to(_PACKAGE.parent)))
    for pattern in ("*.json", "*.html", "*.css", "*.js", "*.svg")
    for path in _PACKAGE.rglob(pattern)
]
