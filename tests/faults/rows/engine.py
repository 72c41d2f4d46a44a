"""The rows on the engine's own parts: 34 and 35."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING

from tests.support.interrupts import interrupt
from tests.support.process_usage import descriptors
from tests.support.raw_responses import WHOLE, by_h11, by_reader, damaged, pieces
from tests.support.server import Server, respond

from ..row import Outcome, Row

if TYPE_CHECKING:
    from tests.support.subjects import Subject

RESPONSES = 100_000
INTERRUPTS = 100_000


def mutated_responses(subject: Subject) -> Outcome:
    """Read damaged responses in pieces, and compare each with what h11 makes of it."""
    if not subject.ours:
        return Outcome("not compared: its parser is h11", held=True)
    chance = random.Random(34)
    accepted = different = 0
    for _ in range(RESPONSES):
        parts = pieces(damaged(chance.choice(WHOLE), chance), chance)
        read = by_reader(parts)
        accepted += read is not None
        different += read != by_h11(parts)
    shown = f"{RESPONSES:,} responses, {accepted:,} accepted; {different} read in another way than by h11"
    return Outcome(shown, not different and 0 < accepted < RESPONSES)


def interrupts(subject: Subject) -> Outcome:
    """Interrupt calls at random moments; afterwards no connection, place or descriptor may be missing."""
    if not subject.ours or sys.platform == "win32":
        return Outcome("not run", held=True)
    with Server(respond(json={"workflow_run_id": "r1"})) as server:
        before = descriptors()
        client = subject.client(server.url, max_connections=2, timeout=5)
        outcomes = interrupt(client, INTERRUPTS, random.Random(35))
        client.workflows.trigger("flow", recipients=["u1"])
        client.close()
        server.wait_for(lambda server: server.open == 0)
        more = descriptors() - before
    shown = (
        f"{outcomes.interrupted:,} calls interrupted, {outcomes.completed:,} completed between them, "
        f"{len(outcomes.failed)} failed; {more} descriptors more"
    )
    return Outcome(shown, not outcomes.failed and more <= 0)


ROWS: list[Row] = [
    Row(
        34,
        "responses damaged and split at random",
        "each is read as by h11, the reference",
        mutated_responses,
        long=True,
    ),
    Row(
        35,
        "a signal handler that raises an exception at a random moment of a call",
        "0 later calls fail; 0 descriptors leaked",
        interrupts,
        alone=True,
        long=True,
    ),
]
