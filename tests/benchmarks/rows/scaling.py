"""Cost per item, from 10 to 100,000 items: of iterating a list, encoding a body and decoding a response."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from tests.support.subjects import SUBJECTS

from ..bodies import PAGE_SIZE, user_page
from ..by_hand import RECIPIENTS, WORKFLOW, Canned
from ..measure import interleave, per_call
from ..row import OURS, Goal, Row
from ..server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..row import Effort, Samples

SIZES = (10, 100, 1_000, 10_000, 100_000)
ITEMS = 10_000
"""Minimum number of items per figure, so that figures of few items are as stable as those of many."""


def scaling_iterate(effort: Effort) -> Samples:
    """Measure the seconds per user of iterating a list, 50 on a page, over a pooled connection."""
    with Server() as server, ExitStack() as stack:
        calls: dict[int, Callable[[], object]] = {}
        for size in SIZES:
            client = stack.enter_context(SUBJECTS[OURS]().client(server.with_list(size)))
            calls[size] = lambda client=client: sum(1 for _ in client.users.list(page_size=PAGE_SIZE))
        for size, call in calls.items():
            assert call() == size
        return _per_item(effort, calls)


def scaling_encode(effort: Effort) -> Samples:
    """Measure the seconds per object in the data of a trigger, through the client's method without connections."""
    with SUBJECTS[OURS]().client("http://127.0.0.1", http_client=Canned()) as client:

        def call(items: list[dict[str, Any]]) -> object:
            return client.workflows.trigger(WORKFLOW, recipients=RECIPIENTS, data={"items": items})

        bodies = {size: [{"sku": f"A-{n}", "count": n, "price": 18.5} for n in range(size)] for size in SIZES}
        return _per_item(effort, {size: lambda items=items: call(items) for size, items in bodies.items()})


def scaling_decode(effort: Effort) -> Samples:
    """Measure the seconds per user of a response with all of them, through the client's method without connections."""
    with ExitStack() as stack:
        calls: dict[int, Callable[[], object]] = {}
        for size in SIZES:
            engine = Canned(user_page(size, None))
            client = stack.enter_context(SUBJECTS[OURS]().client("http://127.0.0.1", http_client=engine))
            calls[size] = lambda client=client: len(client.users.list().items)
        for size, call in calls.items():
            assert call() == size
        return _per_item(effort, calls)


def scaling_json_loads(effort: Effort) -> Samples:
    """Measure the seconds per user of `json.loads` with the same responses, which shows the cost of many objects."""
    bodies = {size: user_page(size, None) for size in SIZES}
    return _per_item(effort, {size: lambda body=body: json.loads(body) for size, body in bodies.items()})


def _per_item(effort: Effort, calls: dict[int, Callable[[], object]]) -> Samples:
    def sampler(size: int) -> Callable[[], float]:
        sample = per_call(calls[size], max(1, ITEMS // size))
        return lambda: sample() / size

    return interleave(effort, {f"{size:,}": sampler(size) for size in SIZES}, effort.of(9, 2), warm_up=1)


CONSTANT = (Goal("100,000", "1,000", 1.25),)
ROWS = tuple(
    Row(f"scaling-{name}", what, measure, goals, base="1,000")
    for name, what, measure, goals in (
        ("walk", "cost per item of iterating a list", scaling_iterate, CONSTANT),
        ("encode", "cost per item of encoding a body", scaling_encode, CONSTANT),
        ("decode", "cost per item of decoding a response", scaling_decode, CONSTANT),
        ("json-loads", "the same of `json.loads`, for comparison", scaling_json_loads, ()),
    )
)
