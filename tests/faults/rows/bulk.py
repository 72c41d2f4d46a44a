"""Rows on bulk jobs: killed and begun again, a day later too."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.bulk.engines import TRIGGERED, operation
from tests.support.environment import plain_environment
from tests.support.ledger import Ledger
from tests.support.paths import ROOT
from tests.support.server import Server, after, respond

from ..row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.server import Received, Reply
    from tests.support.subjects import Subject

ITEMS, KILLS = 20_000, 20
NONE = Outcome("has no such method", held=False)
JOB = """
import json, sys
from knock_sdk import Knock
with Knock(api_key="sk_test_1", base_url=sys.argv[1]) as client:
    items = ({item} for n in range({count}))
    report = client.{call}
print(json.dumps([report.succeeded, report.already_done, report.failed, report.unknown]))
"""
DAY_LATER = """
import os, sys
from tests.bulk.engines import TRIGGERED, Answering, reply
from tests.wire.caller import Caller
def answer(path, body):
    if len(api.sent) > {sent}:
        os._exit(9)
    return reply(200, TRIGGERED)
api = Answering(answer)
items = [{{"key": "digest", "recipients": [f"u{{n}}"]}} for n in range({count})]
api.client(Caller("sync")).workflows.trigger_each(items, journal=sys.argv[1])
"""


class Kills(NamedTuple):
    """A job that was killed again and again.

    Attributes:
        report: succeeded, done before, failed and unknown, of the last run.
        seconds: from the start of the first run to the end of the last.
        overhead: of these, what the starts of the interpreters took.
    """

    report: list[int]
    seconds: float
    overhead: float


def _run_killed(url: str, program: str, kills: int, done: Callable[[], int], total: int) -> Kills:
    """Run a program, kill it at random points of its work, and run it to its end."""
    chance = random.Random(3)
    points = sorted(chance.uniform(0.02, 0.98) * total for _ in range(kills))
    started, overhead = time.monotonic(), 0.0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-W", "error", "-c", program, url, str(Path(folder) / "journal")]
        for point in points:
            child = subprocess.Popen(command, env=plain_environment(), stdout=subprocess.DEVNULL)
            before = done()
            while child.poll() is None and done() < point:
                if done() == before:
                    overhead += 0.002
                time.sleep(0.002)
            child.send_signal(signal.SIGKILL)
            child.wait()
        last = subprocess.run(command, env=plain_environment(), capture_output=True, text=True, check=True)
        return Kills(json.loads(last.stdout), time.monotonic() - started, overhead)


def killed_triggers(subject: Subject) -> Outcome:
    """Kill a sender of 20,000 triggers 20 times; one request in ten gets a fault."""
    if not subject.ours:
        return NONE
    ledger = Ledger(("reset before", "reset after", "500", "503", "half"), 0.1, 0)
    item = '{"key": "flow", "recipients": ["u1"], "data": {"n": n}}'
    program = JOB.format(item=item, count=ITEMS, call="workflows.trigger_each(items, journal=sys.argv[2])")
    with ledger.server() as server:
        kills = _run_killed(server.url, program, KILLS, lambda: len(ledger.committed), ITEMS)
    lost = ITEMS - len(ledger.committed)
    succeeded, before, failed, unknown = kills.report
    exact = (succeeded + before, failed, unknown) == (ITEMS, 0, 0)
    return Outcome(
        f"{lost} lost, {ledger.doubled} twice, {ledger.altered} with another key or body; counts"
        f" {'exact' if exact else kills.report}; {kills.seconds:.1f} s, of which {kills.overhead:.1f} s were starts;"
        f" {ledger.attempts.total():,} requests, faults {ledger.share:.1%}",
        held=not (lost or ledger.doubled or ledger.altered or ledger.shared_keys) and exact and ledger.share > 0.09,
        quick=kills.seconds - kills.overhead <= ITEMS / 1000 * 1.25,
    )


class Carried:
    """A server that carries items out, slowly, and counts how often."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.counts: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self._keys: set[str] = set()

    def pick(self, received: Received) -> Reply:
        """Reply to a request."""
        if received.method == "GET":
            return respond(json=operation("op", "completed"))
        content = received.json
        items = content.get("recipients") or content.get("users") or content["schedules"]
        ids = [each if isinstance(each, str) else str(each.get("id") or each["recipient"]) for each in items]
        self.sent.update(ids)
        key = received.headers.get("idempotency-key")
        if key is None or key not in self._keys:
            self.counts.update(ids)
        self._keys |= {key} if key is not None else set()
        return after(self.delay, respond(json=TRIGGERED if "/trigger" in received.path else operation("op")))


