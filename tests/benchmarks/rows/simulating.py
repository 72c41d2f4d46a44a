"""The simulator: triggers a second through the client, and what users and recipients cost when there are many."""

from __future__ import annotations

import gc
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from knock_sdk.testing import Simulator
from tests.support.paths import ROOT

from ..measure import interleave, per_call
from ..row import OURS, Goal, Row
from .memory import OWN, ROLLUP, printed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from knock_sdk import Knock

    from ..row import Effort, Samples

FEW, MANY = 10_000, 100_000
AT_ONCE = 1_000
"""How many users a bulk operation identifies, and how many recipients a trigger has: the most that the API takes."""
WORKFLOW = "comment-created"
COLLECTED = f"{MANY:,} collected"
"""Many, with the interpreter's collector at work: it goes through all that is kept, the oftener the more is made."""
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
    """Return one with a workflow of two channels."""
    made = Simulator()
    made.workflow(WORKFLOW, channels=["in_app_feed", "email"])
    return made


def _names(count: int) -> Iterator[list[str]]:
    for start in range(0, count, AT_ONCE):
        yield [f"user-{number}" for number in range(start, start + AT_ONCE)]


def identify(client: Knock, count: int) -> None:
    """Identify users, with a name and an address."""
    for names in _names(count):
        client.users.bulk.identify(
            users=[{"id": name, "name": name.title(), "email": f"{name}@example.com"} for name in names]
        )


def trigger(client: Knock, count: int) -> None:
    """Reach each of these users once."""
    for names in _names(count):
        client.workflows.trigger(WORKFLOW, recipients=names, data={"comment": "Done."})


def simulator_trigger(effort: Effort) -> Samples:
    """Seconds of a trigger to one recipient, through the client and without connections, one after another."""
    sim = simulator()
    with sim.client() as client:
        client.users.update("ana", name="Ana", email="ana@example.com")

        def call() -> object:
            return client.workflows.trigger(WORKFLOW, recipients=["ana"], data={"comment": "Done."})

        samples = interleave(effort, {OURS: per_call(call, effort.of(500, 100))}, effort.of(15, 3))
        assert len(sim.messages(to="ana")) == 2 * sum(trigger.recipients == ("ana",) for trigger in sim.triggers)
        return samples


def simulator_identify(effort: Effort) -> Samples:
    """Seconds per user, of bulk operations on 1,000 users each."""

    def sample(count: int) -> float:
        with Simulator().client() as client:
            started = perf_counter()
            identify(client, count)
            return (perf_counter() - started) / count

    return _few_and_many(effort, sample)


def simulator_recipient(effort: Effort) -> Samples:
    """Seconds per recipient, of triggers to 1,000 recipients each, until each user has been reached once."""

    def sample(count: int) -> float:
        with simulator().client() as client:
            identify(client, count)
            started = perf_counter()
            trigger(client, count)
            return (perf_counter() - started) / count

    return _few_and_many(effort, sample)


def simulator_memory(effort: Effort) -> Samples:
    """Bytes per user who is there and gets two messages, with the requests that it took."""
    subjects = {f"{count:,}": printed(f"{OWN}count = {count}{_PROGRAM}") for count in (FEW, MANY)}
    return interleave(effort, subjects, effort.of(3, 1), warm_up=0)


def _few_and_many(effort: Effort, sample: Callable[[int], float]) -> Samples:
    def at_rest(count: int) -> float:
        gc.collect()
        gc.disable()
        try:
            return sample(count)
        finally:
            gc.enable()

    subjects = {f"{count:,}": partial(at_rest, count) for count in (FEW, MANY)}
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
