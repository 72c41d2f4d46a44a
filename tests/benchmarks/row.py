"""A row of the report, and its measurement in a separate interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from tests.support.environment import plain_environment
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

OURS, BARE, PEER, LIMIT = "knock-sdk", "bare", "knockapi", "limit"
"""The subjects of most rows: this client, code by hand, the vendor's client, the same bytes over a bare socket."""
FAILED = ", failed"
"""The end of the name of figures that count the calls of a subject that failed."""
TIME_LIMIT, EXTRA_TIME_LIMIT = 300.0, 1_200.0
"""Seconds allowed for a row, and for one that is measured only by name."""

Samples = dict[str, list[float]]
"""Figures of each subject, one of each round; figures of the same round were measured side by side."""


class Effort(NamedTuple):
    """Extent of a measurement."""

    name: str
    quick: bool

    def of(self, full: int, quick: int) -> int:
        """Return the count for a full or a quick measurement."""
        return quick if self.quick else full


class Goal(NamedTuple):
    """An upper bound on a figure: in seconds, or relative to another subject."""

    figure: str
    over: str | None
    most: float


class Row(NamedTuple):
    """One comparison.

    Attributes:
        name: name for `--only`.
        what: title in the table.
        measure: takes the figures, as its docstring describes.
        goals: goals to reach; none for a row that is informative only.
        base: subject that the others are compared with.
        needs: distributions and system files that the measurement needs.
        rate: whether the report also says how many calls a second the figures are.
        extra: whether the row is measured only if it is named, because that takes minutes.
    """

    name: str
    what: str
    measure: Callable[[Effort], Samples]
    goals: tuple[Goal, ...] = ()
    base: str = BARE
    needs: tuple[str, ...] = ()
    rate: bool = False
    extra: bool = False


class Broken(Exception):  # noqa: N818 (it is caught and reported, and not an error of the program)
    """Raised for a row that ended without figures."""


def measure_apart(row: Row, *, quick: bool) -> Samples:
    """Measure a row in a new interpreter, which has no modules, memory or connections of other rows."""
    limit = EXTRA_TIME_LIMIT if row.extra else TIME_LIMIT
    command = [sys.executable, "-m", "tests.benchmarks", "--one", row.name, *(["--quick"] if quick else [])]
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            text=True,
            timeout=limit,
            cwd=ROOT,
            env=plain_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Broken(f"not finished after {limit:.0f} s") from None
    if done.returncode != 0:
        raise Broken(f"ended with {done.returncode}, see above")
    samples: Samples = json.loads(done.stdout.splitlines()[-1])
    return samples
