"""A server that records which calls it carried out, and makes a share of the requests fail.

`LedgerProcess` runs it in its own process, so that its memory is not counted as the client's.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from .server import Server, after, message, raw, reset, respond
from .server_process import COUNTS, ServerProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .server import Received, Reply

FAULTS = ("reset before", "reset after", "500", "503", "half", "late")
ON_ARRIVAL = 0.19
"""Share of the requests that get one of the faults above."""
ON_ACCEPT = 0.1
"""Share of the connections that are reset when accepted; there are far fewer connections than requests."""
SEED = 20


class Ledger:
    """Carries out a trigger once per idempotency key, and a schedule, which has no key, each time.

    `data.n` in a request is the number of its call. Faults are drawn by the numbers of the call and of the attempt, so
    that they do not depend on the scheduling of threads and tasks. A request that gets 429, 500 or 503 is not carried
    out.

    Attributes:
        attempts: requests received, by call.
        committed: number of times each call was carried out.
        sent: distinct pairs of idempotency key and body, by call.
        faults: number of times each fault was made.
    """

    def __init__(
        self, faults: Sequence[str] = FAULTS, on_arrival: float = ON_ARRIVAL, on_accept: float = ON_ACCEPT
    ) -> None:
        """Fail these shares of the requests and of the connections, on average."""
        self.attempts: Counter[int] = Counter()
        self.committed: Counter[int] = Counter()
        self.sent: defaultdict[int, set[tuple[str | None, bytes]]] = defaultdict(set)
        self.faults: Counter[str] = Counter()
        self._drawn = faults
        self._on_arrival = on_arrival
        self._on_accept = on_accept
        self._keys: dict[str, int] = {}

    def server(self) -> Server:
        """Return the server, which is not listening yet."""
        server = Server.by(self._pick)
        server.resets_connection = self._resets_connection
        self._server = server
        return server

    @property
    def shared_keys(self) -> int:
        """Number of idempotency keys that more than one call used."""
        users = Counter(key for pairs in self.sent.values() for key in {key for key, _ in pairs} if key is not None)
        return sum(count > 1 for count in users.values())

    @property
    def doubled(self) -> int:
        """Number of calls that were carried out more than once."""
        return sum(count > 1 for count in self.committed.values())

    @property
    def altered(self) -> int:
        """Number of calls whose attempts differed in key or body."""
        return sum(len(pairs) > 1 for pairs in self.sent.values())

    @property
    def share(self) -> float:
        """Share of all attempts that got a fault."""
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

    def _resets_connection(self, connection: int) -> bool:
        reset_it = random.Random(f"{SEED} accept {connection}").random() < self._on_accept
        if reset_it:
            self.faults["accept"] += 1
        return reset_it

    def _pick(self, received: Received) -> Reply:
        self._server.requests.clear()  # the counters are enough
        return respond(json=self._counts()) if received.path == COUNTS else self._reply(received)

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
            return respond(429, json={}, retry_after_ms="20")
        if fault in {"500", "503"}:
            return respond(int(fault))
        self._commit(received, number)
        if fault == "reset after":
            return reset
        complete = message(json=_result(received))
        if fault == "half":
            return raw(complete[:-20], then_close=True)
        return raw(complete) if fault is None else after(chance.uniform(0.05, 0.2), raw(complete))

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
    """Runs the server in its own process while its block is open; `counts` returns the totals."""

    def __init__(self, faults: Sequence[str], share: float) -> None:
        """Make `faults` at a share of the requests."""
        super().__init__(__name__, str(share), *faults)


if __name__ == "__main__":
    with Ledger(sys.argv[2:], float(sys.argv[1]), 0).server() as listening:
        print(listening.port, flush=True)
        sys.stdin.read()
