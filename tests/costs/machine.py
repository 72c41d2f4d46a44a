"""Machine instructions, including those of C code, counted by valgrind."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from .interpreters import interpreter

FEWER, MORE = 50, 150
LINE = re.compile(r"\s*([\d,]+)\s+(?:\S*/)?[^\s:]+:(.+?)(?: \[(?:.*/)?([^\]]*)\]?)?$")
"""A line of callgrind_annotate: count, file, function, shared object; long lines are truncated."""


class Symbol(NamedTuple):
    """A C function, and the shared object that contains it."""

    function: str
    library: str


def machine_instructions(name: str, url: str) -> dict[Symbol, float]:
    """Return the instructions of a call by function: the difference of many calls and fewer."""
    with tempfile.TemporaryDirectory() as folder:
        fewer, more = (_collect(name, url, times, Path(folder, str(times))) for times in (FEWER, MORE))
    return {each: (more[each] - fewer[each]) / (MORE - FEWER) for each in more if more[each] != fewer[each]}


def _collect(name: str, url: str, times: int, file: Path) -> Counter[Symbol]:
    command, environment = interpreter(
        "from tests.costs.calls import CALLS, repeat_call",
        f"with repeat_call(CALLS[{name!r}], {url!r}) as run: run({times})",
    )
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file}"]
    subprocess.run([*valgrind, *command], check=True, env=environment, capture_output=True)
    annotate = ["callgrind_annotate", "--threshold=100", "--auto=no", "--show-percs=no", str(file)]
    shown = subprocess.run(annotate, check=True, capture_output=True, text=True).stdout
    functions: Counter[Symbol] = Counter()
    for line in shown.splitlines():
        if match := LINE.match(line):
            count, function, library = match.groups()
            # The name of a recursive function ends with its depth.
            functions[Symbol(function.partition("'")[0], library or "?")] += int(count.replace(",", ""))
    return functions
