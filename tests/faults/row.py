"""A row of the report, and its run in a separate process with a time limit."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from tests.support.environment import plain_environment
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.subjects import Subject

LIMIT = 45.0
"""Seconds allowed for a row; clients without a deadline may need them all."""
LONG = 240.0
"""Seconds allowed for a row that is known to take long."""


class Outcome(NamedTuple):
    """What a client did.

    Attributes:
        shown: in a few words with figures.
        held: whether that reaches the goal, apart from the time that it took.
        quick: whether it took no longer than the goal allows; on a busy machine that says nothing of the client.
    """

    shown: str
    held: bool
    quick: bool = True


class Row(NamedTuple):
    """A fault or a kind of bad input.

    Attributes:
        number: number in the table.
        fault: the fault or bad input.
        goal: the required behaviour.
        run: exposes a client to the fault, and checks its behaviour.
        alone: whether it needs the machine to itself.
        long: whether it takes a minute or two; the tests try the same with fewer cases.
    """

    number: int
    fault: str
    goal: str
    run: Callable[[Subject], Outcome]
    alone: bool = False
    long: bool = False


def run_apart(number: int, subject: str, limit: float = LIMIT) -> Outcome:
    """Run a row in a new interpreter, so that its memory, threads and warnings are its own."""
    command = [sys.executable, "-W", "error", "-m", "tests.faults", "--one", str(number), "--subject", subject]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, cwd=ROOT, env=plain_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        return Outcome(f"not finished after {limit:.0f} s", held=False)
    try:
        outcome = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        return Outcome(f"broke down: {last[:200]}", held=False)
    return Outcome(*outcome)
