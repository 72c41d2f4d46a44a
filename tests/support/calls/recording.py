"""Transports that record requests and return a prepared response, and the calls made through them."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from codegen.contract.document import SCHEMA_PREFIX, load
from knock_sdk import AsyncKnock, Knock
from knock_sdk._core.outcome import Response
from tests.support.examples import example
from tests.support.methods import reach
from tests.support.paths import CONTRACT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from codegen.contract.document import Operation
    from knock_sdk._core.deadline import Deadline
    from knock_sdk._core.requests.encode import Outgoing

    from .row import Row

CONTRACT = load(CONTRACT_FILE)
OPERATIONS: Mapping[str, Operation] = {operation.key: operation for operation in CONTRACT.operations}
KEY = "sk_test_recorded"
NO_CONTENT = Response(204, [], b"")


class Sent(NamedTuple):
    """A request as a server would read it."""

    verb: str
    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None; fail if it was sent twice."""
        values = [value for key, value in self.headers if key == name]
        assert len(values) <= 1, f"{name} was sent {len(values)} times"
        return values[0] if values else None


def parse_request(verb: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes) -> Sent:
    """Parse a request; its query is decoded and sorted."""
    path, mark, query = target.partition("?")
    assert mark == "" or query != "", "a question mark without a query"
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    return Sent(
        verb, path, sorted(pairs), [(name.decode().lower(), value.decode()) for name, value in headers], bytes(body)
    )


class Recorder:
    """Records the requests of a `Knock` client in place of an engine."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.sent: list[Sent] = []

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        self.sent.append(parse_request(outgoing.operation.method, outgoing.target, outgoing.headers, outgoing.body))
        return self.response

    def close(self) -> None:
        """Do nothing."""


class AsyncRecorder:
    """Does the same for an `AsyncKnock` client."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        return self.recorder.exchange(outgoing, deadline)

    async def close(self) -> None:
        """Do nothing."""


def call_sync(recorder: Recorder, call: Callable[[Any], Any]) -> Any:
    """Make a call with a `Knock` client."""
    with Knock(api_key=KEY, http_client=recorder) as client:
        return call(client)


def call_async(recorder: Recorder, call: Callable[[Any], Any]) -> Any:
    """Make a call with an `AsyncKnock` client and await it."""

    async def main() -> Any:
        async with AsyncKnock(api_key=KEY, http_client=AsyncRecorder(recorder)) as client:
            return await call(client)

    return asyncio.run(main())


SIDES = {"Knock": call_sync, "AsyncKnock": call_async}
"""Functions that make a call, by the name of the client."""


@cache
def make_call(side: str, row: Row) -> tuple[Sent, Any]:
    """Make the call of a row, once; return the only request that it sent, and its result."""
    recorder = Recorder(example_response(row.operation))
    result = SIDES[side](recorder, lambda client: reach(client, row.call)(*row.args, **row.given))
    (sent,) = recorder.sent
    return sent, result


@cache
def example_response(operation: str) -> Response:
    """Return a complete response of an operation, from the example bodies."""
    schema = OPERATIONS[operation].response
    if schema is None:
        return NO_CONTENT
    is_list = schema.get("type") == "array"
    body = json.loads(example((schema["items"] if is_list else schema)["$ref"].removeprefix(SCHEMA_PREFIX)))
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"x-request-id", b"F9a1b2c3")]
    return Response(200, headers, json.dumps([body] if is_list else body).encode())
