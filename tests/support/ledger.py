"""A server that keeps account of what it was made to do, while a part of the requests meets with a fault.

`LedgerProcess` runs it in a process of its own, where its memory is not the client's.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from .server import Server, after, answer, message, raw, reset
from .server_process import COUNTS, ServerProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    that they do not depend on how threads and tasks take turns. What gets 429, 500 or 503 is not carried out.

    Attributes:
        attempts: requests that arrived, by call.
        committed: how often a call was carried out, by call.
        sent: the different pairs of key and body that arrived, by call.
        faults: how often each fault was made.
    """

    def __init__(
        self, faults: Sequence[str] = FAULTS, on_arrival: float = ON_ARRIVAL, on_accept: float = ON_ACCEPT
    ) -> None:
        """Start empty; fail these shares of the requests and of the connections, on the average."""
        self.attempts: Counter[int] = Counter()
        self.committed: Counter[int] = Counter()
        self.sent: defaultdict[int, set[tuple[str | None, bytes]]] = defaultdict(set)
        self.faults: Counter[str] = Counter()
        self._drawn = faults
        self._on_arrival = on_arrival
        self._on_accept = on_accept
        self._keys: dict[str, int] = {}

    def server(self) -> Server:
        """Return the server, not yet listening."""
        server = Server.by(self._pick)
        server.turns_away = self._turns_away
        self._server = server
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

    def _counts(self) -> dict[str, object]:
        return {
            "attempts": self.attempts.total(),
            "committed": len(self.committed),
            "doubled": self.doubled,
            "altered": self.altered,
            "faults": dict(self.faults),
        }

    def _turns_away(self, connection: int) -> bool:
        turned = random.Random(f"{SEED} accept {connection}").random() < self._on_accept
        if turned:
            self.faults["accept"] += 1
        return turned

    def _pick(self, received: Received) -> Reply:
        self._server.requests.clear()  # the account is enough
        return answer(json=self._counts()) if received.path == COUNTS else self._reply(received)

    def _reply(self, received: Received) -> Reply:
        number = received.json["data"]["n"]
        self.attempts[number] += 1
        self.sent[number].add((received.headers.get("idempotency-key"), received.body))
        chance = random.Random(f"{SEED} {number} {self.attempts[number]}")
        fault = chance.choice(self._drawn) if chance.random() < self._on_arrival else None
        if fault is not None:
            self.faults[fault] += 1
        if fault == "reset before":
            return reset
        if fault == "429":
            return answer(429, json={}, retry_after_ms="20")
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


class LedgerProcess(ServerProcess):
    """Runs the server in a process of its own while its block is open; `counts` returns the totals of the account."""

    def __init__(self, faults: Sequence[str], share: float) -> None:
        """Make some faults at a share of the requests."""
        super().__init__(__name__, str(share), *faults)


if __name__ == "__main__":
    with Ledger(sys.argv[2:], float(sys.argv[1]), 0).server() as listening:
        print(listening.port, flush=True)
        sys.stdin.read()
