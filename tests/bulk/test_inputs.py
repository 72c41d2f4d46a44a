"""What yields items, and how they are cut into requests."""

from __future__ import annotations

import csv
import gc
import io
import json
import time
import tracemalloc
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from knock_sdk import APIConnectionError, InvalidArgumentError, Knock
from knock_sdk.bulk import JournalError
from knock_sdk.testing import Simulator
from tests.wire.caller import Caller

from .engines import TRIGGERED, Answering, operation, reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


class Table:
    """Looks like a table of Arrow, or like one of its batches."""

    def __init__(self, *batches: list[dict[str, object]]) -> None:
        self._batches = batches
        self.num_rows = sum(len(batch) for batch in batches)
        self.columns = ["id"]

    def to_batches(self) -> list[Batch]:
        return [Batch(batch) for batch in self._batches]


class Batch:
    def __init__(self, rows: list[dict[str, object]]) -> None:
        self._rows = rows
        self.num_rows = len(rows)

    def to_pylist(self) -> list[dict[str, object]]:
        return self._rows


class Result:
    """Looks like the result of a query of SQLAlchemy."""

    def columns(self, *names: str) -> Result:
        return self

    def __iter__(self) -> Iterator[dict[str, str]]:
        yield from THREE


class User(BaseModel):
    id: str


@dataclass
class Row:
    id: str


THREE = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
SHAPES: dict[str, Any] = {
    "a list": lambda: THREE,
    "a tuple": lambda: tuple(THREE),
    "a generator": lambda: (each for each in THREE),
    "a reader of CSV": lambda: csv.DictReader(io.StringIO("id\na\nb\nc\n")),
    "values of a dict": {each["id"]: each for each in THREE}.values,
    "records of pandas": lambda: pd.DataFrame(THREE).to_dict("records"),
    "models": lambda: [User(id="a"), User(id="b"), User(id="c")],
    "dataclasses": lambda: [Row("a"), Row("b"), Row("c")],
    "a table of Arrow": lambda: Table(THREE[:1], [], THREE[1:]),
    "a batch of Arrow": lambda: Batch(THREE),
    "a result of SQLAlchemy": Result,
    "batches of Arrow": lambda: iter([Batch(THREE[:2]), Batch(THREE[2:])]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_items_come_from_anything_that_yields_them(caller: Caller, sim: Simulator, client: Any, shape: str) -> None:
    assert caller(client.users.bulk.identify_many, SHAPES[shape]()).succeeded == 3
    assert sim.requests[0].json == {"users": THREE}


def test_the_rows_of_arrow_itself(caller: Caller, sim: Simulator, client: Any) -> None:
    table = pa.Table.from_pylist(THREE)
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=2))
    for shape in (table, table.to_batches()[0], reader):
        assert caller(client.users.bulk.identify_many, shape).succeeded == 3
        assert [each.json for each in sim.requests if each.body][-1] == {"users": THREE}


def test_asynchronous_iterables(caller: Caller, sim: Simulator, client: Any) -> None:
    async def rows() -> AsyncIterator[dict[str, str]]:
        for each in THREE:
            yield each

    if caller.kind == "sync":
        with pytest.raises(InvalidArgumentError, match=r"^users: is an asynchronous iterable, which only AsyncKnock"):
            client.users.bulk.identify_many(rows())
        return
    assert caller(client.users.bulk.identify_many, rows()).succeeded == 3
    assert sim.requests[0].json == {"users": THREE}


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
def test_an_asynchronous_generator_is_closed(kind: str) -> None:
    closed: list[str] = []

    async def rows() -> AsyncIterator[dict[str, str]]:
        try:
            for number in range(5000):
                yield {"id": f"u{number}"}
        finally:
            await anyio.lowlevel.checkpoint()
            closed.append("closed")

    def tell(_: object) -> None:
        raise LookupError("enough")

    async def main() -> None:
        client = Simulator().async_client()
        with pytest.raises(LookupError, match="enough"):
            await client.users.bulk.identify_many(rows(), on_progress=tell)
        with anyio.move_on_after(0.001) as scope:
            await client.users.bulk.identify_many(rows())
        assert scope.cancelled_caught

    anyio.run(main, backend=kind)
    gc.collect()
    # The second one may have been cancelled before it began.
    assert 1 <= len(closed) <= 2