def killed_batches(subject: Subject) -> Outcome:
    """Kill jobs with many items in a request five times each, while a server answers slowly."""
    if not subject.ours:
        return NONE
    shown: list[str] = []
    held = True
    for name, item, count, call in (
        ("`trigger_many`", 'f"u{n}"', 100_000, "workflows.trigger_many('flow', recipients=items, journal=sys.argv[2])"),
        ("`identify_many`", '{"id": f"u{n}"}', 6_000, "users.bulk.identify_many(items, journal=sys.argv[2])"),
        (
            "`schedules.bulk.create_many`",
            '{"workflow": "flow", "recipient": f"u{n}"}',
            6_000,
            "schedules.bulk.create_many(items, journal=sys.argv[2])",
        ),
    ):
        carried = Carried(0.2)
        with Server.by(carried.pick) as server:
            program = JOB.format(item=item, count=count, call=call)
            kills = _run_killed(server.url, program, 5, lambda carried=carried: len(carried.counts), count)
        lost = count - len(carried.counts)
        twice = sum(times > 1 for times in carried.counts.values())
        succeeded, before, failed, unknown = kills.report
        exact = (succeeded + before + unknown, failed) == (count, 0)
        shown.append(f"{name}: {lost} lost, {twice:,} of {count:,} twice, {unknown:,} unknown")
        # What is upserted twice is the same.
        held = held and exact and not lost and (not twice or "identify" in name)
        held = held and (not unknown or "schedules" in name)
    return Outcome("; ".join(shown), held=held)


def day_later(subject: Subject) -> Outcome:
    """Begin a killed job again 25 hours later, by a simulated clock."""
    if not subject.ours:
        return NONE
    from tests.bulk.engines import Answering, reply
    from tests.wire.caller import Caller

    count, sent = 2_000, 700
    with tempfile.TemporaryDirectory() as folder:
        journal = str(Path(folder) / "journal")
        program = DAY_LATER.format(count=count, sent=sent)
        died = subprocess.run([sys.executable, "-c", program, journal], cwd=ROOT, check=False).returncode
        api = Answering(lambda _, __: reply(200, TRIGGERED))
        api.clock.now += 25 * 3600
        items: list[Any] = [{"key": "digest", "recipients": [f"u{n}"]} for n in range(count)]
        report = api.client(Caller("sync")).workflows.trigger_each(items, journal=journal)
        unknown = [failure.index or 0 for failure in report.failures]
        first_new = min(int(json.loads(body)["recipients"][0][1:]) for _, body in api.sent)
    resent = sum(int(json.loads(body)["recipients"][0][1:]) <= sent for _, body in api.sent)
    whole = report.succeeded + report.already_done + report.unknown == count and not report.failed
    return Outcome(
        f"{resent} resent, {report.unknown} unknown, {report.already_done:,} done before, {report.succeeded:,} sent for"
        " the first time",
        held=died == 9 and not resent and whole and report.unknown > 0 and max(unknown) < first_new,
    )


def limited_batches(subject: Subject) -> Outcome:
    """Mark 600 messages as read, of which the API skips a tenth in every batch."""
    if not subject.ours:
        return NONE
    from knock_sdk.testing import Simulator

    sim = Simulator()
    sim.rate_limits = True
    with sim.limit_batch(share=0.1, next=None), sim.client() as client:
        report = client.messages.batch.mark_as_read_many(f"m{n}" for n in range(600))
        most = max(len(request.json["message_ids"]) for request in sim.requests)
    refused = sum(request.status == 429 for request in sim.requests)
    return Outcome(
        f"{report.succeeded} of 600 read in {len(sim.requests)} requests, {refused} of them refused",
        held=(report.succeeded, report.failed, report.unknown, refused) == (600, 0, 0, 0) and most == 50,
    )


ROWS: list[Row] = [
    Row(
        3,
        "`trigger_each` of 20,000 killed −9 20 times, 10 % faults",
        "0 lost, 0 twice; exact counts; 20 s at the limit of 1,000 a second, + 25 %, without the starts",
        killed_triggers,
        alone=True,
        long=True,
    ),
    Row(4, "a killed `trigger_each` goes on 25 hours later", "0 resent; what was on its way is `unknown`", day_later),
    Row(
        45,
        "`trigger_many`, `identify_many`, `schedules.bulk.create_many` killed −9 5 times, slow server",
        "0 lost; no trigger and no schedule twice; unknown schedules are reported",
        killed_batches,
        long=True,
    ),
    Row(
        46, "`mark_as_read_many`, a tenth of each batch skipped", "all are read in the end; 0 refused", limited_batches
    ),
]
