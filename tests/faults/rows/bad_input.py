"""Rows on bad input: ids that are not plain names, and header values that could end a header."""

from __future__ import annotations

import asyncio
import os
import re
import time
import traceback
from contextlib import contextmanager
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import httpx

from tests.support.calls.recording import AsyncRecorder, Recorder
from tests.support.calls.rows import ROWS as OPERATIONS
from tests.support.methods import reach
from tests.support.server import Server, respond
from tests.support.sides import Async, Sync, both

from ..row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.support.calls.row import Row as Call
    from tests.support.sides import Side
    from tests.support.subjects import Subject

HOSTILE = (
    *("", ".", "..", "/", "a/b", "../../x", "..\\x", "..;/x", "http://other.example/", "//other.example", "a" * 5000),
    *("a?b=c", "a#b", "a&b;c", "a:b@c", "%", "%2e%2e", "%2F", "%252e", "a b", "a+b", "{user_id}", "a\x00b", "\x7f"),
    *("a\r\nX-Evil: 1", "ä", "日本", "😀\u202e", "\ud800", "\udfff\ud800"),
)
FUZZED = 2000
LETTERS = "ab./\\%2eF?#&;:@ +~\r\n\t\x00\x1f\x7f{}[]'\"<>äß\xa0\u200b\u2028\u202e日\ud800\udfff\U0001f600"


class Network:
    """Records the path of each request, in place of a network, and responds with 404."""

    def __init__(self, subject: Subject) -> None:
        self._paths: list[str] = []
        self.client: Any
        self.async_client: Any
        self._recorder: Recorder | None = None
        if subject.ours:
            from knock_sdk._core.outcome import Response

            self._recorder = recorder = Recorder(Response(404, [], b"{}"))
            self.client, self.async_client = recorder, AsyncRecorder(recorder)
        else:
            transport = httpx.MockTransport(self._record)
            self.client, self.async_client = httpx.Client(transport=transport), httpx.AsyncClient(transport=transport)

    def _record(self, request: httpx.Request) -> httpx.Response:
        self._paths.append(request.url.raw_path.decode("ascii").partition("?")[0])
        return httpx.Response(404, json={})

    def take(self) -> list[str]:
        """Return the paths since the last call."""
        paths = self._paths.copy()
        self._paths.clear()
        if self._recorder is not None:
            paths = [sent.path for sent in self._recorder.sent]
            self._recorder.sent.clear()
        return paths

    @contextmanager
    def sides(self, subject: Subject) -> Iterator[tuple[Side, Side]]:
        """Make the clients of a subject on this network."""
        url, loop = "https://api.knock.app", asyncio.new_event_loop()
        client = subject.client(url, http_client=self.client)
        async_client = subject.async_client(url, http_client=self.async_client)
        yield Sync(client), Async(async_client, loop)
        client.close()
        loop.run_until_complete(async_client.close())
        loop.close()


class Tally:
    """Counts the outcomes of ids."""

    def __init__(self, subject: Subject) -> None:
        self._rejections = (subject.error, ValueError)
        self.arrived = self.rejected = self.changed = self.foreign = 0

    def count(self, expected: list[str], paths: list[str], result: object) -> None:
        """Count a call, by the expected segments, the paths that arrived and the result."""
        if not paths:
            # An encoding error is a ValueError too, but not a rejection: it does not name an argument.
            rejected = isinstance(result, self._rejections) and not isinstance(result, UnicodeError)
            self.rejected += rejected
            self.foreign += not rejected
        elif [[unquote(segment) for segment in path.split("/")[1:]] for path in paths] == [expected]:
            self.arrived += 1
        else:
            self.changed += 1


def hostile_ids(subject: Subject) -> Outcome:
    """Call every operation with hostile ids in each position, then with fuzzed ones in all positions."""
    calls = {call.operation: call for call in OPERATIONS if call.args and (subject.ours or not call.only_ours)}
    network, tally = Network(subject), Tally(subject)
    randomly = Random(25)
    with network.sides(subject) as sides:

        def make(side: Side, call: Call, ids: Sequence[str]) -> None:
            result = side.run(lambda client: reach(client, call.call)(*ids, **call.given))
            tally.count(expected_segments(call, ids), network.take(), result)

        for call in calls.values():
            for index in range(len(call.args)):
                for hostile in HOSTILE:
                    for side in sides:
                        make(side, call, [*call.args[:index], hostile, *call.args[index + 1 :]])
        for number in range(FUZZED):
            call = randomly.choice(list(calls.values()))
            ids = ["".join(randomly.choices(LETTERS, k=randomly.randint(0, 30))) for _ in call.args]
            make(sides[number % 2], call, ids)
    over_the_wire(subject, tally)
    shown = (
        f"{len(calls)} operations: {tally.arrived:,} arrived as given, {tally.rejected:,} rejected before sending, "
        f"{tally.changed} changed, {tally.foreign} foreign exceptions"
    )
    enough = tally.arrived > FUZZED and tally.rejected > 0
    return Outcome(shown, enough and tally.changed == tally.foreign == 0)


def over_the_wire(subject: Subject, tally: Tally) -> None:
    """Send the hostile ids to a real server too, since lower layers must not change them either."""
    with Server(respond(404)) as server, both(subject, server.url) as sides:
        for side in sides:
            for hostile in HOSTILE:
                before = len(server.requests)
                result = side.run(partial(get_user, hostile))
                tally.count(["v1", "users", hostile], [r.path for r in server.requests[before:]], result)


def get_user(user_id: str, client: Any) -> Any:
    """Make the simplest call with an id."""
    return client.users.get(user_id)


