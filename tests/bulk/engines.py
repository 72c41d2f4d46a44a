"""Engines that stand in for the API in tests of bulk jobs: no sockets, and a clock that only waits move."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from anyio.lowlevel import checkpoint

from knock_sdk import AsyncKnock, Knock
from knock_sdk._core.outcome import Failure, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from knock_sdk._core.deadline import Deadline
    from knock_sdk._core.rate_limits.line import Line
    from knock_sdk._core.requests.encode import Outgoing
    from tests.wire.caller import Caller

KEY = "sk_test_canary_2718281828"
START = 1_800_000_000.0


class Clock:
    """A clock that waits move."""

    def __init__(self) -> None:
        self.now = START
        self.lines: dict[str, Line] = {}
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.now

    time = monotonic

    def move(self, seconds: float) -> None:
        with self._lock:
            self.now += max(seconds, 1e-6)


class _SyncClock:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lines = clock.lines
        self.monotonic = self.time = clock.monotonic
        self.sleep = self.pause = clock.move


class _AsyncClock(_SyncClock):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.sleep = self.pause = self._move  # type: ignore[assignment]

    async def _move(self, seconds: float) -> None:
        await checkpoint()
        self._clock.move(seconds)


class _Engine:
    def __init__(self, api: API, clock: _SyncClock | None) -> None:
        self._api = api
        if clock is not None:
            self.clock = clock

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        return self._api.exchange(outgoing)

    def close(self) -> None:
        """Do nothing."""


class _AsyncEngine(_Engine):
    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:  # type: ignore[override]
        await checkpoint()
        return self._api.exchange(outgoing)

    async def close(self) -> None:  # type: ignore[override]
        """Do nothing."""


class Answered(Exception):  # noqa: N818 (it ends the handling of a request, which is no error)
    """Ends the handling of a request with a response."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class API:
    """What clients send to; subclasses say what it answers.

    Attributes:
        clock: the clock, which its clients share.
        sent: the requests: target and body.
    """

    def __init__(self) -> None:
        self.clock = Clock()
        self.sent: list[tuple[str, bytes]] = []
        self._lock = threading.Lock()

    def client(self, caller: Caller, *, own_clock: bool = True, **settings: Any) -> Any:
        """Return a client of the caller's kind."""
        made: Any
        if caller.kind == "sync":
            made = Knock(api_key=KEY, http_client=_Engine(self, _SyncClock(self.clock) if own_clock else None))
        else:
            made = AsyncKnock(
                api_key=KEY, http_client=_AsyncEngine(self, _AsyncClock(self.clock) if own_clock else None)
            )
        return made.with_options(**settings) if settings else made

    def exchange(self, outgoing: Outgoing) -> Response:
        """Answer a request."""
        with self._lock:
            self.sent.append((outgoing.target, outgoing.body))
            try:
                return self.answer(outgoing.target, dict(outgoing.headers), outgoing.body)
            except Answered as answered:
                return answered.response

    def answer(self, target: str, headers: Mapping[bytes, bytes], body: bytes) -> Response:
        """Return the response."""
        raise NotImplementedError


def reply(status: int, content: Any = None, **headers: str) -> Response:
    """Return a response with JSON."""
    named = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    body = json.dumps({} if content is None else content).encode()
    return Response(status, [(b"content-type", b"application/json"), *named], body)


def refusal(status: int, *fields: str) -> Response:
    """Return an error of the API, which names fields."""
    errors = [{"field": field, "message": "is wrong", "type": "t"} for field in fields]
    return reply(status, {"code": "invalid_params", "message": "No.", "errors": errors})


def operation(
    id_: str, status: str = "queued", *, errors: list[str] | None = None, name: str = "users.identify"
) -> Any:
    """Return a bulk operation."""
    failed = errors or []
    return {
        "__typename": "BulkOperation",
        "id": id_,
        "name": name,
        "status": status,
        "estimated_total_rows": 1,
        "processed_rows": 1,
        "success_count": 0,
        "error_count": len(failed),
        "error_items": [{"id": each} for each in failed],
        "inserted_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "started_at": None,
        "completed_at": None,
        "failed_at": None,
        "progress_path": f"/v1/bulk_operations/{id_}",
    }


