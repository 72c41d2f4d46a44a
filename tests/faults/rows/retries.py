"""Rows on single retries: skipped items of a batch, `Retry-After`, and connections closed meanwhile."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.support.many import CALLERS, in_tasks, in_threads
from tests.support.server import Server, hang_up, head, raw, reset, respond

from ..row import Outcome, Row
from .retry_after import FORMS, fuzz

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.server import Received, Reply
    from tests.support.subjects import Subject

USER = {"__typename": "User", "id": "u1", "updated_at": "2026-01-01T00:00:00Z"}
ROUNDS = 5
BATCH = 50


class _Mailbox:
    """Marks messages as read, except those changed less than a second ago, which it names in a header."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self._changed: dict[str, float] = {}

    def reply(self, received: Received) -> Reply:
        given: list[str] = received.json["message_ids"]
        if not self._changed:
            self._changed = dict.fromkeys(("2", "4", *(str(number) for number in range(60, 100, 7))), received.at)
        skipped = [one for one in given if received.at - self._changed.get(one, 0) < 1]
        done = set(given) - set(skipped)
        self._changed |= dict.fromkeys(done, received.at)
        self.read |= done
        found = [{"__typename": "Message", "id": one, "read_at": self._read_at(one)} for one in given]
        headers = {"content-type": "application/json"}
        if skipped:
            headers["x-ratelimited-message_ids"] = ",".join(skipped)
        body = json.dumps(found).encode()
        return raw(head(200, headers, length=len(body)) + body)

    def _read_at(self, one: str) -> str | None:
        return "2026-01-01T00:00:00Z" if one in self.read else None


def _mark(client: Any, finish: Callable[[Any], Any], ids: list[str], *, ours: bool) -> list[str]:
    """Mark a batch as read; return the ids that the client reports as skipped."""
    if not ours:
        finish(client.messages.batch.mark_as_read(message_ids=ids))
        return []
    from knock_sdk import capture_responses

    with capture_responses() as calls:
        finish(client.messages.batch.mark_as_read(message_ids=ids))
    return list(calls[0].rate_limited.get("message_ids", ()))


def skipped(subject: Subject) -> Outcome:
    """Send skipped ids again until none is skipped."""
    shown, held = [], True
    ids = [str(number) for number in range(1, 101)]
    for name, caller in CALLERS.items():
        box = _Mailbox()
        reported: list[str] = []
        with Server.by(box.reply) as server, caller(subject, server.url) as (client, finish):
            left = ids
            for _ in range(ROUNDS):
                batches = [left[start : start + BATCH] for start in range(0, len(left), BATCH)]
                left = [one for batch in batches for one in _mark(client, finish, batch, ours=subject.ours)]
                reported += left
                if not left:
                    break
                time.sleep(1.05)
        shown.append(f"{name}: {len(reported)} ids reported, {len(box.read)} of {len(ids)} done")
        held = held and reported[:2] == ["2", "4"] and box.read == set(ids)
    return Outcome("; ".join(shown), held)


class _Throttling:
    """Responds to the first request for each path with a form of `Retry-After`, to every later one with a user."""

    def __init__(self) -> None:
        self.arrived: dict[str, list[float]] = {}
        self.due: dict[str, float] = {}

    def reply(self, received: Received) -> Reply:
        times = self.arrived.setdefault(received.path, [])
        times.append(received.at)
        if len(times) > 1:
            return respond(json=USER)
        form = FORMS[int(received.path.rpartition("/")[2])]
        headers, requested = form.make(time.time())
        self.due[received.path] = received.at + requested
        return respond(429, json={}, **headers)


def _judge(throttling: _Throttling, ends: dict[int, Any], subject: Subject) -> tuple[int, list[str], list[str]]:
    """Return the number of foreign exceptions, the forms retried too early, and those not obeyed or not raised."""
    foreign = sum(isinstance(end, Exception) and not isinstance(end, subject.error) for end in ends.values())
    early, wrong = [], []
    for number, form in enumerate(FORMS):
        path = f"/v1/users/{number}"
        times = throttling.arrived[path]
        failed = isinstance(ends[number], Exception)
        if failed != form.too_long or len(times) != (1 if failed else 2):
            wrong.append(form.name)
        elif not failed and times[1] < throttling.due[path] - 0.001:
            early.append(form.name)
    return foreign, early, wrong


