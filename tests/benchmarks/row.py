"""What a row of the report is, and how one is measured: in an interpreter of its own."""

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
TIME_LIMIT = 300.0
"""Seconds that a row may take."""

Samples = dict[str, list[float]]
"""For each subject its figures, one of each round: what stands at the same place was measured side by side."""


class Effort(NamedTuple):
    """How much is measured."""

    name: str
    quick: bool

    def of(self, full: int, quick: int) -> int:
        """Return a count for the full or the quick way."""
        return quick if self.quick else full


class Goal(NamedTuple):
    """A bound: one subject's figure, over another's or for itself in seconds, is at most so much."""

    figure: str
    over: str | None
    most: float


class Row(NamedTuple):
    """One comparison.

    Attributes:
        name: what `--only` takes.
        what: what is compared, for the table.
        measure: takes the figures; its docstring says how.
        goals: what is to be reached; none for a row that only informs.
        base: the subject that the others are shown in proportion to.
        needs: distributions, and files of the system, without which there is nothing to measure.
    """

    name: str
    what: str
    measure: Callable[[Effort], Samples]
    goals: tuple[Goal, ...] = ()
    base: str = BARE
    needs: tuple[str, ...] = ()


class Broken(Exception):  # noqa: N818 (it is no error of the program: it says that a row could not be measured)
    """A row that ended without figures."""


def measure_apart(row: Row, *, quick: bool) -> Samples:
    """Measure a row in a new interpreter, so that no other row's modules, memory or connections are in it."""
    command = [sys.executable, "-m", "tests.benchmarks", "--one", row.name, *(["--quick"] if quick else [])]
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            text=True,
            timeout=TIME_LIMIT,
            cwd=ROOT,
            env=plain_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Broken(f"not finished after {TIME_LIMIT:.0f} s") from None
    if done.returncode != 0:
        raise Broken(f"ended with {done.returncode}, see above")
    samples: Samples = json.loads(done.stdout.splitlines()[-1])
    return samples
