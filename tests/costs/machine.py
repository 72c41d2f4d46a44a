"""Instructions of the machine, those of C code included, as valgrind counts them."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from .apart import interpreter

FEWER, MORE = 50, 150
LINE = re.compile(r"\s*([\d,]+)\s+(?:\S*/)?[^\s:]+:(.+?)(?: \[(?:.*/)?([^\]]*)\]?)?$")
"""A line of callgrind_annotate: count, file, function, shared object; long ones end early."""


class Place(NamedTuple):
    """A function of C, and the shared object that it stands in."""

    function: str
    library: str


def machine_instructions(name: str, url: str) -> dict[Place, float]:
    """Instructions of a call, by function: those of many calls less those of fewer."""
    with tempfile.TemporaryDirectory() as folder:
        fewer, more = (_collected(name, url, times, Path(folder, str(times))) for times in (FEWER, MORE))
    return {place: (more[place] - fewer[place]) / (MORE - FEWER) for place in more if more[place] != fewer[place]}


def _collected(name: str, url: str, times: int, file: Path) -> Counter[Place]:
    command, environment = interpreter(
        "from tests.costs.calls import CALLS, repeated",
        f"with repeated(CALLS[{name!r}], {url!r}) as run: run({times})",
    )
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file}"]
    subprocess.run([*valgrind, *command], check=True, env=environment, capture_output=True)
    annotate = ["callgrind_annotate", "--threshold=100", "--auto=no", "--show-percs=no", str(file)]
    shown = subprocess.run(annotate, check=True, capture_output=True, text=True).stdout
    functions: Counter[Place] = Counter()
    for line in shown.splitlines():
        if match := LINE.match(line):
            count, function, library = match.groups()
            # A function that calls itself is told apart by its depth.
            functions[Place(function.partition("'")[0], library or "?")] += int(count.replace(",", ""))
    return functions
