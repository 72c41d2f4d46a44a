"""A server that keeps account of what it was made to do, while a part of the requests meets with a fault."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from .server import Server, after, answer, message, raw, reset

if TYPE_CHECKING:
    from .server import Received, Reply

FAULTS = ("reset before", "reset after", "500", "503", "half", "late")
ON_ARRIVAL = 0.19
"""Share of the requests that meet with one of the faults above."""
ON_ACCEPT = 0.1
"""Share of the connections that are reset when they are made; there are far fewer of them than requests."""
SEED = 20


class Ledger:
    """Carries triggers out once per idempotency key, and schedules, which take no key, each time.

    A request tells in `data.n` which call it belongs to. Faults are drawn by that number and that of the attempt, so
    that they do not depend on how threads and tasks take turns. What is answered with 500 or 503 is not carried out.

    Attributes:
        attempts: requests that arrived, by call.
        committed: how often a call was carried out, by call.
        sent: the different pairs of key and body that arrived, by call.
        faults: how often each fault was made.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.attempts: Counter[int] = Counter()
        self.committed: Counter[int] = Counter()
        self.sent: defaultdict[int, set[tuple[str | None, bytes]]] = defaultdict(set)
        self.faults: Counter[str] = Counter()
        self._keys: dict[str, int] = {}

    def server(self) -> Server:
        """Return the server, not yet listening."""
        server = Server.by(self._reply)
        server.turns_away = self._turns_away
        return server

    @property
    def shared_keys(self) -> int:
        """Keys that came with more than one call."""
        users = Counter(key for pairs in self.sent.values() for key in {key for key, _ in pairs} if key is not None)
        return sum(count > 1 for count in users.values())

    @property
    def doubled(self) -> int:
        """Calls that were carried out more than once."""
        return sum(count > 1 for count in self.committed.values())

    @property
    def altered(self) -> int:
        """Calls whose attempts differed in key or body."""
        return sum(len(pairs) > 1 for pairs in self.sent.values())

    @property
    def share(self) -> float:
        """Part of all attempts that met with a fault."""
        faults = self.faults.total()
        return faults / (self.attempts.total() + self.faults["accept"])

    def _turns_away(self, connection: int) -> bool:
        turned = random.Random(f"{SEED} accept {connection}").random() < ON_ACCEPT
        self.faults["accept"] += turned
        return turned

    def _reply(self, received: Received) -> Reply:
        number = received.json["data"]["n"]
        self.attempts[number] += 1
        self.sent[number].add((received.headers.get("idempotency-key"), received.body))
        chance = random.Random(f"{SEED} {number} {self.attempts[number]}")
        fault = chance.choice(FAULTS) if chance.random() < ON_ARRIVAL else None
        if fault is not None:
            self.faults[fault] += 1
        if fault == "reset before":
            return reset
        if fault in {"500", "503"}:
            return answer(int(fault))
        self._commit(received, number)
        if fault == "reset after":
            return reset
        whole = message(json=_result(received))
        if fault == "half":
            return raw(whole[:-20], then_close=True)
        return raw(whole) if fault is None else after(chance.uniform(0.05, 0.2), raw(whole))

    def _commit(self, received: Received, number: int) -> None:
        key = received.headers.get("idempotency-key") if "/trigger" in received.path else None
        if key is None or key not in self._keys:
            self.committed[number] += 1
        if key is not None:
            self._keys.setdefault(key, number)


def _result(received: Received) -> object:
    if "/trigger" in received.path:
        return {"workflow_run_id": "5d6c2f5e-9f2e-4f0a-8a53-3a8c7f1b8f10"}
    given = json.loads(received.body)
    return [
        {
            "__typename": "Schedule",
            "id": f"schedule-{given['data']['n']}",
            "workflow": given["workflow"],
            "recipient": given["recipients"][0],
            "inserted_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
            "repeats": [],
        }
    ]
