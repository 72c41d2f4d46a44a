"""A page of 50 messages: the whole call with every field read, and decoding alone."""

from __future__ import annotations

import json
from contextlib import ExitStack
from operator import getitem
from typing import TYPE_CHECKING, Any, NamedTuple

from ..bodies import PAGE_SIZE, messages
from ..by_hand import BareSocket, request_of, with_headers
from ..measure import interleave, per_call
from ..row import BARE, LIMIT, OURS, PEER, Goal, Row
from ..server import Server
from ..subjects import subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..row import Effort, Samples

    Get = Callable[[Any, str], Any]

RECORDS = ("channel", "recipient_snapshot", "source")
"""Fields that contain a record; the data and metadata of a message are the user's own JSON."""
REFERENCE = ("id", "collection")
TYPENAME = {OURS: "typename", PEER: "api_typename", BARE: "__typename"}


class Names(NamedTuple):
    """Names of the fields to read, as a subject spells them."""

    message: tuple[str, ...]
    records: tuple[tuple[str, tuple[str, ...]], ...]


def names_for(subject: str) -> Names:
    """Return the names of every field of a message and of the records in it."""
    example = json.loads(messages(1))["items"][0]

    def spelt(record: dict[str, Any]) -> tuple[str, ...]:
        return tuple(TYPENAME[subject] if name == "__typename" else name for name in record)

    return Names(spelt(example), tuple((name, spelt(example[name])) for name in RECORDS))


def read_fields(items: Iterable[Any], get: Get, names: Names) -> int:
    """Read every field of every message, from objects and dicts alike; return the number of fields."""
    count = 0
    for message in items:
        for name in names.message:
            get(message, name)
        for field, below in names.records:
            record = get(message, field)
            for name in below:
                get(record, name)
            count += len(below)
        for reference in (get(message, "recipient"), *get(message, "actors")):
            if not isinstance(reference, str):
                for name in REFERENCE:
                    get(reference, name)
        count += len(names.message)
    return count


def page(effort: Effort) -> Samples:
    """Fetch a page of 50 messages over a pooled connection, and read every field, including those of nested records.

    This client and the vendor's: `messages.list().items`, attributes. By hand: `httpx.Client.get(...).json()`, keys.
    Limit: `socket.sendall` and `recv` of those bytes, without decoding.
    """

    def read(name: str, client: Any) -> Callable[[], int]:
        names = names_for(name)
        return lambda: read_fields(client.messages.list().items, getattr, names)

    return _measure(effort, read)


def page_data(effort: Effort) -> Samples:
    """Do the same with plain data: `get("/v1/messages")` of this client and of the vendor's; fields are read by key."""

    def read(name: str, client: Any) -> Callable[[], int]:
        options = {} if name == OURS else {"cast_to": object}
        names = names_for(BARE)
        return lambda: read_fields(client.get("/v1/messages", **options)["items"], getitem, names)

    return _measure(effort, read)


def _measure(effort: Effort, read: Callable[[str, Any], Callable[[], int]]) -> Samples:
    import httpx

    with Server() as server, ExitStack() as stack:
        request = request_of(server.url, lambda client: client.messages.list(), messages())
        url = server.url + request.target
        bare = stack.enter_context(with_headers(httpx.Client(), request))
        names = names_for(BARE)
        limit = stack.enter_context(BareSocket(server.url, request))
        calls: dict[str, Callable[[], object]] = {
            BARE: lambda: read_fields(bare.get(url).json()["items"], getitem, names),
            LIMIT: limit.call,
        }
        for name, subject in subjects().items():
            calls[name] = read(name, stack.enter_context(subject.client(server.url)))
        expected = PAGE_SIZE * (len(names.message) + sum(len(below) for _, below in names.records))
        for name, call in calls.items():
            assert name == LIMIT or call() == expected
        return interleave(effort, {name: per_call(call, 10) for name, call in calls.items()}, effort.of(160, 20))


def page_decode(effort: Effort) -> Samples:
    """Decode the bytes of that page, without a call: the model's `model_validate_json`, and `json.loads`."""
    from knock_sdk.types import ListMessagesResponse

    body = messages()
    calls: dict[str, Callable[[], object]] = {
        OURS: lambda: ListMessagesResponse.model_validate_json(body),
        BARE: lambda: json.loads(body),
    }
    return interleave(effort, {name: per_call(call, 20) for name, call in calls.items()}, effort.of(60, 20))


ROWS = (
    Row(
        "page",
        "a page of 50 messages, every field read",
        page,
        (Goal(OURS, BARE, 1.12), Goal(OURS, PEER, 0.12)),
    ),
    Row("page-data", "that page as plain data, every field read", page_data, (Goal(OURS, BARE, 0.60),)),
    Row("page-decode", "decoding that page alone (baseline: `json.loads`)", page_decode),
)
