"""The simulator: triggers per second through the client, and the cost of many users and recipients."""

from __future__ import annotations

import gc
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from knock_sdk.testing import Simulator
from tests.support.paths import ROOT

from ..measure import interleave, per_call
from ..row import OURS, Goal, Row
from .memory import OWN, ROLLUP, run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from knock_sdk import Knock

    from ..row import Effort, Samples

FEW, MANY = 10_000, 100_000
AT_ONCE = 1_000
"""Users of a bulk operation, and recipients of a trigger: the largest number that the API accepts."""
WORKFLOW = "comment-created"
COLLECTED = f"{MANY:,} collected"
"""Measured with the garbage collector enabled, which traverses all objects, and more often the more are made."""
_PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.benchmarks.rows.simulating import identify, simulator, trigger
sim = simulator()
client = sim.client()
identify(client, {AT_ONCE})
trigger(client, {AT_ONCE})
before = own()
identify(client, count)
trigger(client, count)
print((own() - before) / (count - {AT_ONCE}))
"""


def simulator() -> Simulator:
    """Return a simulator with a workflow of two channels."""
    made = Simulator()
    made.workflow(WORKFLOW, channels=["in_app_feed", "email"])
    return made


def _names(count: int) -> Iterator[list[str]]:
    for start in range(0, count, AT_ONCE):
        yield [f"user-{number}" for number in range(start, start + AT_ONCE)]


def identify(client: Knock, count: int) -> None:
    """Identify users with a name and an email address."""
    for names in _names(count):
        client.users.bulk.identify(
            users=[{"id": name, "name": name.title(), "email": f"{name}@example.com"} for name in names]
        )


def trigger(client: Knock, count: int) -> None:
    """Trigger the workflow once for each of these users."""
    for names in _names(count):
        client.workflows.trigger(WORKFLOW, recipients=names, data={"comment": "Done."})


def simulator_trigger(effort: Effort) -> Samples:
    """Measure the seconds of a trigger to one recipient, through the client without connections."""
    sim = simulator()
    with sim.client() as client:
        client.users.update("ana", name="Ana", email="ana@example.com")

        def call() -> object:
            return client.workflows.trigger(WORKFLOW, recipients=["ana"], data={"comment": "Done."})

        samples = interleave(effort, {OURS: per_call(call, effort.of(500, 100))}, effort.of(15, 3))
        assert len(sim.messages(to="ana")) == 2 * sum(trigger.recipients == ("ana",) for trigger in sim.triggers)
        return samples


def simulator_identify(effort: Effort) -> Samples:
    """Measure the seconds per user of bulk operations on 1,000 users each."""

    def sample(count: int) -> float:
        with Simulator().client() as client:
            started = perf_counter()
            identify(client, count)
            return (perf_counter() - started) / count

    return _few_and_many(effort, sample)


def simulator_recipient(effort: Effort) -> Samples:
    """Measure the seconds per recipient of triggers to 1,000 recipients each, until each user was a recipient once."""

    def sample(count: int) -> float:
        with simulator().client() as client:
            identify(client, count)
            started = perf_counter()
            trigger(client, count)
            return (perf_counter() - started) / count

    return _few_and_many(effort, sample)


def simulator_memory(effort: Effort) -> Samples:
    """Measure the bytes per user who got two messages, including the recorded requests."""
    subjects = {f"{count:,}": run_program(f"{OWN}count = {count}{_PROGRAM}") for count in (FEW, MANY)}
    return interleave(effort, subjects, effort.of(3, 1), warm_up=0)


def _few_and_many(effort: Effort, sample: Callable[[int], float]) -> Samples:
    def without_collector(count: int) -> float:
        gc.collect()
        gc.disable()
        try:
            return sample(count)
        finally:
            gc.enable()

    subjects = {f"{count:,}": partial(without_collector, count) for count in (FEW, MANY)}
    return interleave(effort, {**subjects, COLLECTED: partial(sample, MANY)}, effort.of(3, 1), warm_up=0)


LINEAR = (Goal(f"{MANY:,}", f"{FEW:,}", 1.25),)
ROWS = (
    Row(
        "simulator-trigger",
        "a trigger in the simulator: 3,000 a second",
        simulator_trigger,
        (Goal(OURS, None, 0.00033),),
        base=OURS,
    ),
    Row("simulator-identify", "cost per user identified", simulator_identify, LINEAR, base=f"{FEW:,}"),
    Row(
        "simulator-recipient", "cost per recipient of a trigger to 1,000", simulator_recipient, LINEAR, base=f"{FEW:,}"
    ),
    Row(
        "simulator-memory",
        "memory per user who got two messages",
        simulator_memory,
        LINEAR,
        base=f"{FEW:,}",
        needs=(ROLLUP,),
    ),
)