TRIGGERED = {"workflow_run_id": "5d6c2f5e-9f2e-4f0a-8a53-3a8c7f1b8f10"}


class Answering(API):
    """Answers with a function of the path and the body."""

    def __init__(self, answer: Callable[[str, Any], Response]) -> None:
        super().__init__()
        self._answer = answer

    def answer(self, target: str, headers: Mapping[bytes, bytes], body: bytes) -> Response:
        return self._answer(target, json.loads(body) if body else None)


class Planned(API):
    """Carries items out as a plan says; the number of an item is in its id, such as `u12`.

    `ok`: at once. `422 field`, `422`, `413`: never, and the API names the item or does not. `500`: every try fails.
    `500 thrice`, `429`, `drop before`, `drop after`: the first ones do. `row`: the bulk operation reports an error.
    A key is carried out once. Nothing of a request that fails is carried out, apart from `drop after`.

    Attributes:
        carried_out: number of times that each item was carried out.
        keys: the body that each idempotency key came with.
        changed_keys: number of requests whose key came with another body before.
    """

    TRANSIENT = ("500 thrice", "429", "drop before", "drop after")

    def __init__(self, plan: list[str]) -> None:
        super().__init__()
        self.plan: list[str] = []
        self.carried_out: Counter[int] = Counter()
        self.keys: dict[bytes, bytes] = {}
        self.changed_keys = 0
        self._replies: dict[bytes, Response] = {}
        self._left: dict[int, int] = {}
        self._operations: dict[str, tuple[int, list[str]]] = {}
        for kind in plan:
            self.add(kind)

    def add(self, kind: str) -> None:
        """Plan for another item."""
        if kind in self.TRANSIENT:
            self._left[len(self.plan)] = 3 if kind == "500 thrice" else 1
        self.plan.append(kind)

    def answer(self, target: str, headers: Mapping[bytes, bytes], body: bytes) -> Response:
        if target.startswith("/v1/bulk_operations/"):
            return self._poll(target.rsplit("/", 1)[1])
        key = headers.get(b"idempotency-key")
        if key is not None:
            self.changed_keys += self.keys.setdefault(key, body) != body
            if key in self._replies:
                return self._replies[key]
        content = json.loads(body)
        argument = "users" if "users" in content else "recipients"
        numbers = [int(item["id"][1:]) for item in content[argument]]
        refused = self._refusal(argument, numbers)
        if refused is not None:
            return refused
        dropped = self._fault(numbers)
        for number in numbers:
            self.carried_out[number] += 1
        accepted = reply(200, TRIGGERED)
        if argument == "users":
            id_ = f"op-{len(self._operations)}"
            self._operations[id_] = (0, [f"u{number}" for number in numbers if self.plan[number] == "row"])
            accepted = reply(200, operation(id_))
        if key is not None:
            self._replies[key] = accepted
        if dropped:
            raise Failure("the connection was dropped", sent=True)
        return accepted

    def _refusal(self, argument: str, numbers: list[int]) -> Response | None:
        kinds = [self.plan[number] for number in numbers]
        if "422 field" in kinds:
            fields = [f"{argument}.{place}.email" for place, kind in enumerate(kinds) if kind == "422 field"]
            return refusal(422, *fields)
        for kind in ("422", "413", "500"):
            if kind in kinds:
                return refusal(int(kind))
        return None

    def _fault(self, numbers: list[int]) -> bool:
        """Fail as planned; return whether the connection is to be dropped afterwards."""
        for number in numbers:
            if self._left.get(number):
                self._left[number] -= 1
                kind = self.plan[number]
                if kind == "429":
                    raise Answered(refusal(429))
                if kind == "500 thrice":
                    raise Answered(refusal(500))
                if kind == "drop before":
                    raise Failure("the connection was dropped", sent=True)
                return True
        return False

    def _poll(self, id_: str) -> Response:
        polls, errors = self._operations[id_]
        self._operations[id_] = (polls + 1, errors)
        return reply(200, operation(id_, "completed", errors=errors) if polls else operation(id_, "processing"))
