"""A server in a process of its own that carries triggers out once per idempotency key, and fails on purpose.

It prints its port. `GET /counts` tells what it has seen since the start.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter

FAULTS = ("refuse", "fail", "throttle", "lose")
"""Reset before the request is carried out; 503; 429; reset after it was carried out."""


class Ledger:
    """What was carried out."""

    def __init__(self, share: float, seed: int) -> None:
        self.share = share
        self.chance = random.Random(seed)
        self.runs: dict[str, str] = {}
        self.commits: Counter[str] = Counter()
        self.requests = 0
        self.faults: Counter[str] = Counter()

    def fault(self) -> str | None:
        """Pick a fault for a request, or none."""
        self.requests += 1
        if self.chance.random() >= self.share:
            return None
        name = self.chance.choice(FAULTS)
        self.faults[name] += 1
        return name

    def run(self, key: str) -> str:
        """Carry a trigger out, unless its key was seen; return the run."""
        if key not in self.runs:
            self.commits[key] += 1
            self.runs[key] = f"run-{len(self.runs)}"
        return self.runs[key]

    def counts(self) -> dict[str, object]:
        """Return the totals."""
        return {
            "requests": self.requests,
            "keys": len(self.runs),
            "doubled": sum(count > 1 for count in self.commits.values()),
            "faults": dict(self.faults),
        }


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", "0"))
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.answer(first.split(" ")[1], headers)

    def answer(self, target: str, headers: dict[str, str]) -> None:
        if target == "/counts":
            self.send(200, self.ledger.counts())
            return
        fault = self.ledger.fault()
        if fault == "refuse":
            self.transport.abort()
        elif fault == "fail":
            self.send(503, {"message": "unavailable"})
        elif fault == "throttle":
            self.send(429, {"message": "slow down"}, b"retry-after-ms: 20\r\n")
        else:
            run = self.ledger.run(headers["idempotency-key"])
            if fault == "lose":
                self.transport.abort()
            else:
                self.send(200, {"workflow_run_id": run})

    def send(self, status: int, data: object, more: bytes = b"") -> None:
        body = json.dumps(data).encode()
        self.transport.write(b"HTTP/1.1 %d x\r\ncontent-length: %d\r\n%s\r\n%s" % (status, len(body), more, body))


async def main(share: float, seed: int) -> None:
    """Serve until the process is ended."""
    ledger = Ledger(share, seed)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(ledger), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), int(sys.argv[2])))