def expected_segments(call: Call, ids: Sequence[str]) -> list[str]:
    """Return the decoded segments that the server must receive."""
    left = iter(ids)
    template = call.operation.partition(" /")[2].split("/")
    return [next(left) if re.fullmatch(r"\{\w+\}", segment) else segment for segment in template]


CANARY = "value.canary"
BAD = {
    "CR": f"{CANARY}\rx",
    "LF": f"{CANARY}\n",
    "CRLF": f"{CANARY}\r\nX-Evil: 1",
    "NUL": f"\x00{CANARY}",
    "non-Latin": f"{CANARY}ключ",
}
QUICK = 0.005
STILL_QUICK = 0.02
"""Seconds that a rejection may take on a busy machine."""
LONGEST = 20.0
"""Seconds after which no further value is tried, because a client that waits between attempts takes long."""


class HeaderInput(NamedTuple):
    """An input that becomes a header."""

    settings: Callable[[str], dict[str, Any]] = lambda _: {}
    call: Callable[[Any, str], Any] = lambda client, _: client.users.get("u1")
    environment: str = ""
    only_ours: bool = False


def trigger(client: Any, **options: Any) -> Any:
    """Make the call that accepts an idempotency key."""
    return client.workflows.trigger("flow", recipients=["u1"], **options)


INPUTS = {
    "key": HeaderInput(lambda value: {"api_key": value}),
    "key in environment": HeaderInput(lambda _: {"api_key": None}, environment="KNOCK_API_KEY"),
    "branch": HeaderInput(lambda value: {"branch": value}),
    "branch in environment": HeaderInput(environment="KNOCK_BRANCH"),
    "user token": HeaderInput(lambda value: {"user_token": value}, only_ours=True),
    "default value": HeaderInput(lambda value: {"default_headers": {"X-Own": value}}),
    "default name": HeaderInput(lambda value: {"default_headers": {value: "own"}}),
    "extra value": HeaderInput(call=lambda client, value: client.users.get("u1", extra_headers={"X-Own": value})),
    "extra name": HeaderInput(call=lambda client, value: client.users.get("u1", extra_headers={value: "own"})),
    "idempotency key": HeaderInput(call=lambda client, value: trigger(client, idempotency_key=value)),
    "idempotency header": HeaderInput(
        call=lambda client, value: trigger(client, extra_headers={"Idempotency-Key": value})
    ),
}


def bad_headers(subject: Subject) -> Outcome:
    """Put characters that are invalid in headers into every input that becomes one."""
    refused = shown = tried = 0
    slowest = 0.0
    with Server(respond(json={"id": "u1"})) as server:
        with both(subject, server.url) as sides:  # modules are loaded before times are taken
            for side in sides:
                side.run(trigger)
                side.run(lambda client: client.users.get("u1"))
        good, connections = len(server.requests), server.accepted
        started = time.monotonic()
        for each in INPUTS.values():
            for value in BAD.values():
                if (each.only_ours and not subject.ours) or time.monotonic() - started > LONGEST:
                    continue
                if each.environment and "\x00" in value:
                    continue  # the system does not accept it
                for error, seconds in attempts(subject, server.url, each, value):
                    tried += 1
                    refused += isinstance(error, (subject.error, ValueError))
                    shown += error is not None and CANARY in "".join(traceback.format_exception(error))
                    slowest = max(slowest, seconds)
        sent, connected = len(server.requests) - good, server.accepted - connections
    text = (
        f"{refused} of {tried} rejected with {sent} requests and {connected} connections, "
        f"slowest {slowest * 1000:.1f} ms, value shown {shown} times"
    )
    held = refused == tried and tried >= 100 and not sent + connected + shown
    return Outcome(text, held=held, quick=slowest <= STILL_QUICK)


def attempts(subject: Subject, url: str, source: HeaderInput, value: str) -> list[tuple[Exception | None, float]]:
    """Make a client and a call with a value, sync and async; return the exception and the duration of each."""
    found: list[tuple[Exception | None, float]] = []
    if source.environment:
        os.environ[source.environment] = value
    for one in (sync_attempt, async_attempt):
        taken = one(subject, url, source, value)
        # A second attempt tells a slow rejection from a busy machine.
        found.append(taken if taken[1] <= QUICK or taken[1] > 0.2 else one(subject, url, source, value))
    if source.environment:
        del os.environ[source.environment]
    return found


def sync_attempt(subject: Subject, url: str, source: HeaderInput, value: str) -> tuple[Exception | None, float]:
    """Make a synchronous client, and a call with it."""
    started = time.monotonic()
    try:
        with subject.client(url, **source.settings(value)) as client:
            source.call(client, value)
    except Exception as error:  # noqa: BLE001 (the row checks it)
        return error, time.monotonic() - started
    return None, time.monotonic() - started


def async_attempt(subject: Subject, url: str, source: HeaderInput, value: str) -> tuple[Exception | None, float]:
    """Make an asynchronous client, and a call with it."""

    async def main() -> tuple[Exception | None, float]:
        started = time.monotonic()
        try:
            async with subject.async_client(url, **source.settings(value)) as client:
                await source.call(client, value)
        except Exception as error:  # noqa: BLE001 (the row checks it)
            return error, time.monotonic() - started
        return None, time.monotonic() - started

    return asyncio.run(main())


ROWS: list[Row] = [
    Row(
        25,
        "30 hostile ids × all path operations + 2,000 fuzzed",
        "decoded segment equals input, or rejected before sending",
        hostile_ids,
    ),
    Row(
        26,
        "CR, LF, NUL, non-Latin in any header value",
        "rejected before sending, <5 ms, value never in text",
        bad_headers,
    ),
]