def requested_waits(subject: Subject) -> Outcome:
    """Send 18 forms of `Retry-After`, sync and async; for knock-sdk, pass 5,000 more to its functions."""
    shown, held = [], True

    def with_threads(url: str) -> dict[int, Any]:
        with subject.client(url) as client:
            return in_threads(lambda number: client.users.get(str(number)), range(len(FORMS)), len(FORMS))

    async def with_tasks(url: str) -> dict[int, Any]:
        async with subject.async_client(url) as client:
            return await in_tasks(lambda number: client.users.get(str(number)), range(len(FORMS)), len(FORMS))

    for name, run in (("sync", with_threads), ("async", lambda url: asyncio.run(with_tasks(url)))):
        throttling = _Throttling()
        with Server.by(throttling.reply) as server:
            ends = run(server.url)
        foreign, early, wrong = _judge(throttling, ends, subject)
        shown.append(f"{name}: {foreign} foreign, {_count(early)} too early, {_count(wrong)} not obeyed or not raised")
        held = held and not foreign and not early and not wrong
    if subject.ours:
        problems = fuzz(5000)
        shown.append(f"{len(problems)} of 5,000 fuzzed wrong{': ' + problems[0] if problems else ''}")
        held = held and not problems
    return Outcome("; ".join(shown), held)


def _count(names: list[str]) -> str:
    return f"{len(names)} ({', '.join(names)})" if names else "0"


class _Closing:
    """Closes a pooled connection as a request arrives on it, the first time that it receives the request."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()
        self.reused = 0
        self.gaps: list[float] = []
        self._last = 0.0
        self._used: set[int] = set()

    def reply(self, received: Received) -> Reply:
        name = received.json["data"]["n"] if received.body else received.path.rpartition("/")[2]
        self.arrived[name] += 1
        if name.startswith("stale") and self.arrived[name] == 1:
            self.reused += received.connection in self._used
            self._last = received.at
            return reset if received.number % 2 else hang_up
        if name.startswith("stale-get"):
            self.gaps.append(received.at - self._last)
        self._used.add(received.connection)
        schedule: dict[str, Any] = {
            "__typename": "Schedule",
            "id": name,
            "workflow": "flow",
            "recipient": "u1",
            "repeats": [],
        }
        return respond(json=[schedule] if received.body else USER)


STALE = 10


def stale(subject: Subject) -> Outcome:
    """The server closes a kept connection between two calls, and just as a request arrives."""
    shown, held, quick = [], True, True
    for name, caller in CALLERS.items():
        closing = _Closing()
        failed = 0
        with Server.by(closing.reply) as server, caller(subject, server.url) as (client, finish):

            def create(given: str) -> bool:
                try:
                    finish(client.schedules.create(recipients=["u1"], workflow="flow", data={"n": given}))
                except subject.error:
                    return False
                return True

            for number in range(STALE):
                for close in (True, False):
                    for kind in ("get", "create"):
                        finish(client.users.get("warm"))
                        if close:
                            server.close_idle()
                        wanted = f"{'idle' if close else 'stale'} {kind} {number}"
                        if kind == "create":
                            failed += not create(wanted) and close
                        else:
                            finish(client.users.get(wanted.replace(" ", "-")))
        twice = sum(count > 1 for wanted, count in closing.arrived.items() if "create" in wanted)
        slowest = max(closing.gaps)
        shown.append(
            f"{name}: GET resent after {slowest * 1000:.0f} ms at most, {twice} of {2 * STALE} schedules sent twice"
        )
        held = held and len(closing.gaps) == STALE and not twice and not failed and closing.reused == 2 * STALE
        quick = quick and slowest <= 0.1
    return Outcome("; ".join(shown), held, quick)


ROWS: list[Row] = [
    Row(6, "200 with `x-ratelimited-message_ids: 2,4,…`", "skipped ids visible; a loop finishes 100 %", skipped),
    Row(
        17,
        "18 forms of `Retry-After`, 5,000 fuzzed",
        "0 foreign exceptions; never earlier than requested; above 60 s raised at once",
        requested_waits,
    ),
    Row(20, "Pooled connection closed by the server", "GET resent ≤ 50 ms; `schedules.create` sent ≤ 1 time", stale),
]
