"""The table of figures, and the bounds derived from it.

`figures.json` contains the measured figures by Python version, measure and call; `python -m tests.costs --write` writes
those of the running version.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .measures import Figures

MARGIN = 10
"""Percentage by which a figure may grow."""

TABLE = Path(__file__).with_name("figures.json")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
APPLIES = sys.platform == "linux" and sys.implementation.name == "cpython"
"""Whether the table applies to this interpreter: other systems wait for sockets differently."""


def load() -> dict[str, Figures]:
    """Return the table, by version."""
    table: dict[str, Figures] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def write(figures: Figures) -> None:
    """Write figures of the running version to the table; measures that were not taken stay."""
    table = load() if TABLE.exists() else {}
    table[VERSION] = {**table.get(VERSION, {}), **figures}
    ordered = dict(sorted(table.items(), key=lambda entry: [int(number) for number in entry[0].split(".")]))
    TABLE.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")


def figure(measure: str, call: str, version: str = VERSION) -> int:
    """Return the figure in the table, or the largest of all versions if this one is not in it."""
    table = load()
    versions = [version] if version in table else list(table)
    return max(table[each][measure][call] for each in versions)


def bound(figure: int) -> int:
    """Return the upper bound of a figure."""
    return figure * (100 + MARGIN) // 100
