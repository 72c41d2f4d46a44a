"""The simulator in a process of its own, with rate limits, that notes when requests arrive and can kill a sender.

Run as a program, with the number of the trigger whose sender is killed, or 0, and `group` if its group is killed too.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import uvicorn
from pydantic_core import from_json, to_json

from knock_sdk.testing import Simulator
from knock_sdk.testing.server.app import app
from knock_sdk.testing.server.uvicorn_server import bind
from tests.support.server_process import COUNTS, ServerProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

WORKFLOW = "welcome"
IDENTIFY, TRIGGER = "bulkIdentifyUsers", "triggerWorkflow"


class Seen(NamedTuple):
    """What arrived.

    Attributes:
        requests: number of requests, by operation.
        refused: number of those that came too early and got 429.
        busiest: largest number of requests in any second.
        seconds: time from the first request to the last.
        users: number of times that each user was identified.
        messages: number of messages that each recipient got.
        replayed: number of triggers whose key was known, so that they were not carried out again.
        killed: the process that was killed, None if none was.
    """

    requests: dict[str, int]
    refused: dict[str, int]
    busiest: dict[str, int]
    seconds: dict[str, float]
    users: dict[str, int]
    messages: dict[str, int]
    replayed: int
    killed: int | None


class Receiver(ServerProcess):
    """Runs the simulator while its block is open."""

    def __init__(self, kill_at: int = 0, *, whole_group: bool = False) -> None:
        """Kill the process that sends the trigger with this number, when it has arrived; none with 0.

        Args:
            kill_at: number of the trigger.
            whole_group: whether to kill all processes of its group.
        """
        super().__init__(__name__, str(kill_at), *(["group"] if whole_group else []))

    def seen(self) -> Seen:
        """Return what has arrived until now."""
        return Seen(**self.counts())


class _Watched:
    """Passes requests to the simulator, and notes them."""

    def __init__(self, simulator: Simulator, inner: ASGIApp, kill_at: int, kill: Callable[[int], None]) -> None:
        self._simulator = simulator
        self._inner = inner
        self._kill_at = kill_at
        self._kill = kill
        self._arrivals: defaultdict[str, list[float]] = defaultdict(list)
        self._killed: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
        elif scope["path"] == COUNTS:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": to_json(self._seen())})
        else:
            operation = _operation(scope["path"])
            arrivals = self._arrivals[operation]
            arrivals.append(time.monotonic())
            if operation == TRIGGER and len(arrivals) == self._kill_at:
                # The hardest moment: the trigger is carried out, and its sender never learns it.
                self._killed = owner_of(scope["client"][1])
                self._kill(self._killed)
            await self._inner(scope, receive, send)

    def _seen(self) -> dict[str, Any]:
        requests: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        users: Counter[str] = Counter()
        replayed = 0
        for each in self._simulator.requests:
            if each.operation is None:
                continue
            requests[each.operation] += 1
            refused[each.operation] += each.status == 429
            replayed += each.replayed
            if each.operation == IDENTIFY and each.status == 200:
                users.update(user["id"] for user in from_json(each.body)["users"])
        return Seen(
            requests,
            refused,
            {name: _busiest_second(times) for name, times in self._arrivals.items()},
            {name: times[-1] - times[0] for name, times in self._arrivals.items()},
            users,
            Counter(str(message.recipient) for message in self._simulator.messages()),
            replayed,
            self._killed,
        )._asdict()


def _operation(path: str) -> str:
    if path == "/v1/users/bulk/identify":
        return IDENTIFY
    return TRIGGER if path.endswith("/trigger") else "other"


def _busiest_second(times: list[float]) -> int:
    return max(bisect_left(times, start + 1) - index for index, start in enumerate(times))


def owner_of(port: int) -> int:
    """Return the process that has the connection from this port of 127.0.0.1; on Linux alone."""
    end = f"0100007F:{port:04X}"
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        fields = line.split()
        if fields[1] == end:
            return _holder_of(f"socket:[{fields[9]}]")
    raise LookupError(f"nobody has port {port}")


def _holder_of(socket: str) -> int:
    for process in Path("/proc").iterdir():
        if not re.fullmatch(r"\d+", process.name):
            continue
        try:
            if any(os.readlink(file) == socket for file in (process / "fd").iterdir()):  # noqa: PTH115 (a text)
                return int(process.name)
        except OSError:  # it has ended, or belongs to another user
            continue
    raise LookupError(f"no process has {socket}")


def _kill_process(process: int) -> None:
    os.kill(process, signal.SIGKILL)


def _kill_group(process: int) -> None:
    os.killpg(os.getpgid(process), signal.SIGKILL)


def main(kill_at: int, kill: Callable[[int], None]) -> None:
    """Serve until the input ends."""
    simulator = Simulator()
    simulator.workflow(WORKFLOW, channels=["in_app_feed"])
    simulator.rate_limits = True
    inner = app(simulator, real_time=True)
    listening = bind("127.0.0.1", 0)
    watched = _Watched(simulator, inner, kill_at, kill)
    server = uvicorn.Server(uvicorn.Config(watched, lifespan="on", log_config=None, access_log=False))

    def end() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    server.run([listening])


if __name__ == "__main__":
    main(int(sys.argv[1]), _kill_group if "group" in sys.argv else _kill_process)
