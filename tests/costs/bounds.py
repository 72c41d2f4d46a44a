"""The table of figures, and the bounds that follow from it.

`figures.json` holds what was measured, by Python version, measure and call; `python -m tests.costs --write` takes the
figures of the running version into it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .measures import Figures

ROOM = 10
"""By how many per cent a figure may grow."""

TABLE = Path(__file__).with_name("figures.json")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
FITS = sys.platform == "linux" and sys.implementation.name == "cpython"
"""Whether the table holds for this interpreter: other systems wait for sockets in other ways."""


def load() -> dict[str, Figures]:
    """The table, by version."""
    table: dict[str, Figures] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def write(figures: Figures) -> None:
    """Take the figures of the running version into the table; what was not measured stays."""
    table = load() if TABLE.exists() else {}
    table[VERSION] = {**table.get(VERSION, {}), **figures}
    ordered = dict(sorted(table.items(), key=lambda entry: [int(part) for part in entry[0].split(".")]))
    TABLE.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")


def figure(measure: str, call: str, version: str = VERSION) -> int:
    """What a call costs according to the table; of a version that is not in it, what it costs at most in the others."""
    table = load()
    versions = [version] if version in table else list(table)
    return max(table[each][measure][call] for each in versions)


def bound(figure: int) -> int:
    """What a call may cost."""
    return figure * (100 + ROOM) // 100