BAD: list[tuple[Any, str]] = [
    ("ada", "users: must yield items one after another, not be a str: put it in a list"),
    (b"ada", "users: must yield items one after another, not be a bytes: put it in a list"),
    ({"id": "ada"}, "users: must yield items one after another, not be a dict: put it in a list"),
    (bytearray(b"ada"), "users: must yield items one after another, not be a bytearray: put it in a list"),
    (memoryview(b"ada"), "users: must yield items one after another, not be a memoryview: put it in a list"),
    (User(id="ada"), "users: must yield items one after another, not be a User: put it in a list"),
    (None, "users: must yield items, such as a list or a generator, not None"),
    (7, "users: must yield items, such as a list or a generator, not int"),
    (pd.DataFrame(THREE), "users: is a DataFrame, which yields columns: pass its .to_dict('records')"),
]


@pytest.mark.parametrize(("items", "message"), BAD, ids=[message for _, message in BAD])
def test_anything_else_is_refused(  # noqa: PLR0917 (fixtures)
    caller: Caller, sim: Simulator, client: Any, items: Any, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        caller(client.users.bulk.identify_many, items, journal=tmp_path / "j")
    assert str(caught.value) == message
    assert sim.requests == []
    assert list(tmp_path.iterdir()) == []


KEYWORDS: list[tuple[dict[str, Any], str]] = [
    ({"concurrency": 0}, "concurrency: must be a whole number from 1 to 1,000, or None"),
    ({"concurrency": 1001}, "concurrency: must be a whole number from 1 to 1,000, or None"),
    ({"concurrency": True}, "concurrency: must be a whole number from 1 to 1,000, or None"),
    ({"concurrency": "4"}, "concurrency: must be a whole number from 1 to 1,000, or None"),
    ({"wait": "yes"}, "wait: "),
    ({"on_progress": 7}, "on_progress: must be a function that takes the progress as its only argument"),
    (
        {"max_retries": 3},
        "max_retries: is not taken by bulk jobs, which retry temporary errors by themselves: leave it out",
    ),
    ({"timeout": -1}, "timeout: "),
    ({"journal": 7}, "journal: must be the path of a file, as a str or a Path, or None"),
    ({"journal": b"j"}, "journal: must be the path of a file, as a str or a Path, or None"),
    ({"journal": ""}, "journal: must be the path of a file, as a str or a Path, or None"),
    ({"journal": "a\0b"}, "journal: must be the path of a file, as a str or a Path, or None"),
]


@pytest.mark.parametrize(("keywords", "message"), KEYWORDS, ids=[str(keywords) for keywords, _ in KEYWORDS])
def test_bad_keywords_are_refused(  # noqa: PLR0917 (fixtures)
    caller: Caller, sim: Simulator, client: Any, keywords: dict[str, Any], message: str, tmp_path: Path
) -> None:
    # Also before a journal is made.
    with pytest.raises(InvalidArgumentError) as caught:
        caller(client.users.bulk.identify_many, THREE, **{"journal": tmp_path / "j", **keywords})
    assert str(caught.value).startswith(message)
    assert sim.requests == []
    assert list(tmp_path.iterdir()) == []


def test_options_that_would_replace_what_each_request_has_are_refused(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path
) -> None:
    trigger = {"key": "digest", "recipients": ["ada"]}
    for method, items, options, message in (
        (client.users.bulk.identify_many, THREE, {"extra_body": {"users": [{"id": "z"}]}}, "extra_body.users: would r"),
        (client.tenants.bulk.delete_many, ["a"], {"extra_query": {"tenant_ids[]": "z"}}, "extra_query.tenant_ids: wou"),
        (client.tenants.bulk.delete_many, ["a"], {"extra_query": {"tenant_ids": ["z"]}}, "extra_query.tenant_ids: wou"),
        (
            client.workflows.trigger_each,
            [trigger, trigger],
            {"extra_headers": {"Idempotency-KEY": "k"}},
            "extra_headers: has an idempotency key, which would be that of all requests: leave it out",
        ),
    ):
        with pytest.raises(InvalidArgumentError) as caught:
            caller(method, items, journal=tmp_path / "j", **options)
        assert str(caught.value).startswith(message)
    assert sim.requests == []
    assert list(tmp_path.iterdir()) == []


def test_a_coroutine_function_cannot_be_told_the_progress(caller: Caller, sim: Simulator, client: Any) -> None:
    async def tell(_: object) -> None:
        """Do nothing."""

    class Teller:
        async def __call__(self, _: object) -> None:
            """Do nothing."""

    for teller in (tell, Teller()):
        with pytest.raises(InvalidArgumentError, match=r"^on_progress: must be a function that is not async"):
            caller(client.users.bulk.identify_many, THREE, on_progress=teller)
        with pytest.raises(InvalidArgumentError, match=r"^on_progress: must be a function that is not async"):
            caller(client.bulk_operations.wait, "op", on_progress=teller)
    assert sim.requests == []


def test_a_bad_argument_of_all_requests_is_raised(caller: Caller, sim: Simulator, client: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^collection: "):
        caller(client.objects.bulk.set_many, "", THREE)
    with pytest.raises(InvalidArgumentError, match=r"^preferences\.channel_types"):
        caller(client.users.bulk.set_preferences_many, ["a"], preferences={"channel_types": {"sms": float("nan")}})
    assert sim.requests == []


def test_invalid_items_fail_alone(caller: Caller, sim: Simulator, client: Any) -> None:
    loop: dict[str, Any] = {"id": "loop"}
    loop["self"] = loop
    bad: list[Any] = [
        {"id": float("nan")},
        {"id": object()},
        loop,
        {"id": "\ud800"},
        {"id": np.float64("inf")},
        {"id": "x", None: ["from too many columns"]},
    ]
    items = [each for pair in zip(THREE * 2, bad, strict=True) for each in pair]
    report = caller(client.users.bulk.identify_many, items)
    assert (report.succeeded, report.failed) == (6, 6)
    assert [failure.index for failure in report.failures] == [1, 3, 5, 7, 9, 11]
    assert {type(failure.error) for failure in report.failures} == {InvalidArgumentError}
    # The error names the place in the input, not in a request.
    assert str(next(iter(report.failures)).error).startswith("users[1].id: is NaN or infinite")
    assert sim.requests[0].json == {"users": THREE * 2}


def test_an_item_with_lone_surrogates_is_shown_all_the_same(caller: Caller, client: Any) -> None:
    report = caller(client.users.bulk.identify_many, [{"id": "u\ud800", "name": "Zoë", "at": Row("x")}])
    (failure,) = report.failures
    assert failure.item == {"id": "u?", "name": "Zoë", "at": "<Row>"}


def test_an_invalid_trigger_fails_alone(caller: Caller, sim: Simulator, client: Any) -> None:
    good = {"key": "digest", "recipients": ["ada"]}
    bad: list[Any] = [
        None,
        "digest",
        {"recipients": ["ada"]},
        {"key": "digest"},
        {**good, "recipent": "ada"},
        {**good, "idempotency_key": "ä"},
        {**good, "recipients": ["u"] * 1001},
        {**good, "key": ""},
    ]
    report = caller(client.workflows.trigger_each, [good, *bad, good])
    assert (report.succeeded, report.failed) == (2, 8)
    assert [failure.index for failure in report.failures] == list(range(1, 9))
    messages = [str(failure.error) for failure in report.failures]
    assert messages[2] == "trigger.key: is missing"
    assert messages[4].startswith("trigger.recipent: is not a field of a trigger, which has actor, ")
    assert len(sim.requests) == 2


def test_requests_are_cut_by_bytes(caller: Caller, sim: Simulator, client: Any) -> None:
    items = [{"id": f"u{number}", "text": "x" * 100_000} for number in range(130)]
    report = caller(client.users.bulk.identify_many, items, wait=False)
    sizes = [len(request.body) for request in sim.requests]
    assert report.succeeded == 130
    assert max(sizes) <= 5_000_100
    assert [user["id"] for request in sim.requests for user in request.json["users"]] == [each["id"] for each in items]
    assert len(sizes) <= 5


def test_an_item_that_is_larger_is_sent_alone(caller: Caller, sim: Simulator, client: Any) -> None:
    big = {"id": "big", "text": "x" * 6_000_000}
    report = caller(client.users.bulk.identify_many, [*THREE, big, *THREE], wait=False)
    assert report.succeeded == 7
    assert [[user["id"] for user in request.json["users"]] for request in sim.requests].count(["big"]) == 1


def test_requests_are_cut_again_after_large_items(caller: Caller, client: Any, sim: Simulator) -> None:
    large = [{"id": f"l{number}", "text": "x" * 1_000_000} for number in range(8)]
    small = [{"id": f"s{number}"} for number in range(3000)]
    caller(client.users.bulk.identify_many, [*large, *small], wait=False)
    counts = [len(request.json["users"]) for request in sim.requests]
    assert sum(counts) == 3008
    assert counts[-2] == 1000 or counts[-1] == 1000


def test_what_the_callers_iterator_raises_comes_through(caller: Caller, sim: Simulator, client: Any) -> None:
    def rows() -> Iterator[dict[str, str]]:
        yield from ({"id": f"u{number}"} for number in range(1500))
        raise LookupError("row 1,501")

    with pytest.raises(LookupError, match="row 1,501"):
        caller(client.users.bulk.identify_many, rows(), wait=False)
    assert [len(request.json["users"]) for request in sim.requests] == [1000]


@settings(max_examples=25)
@given(
    sizes=st.lists(st.integers(1, 60), max_size=12),
    batches=st.booleans(),
)
def test_batches_of_any_size_give_the_same_requests(sizes: list[int], batches: bool) -> None:
    api = Answering(lambda _, __: reply(200, TRIGGERED))
    rows = [[{"id": f"u{number}-{each}"} for each in range(size)] for number, size in enumerate(sizes)]
    flat = [row for batch in rows for row in batch]
    client: Knock = api.client(Caller("sync"))
    items: Any = [Batch(batch) for batch in rows] if batches else iter(flat)
    assert client.workflows.trigger_many("digest", recipients=items).succeeded == len(flat)
    assert [row for _, body in api.sent for row in json.loads(body)["recipients"]] == flat


def test_a_generator_of_any_length_takes_constant_memory(caller: Caller, tmp_path: Path) -> None:
    polls = {"left": False}

    def answer(path: str, _: object) -> Any:
        polls["left"] = not polls["left"]
        return reply(200, operation("op", "completed" if "bulk_operations" in path else "queued"))

    api = Answering(answer)
    client = api.client(caller)

    def peak(count: int) -> int:
        api.sent.clear()
        tracemalloc.start()
        items = ({"id": f"user-{number}", "name": "x" * 20} for number in range(count))
        report = caller(client.users.bulk.identify_many, items, journal=tmp_path / f"{count}.sqlite")
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert report.succeeded == count
        return highest - sum(len(body) for _, body in api.sent)

    peak(1000)
    small, large = peak(10_000), peak(40_000)
    assert large <= small * 1.5


def test_large_items_are_not_read_all_at_once(caller: Caller) -> None:
    """A request may have 1,000 items, which may have 5 MB together."""
    read: list[int] = []
    ahead: list[int] = []

    def rows() -> Iterator[Any]:
        for number in range(60):
            read.append(number)
            yield {"id": f"u{number}", "blocks": [{"html": "x" * 500_000}, {"html": User(id="x" * 500_000)}]}

    def answer(_: str, content: Any) -> Any:
        ahead.append(len(read) - int(content["users"][0]["id"][1:]))
        return reply(200, operation("op"))

    api = Answering(answer)
    report = caller(api.client(caller).users.bulk.identify_many, rows(), wait=False, concurrency=1)
    assert report.succeeded == 60
    assert max(ahead) <= 6
    assert [len(json.loads(body)["users"]) for _, body in api.sent] == [4] * 15


def test_a_slow_input_does_not_hold_up_what_was_sent(caller: Caller) -> None:
    """It is looked at, written down and told while the next request fills."""
    api = Answering(lambda path, _: reply(200, operation("op", "completed" if "bulk_op" in path else "queued")))
    told: list[int] = []
    seen: list[int] = []

    def items() -> Iterator[tuple[float, dict[str, str]]]:
        for number in range(1500):
            seen[:] = told
            if told and told[-1] >= 1000:
                return
            yield (0.02 if number >= 1000 else 0.0), {"id": f"u{number}"}

    def rows() -> Iterator[dict[str, str]]:
        for seconds, item in items():
            time.sleep(seconds)
            yield item

    async def later() -> AsyncIterator[dict[str, str]]:
        for seconds, item in items():
            await anyio.sleep(seconds)
            yield item

    client = api.client(caller, own_clock=False)
    report = caller(
        client.users.bulk.identify_many,
        rows() if caller.kind == "sync" else later(),
        on_progress=lambda progress: told.append(progress.done),
    )
    assert seen[-1] == 1000
    assert 1000 < report.succeeded < 1500


def test_closing_the_client_ends_the_reading_of_a_slow_input(caller: Caller) -> None:
    api = Answering(lambda _, __: reply(200, TRIGGERED))
    client = api.client(caller, own_clock=False)
    read: list[int] = []

    def rows() -> Iterator[str]:
        for number in range(900):
            read.append(number)
            time.sleep(0.01)
            yield f"u{number}"

    outcome, _ = caller.together(
        [
            lambda: client.workflows.trigger_many("digest", recipients=rows()),
            caller.when(lambda: len(read) > 10, client.close),
        ]
    )
    assert isinstance(outcome, APIConnectionError)
    assert "the client was closed meanwhile" in str(outcome)
    assert len(read) < 900
    assert api.sent == []


def test_requests_keep_to_the_rate_limit(caller: Caller) -> None:
    """Within five percent of what the tier of the operation allows."""
    moments: list[float] = []

    def answer(path: str, _: object) -> Any:
        if "bulk_operations" in path:
            return reply(200, operation("op", "completed"))
        moments.append(api.clock.now)
        return reply(200, operation("op"))

    api = Answering(answer)
    caller(api.client(caller).users.bulk.identify_many, ({"id": f"u{number}"} for number in range(20_000)))
    assert len(moments) == 20
    assert 0.95 <= 19 / (moments[-1] - moments[0]) <= 1
    assert all(later - earlier >= 1 for earlier, later in pairwise(moments))


def test_an_input_of_a_journal_may_have_grown(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    users = [{"id": f"u{number}"} for number in range(1500)]
    first = caller(client.users.bulk.identify_many, users[:1200], journal=tmp_path / "j")
    second = caller(client.users.bulk.identify_many, users, journal=tmp_path / "j")
    assert (first.succeeded, second.succeeded, second.already_done) == (1200, 300, 1200)
    with pytest.raises(JournalError, match="the input ends at item 1,499, and an earlier run has read more"):
        caller(client.users.bulk.identify_many, users[:-1], journal=tmp_path / "j")
