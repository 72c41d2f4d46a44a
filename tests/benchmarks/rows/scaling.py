"""Cost per item, from 10 items to 100,000: a list that is walked, a body that is encoded, an answer that is decoded."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from tests.support.subjects import SUBJECTS

from ..bodies import PAGE_SIZE, user_page
from ..by_hand import Canned
from ..measure import interleave, per_call
from ..row import OURS, Goal, Row
from ..server import Server
from .triggers import RECIPIENTS, WORKFLOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..row import Effort, Samples

SIZES = (10, 100, 1_000, 10_000, 100_000)
ITEMS = 10_000
"""How many items a figure takes at least, so that those of few items are as steady as those of many."""


def scaling_walk(effort: Effort) -> Samples:
    """Seconds per user of a list that is walked, 50 on a page, over a kept connection."""
    with Server() as server, ExitStack() as stack:
        calls: dict[int, Callable[[], object]] = {}
        for size in SIZES:
            client = stack.enter_context(SUBJECTS[OURS]().client(server.with_list(size)))
            calls[size] = lambda client=client: sum(1 for _ in client.users.list(page_size=PAGE_SIZE))
        for size, call in calls.items():
            assert call() == size
        return _per_item(effort, calls)


def scaling_encode(effort: Effort) -> Samples:
    """Seconds per object in the data of a trigger, through the client's method and without connections."""
    with SUBJECTS[OURS]().client("http://127.0.0.1", http_client=Canned()) as client:

        def call(items: list[dict[str, Any]]) -> object:
            return client.workflows.trigger(WORKFLOW, recipients=RECIPIENTS, data={"items": items})

        bodies = {size: [{"sku": f"A-{n}", "count": n, "price": 18.5} for n in range(size)] for size in SIZES}
        return _per_item(effort, {size: lambda items=items: call(items) for size, items in bodies.items()})


def scaling_decode(effort: Effort) -> Samples:
    """Seconds per user of an answer that holds them all, through the client's method and without connections."""
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
    """Seconds per user of the same answers to `json.loads`: what the interpreter's memory makes of many objects."""
    answers = {size: user_page(size, None) for size in SIZES}
    return _per_item(effort, {size: lambda body=body: json.loads(body) for size, body in answers.items()})


def _per_item(effort: Effort, calls: dict[int, Callable[[], object]]) -> Samples:
    def sampler(size: int) -> Callable[[], float]:
        sample = per_call(calls[size], max(1, ITEMS // size))
        return lambda: sample() / size

    return interleave(effort, {f"{size:,}": sampler(size) for size in SIZES}, effort.of(9, 2), warm_up=1)


CONSTANT = (Goal("100,000", "1,000", 1.25),)
ROWS = tuple(
    Row(f"scaling-{name}", what, measure, goals, base="1,000")
    for name, what, measure, goals in (
        ("walk", "cost per item of a list walked", scaling_walk, CONSTANT),
        ("encode", "cost per item of a body encoded", scaling_encode, CONSTANT),
        ("decode", "cost per item of an answer decoded", scaling_decode, CONSTANT),
        ("json-loads", "the same of `json.loads`, for comparison", scaling_json_loads, ()),
    )
)
