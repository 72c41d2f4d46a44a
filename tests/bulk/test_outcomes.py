"""Any mixture of outcomes: the numbers and the failures are exact, and what succeeds was carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knock_sdk.bulk._jobs import job_of
from tests.wire.caller import Caller

from .engines import Planned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

COMMON = ["ok", "ok", "ok", "ok", "422 field", "422", "413", "500", "nan", *Planned.TRANSIENT]
PLANS = {
    "workflows.trigger_many": st.lists(st.sampled_from(COMMON), max_size=40),
    "users.bulk.identify_many": st.lists(st.sampled_from([*COMMON, "row"]), max_size=40),
}
ERRORS = {
    "422 field": "UnprocessableEntityError",
    "422": "UnprocessableEntityError",
    "413": "APIStatusError",
    "500": "InternalServerError",
    "nan": "InvalidArgumentError",
    "row": "BulkItemError",
}


class Stop(Exception):  # noqa: N818 (what the caller's code raises)
    """Raised in the caller's code."""


@pytest.fixture(scope="module", params=["sync", "asyncio"])
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Stay open for all examples."""
    with Caller(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journals")


def items_of(plan: Sequence[str], stop_at: int | None = None) -> Iterator[dict[str, object]]:
    """Yield the items of a plan; raise `Stop` at one of them."""
    for number, kind in enumerate(plan):
        if number == stop_at:
            raise Stop
        yield {"id": f"u{number}", "name": "x" * (number % 7), **({"score": float("nan")} if kind == "nan" else {})}


def run(caller: Caller, api: Planned, name: str, items: Any, chunk: int, **keywords: Any) -> Any:
    """Run a job whose requests have a certain number of items at most."""
    with pytest.MonkeyPatch.context() as patch:
        for side in ("_sync", "_async"):
            patch.setattr(
                f"knock_sdk.{side}.bulk.job.job_of",
                lambda *args, **named: job_of(*args, **named)._replace(max_items=chunk),
            )
        patch.setattr("knock_sdk.bulk._tally._PAUSE", 0.0)  # each change is told
        client = api.client(caller)
        if name == "workflows.trigger_many":
            return caller(client.workflows.trigger_many, "digest", recipients=items, **keywords)
        return caller(client.users.bulk.identify_many, items, **keywords)


def check(api: Planned, report: Any, *, keyed: bool) -> None:
    """Check a report, and what the API has carried out, against the plan."""
    good = {number for number, kind in enumerate(api.plan) if kind in ("ok", *Planned.TRANSIENT)}
    # A trigger that gets nothing but 500 may have been carried out all the same.
    unknown = {number for number, kind in enumerate(api.plan) if kind == "500" and keyed}
    bad = {number for number, kind in enumerate(api.plan) if kind in ERRORS} - unknown
    assert report.succeeded + report.already_done == len(good)
    assert (report.failed, report.unknown) == (len(bad), len(unknown))
    failures = {failure.index: failure for failure in report.failures}
    assert len(list(report.failures)) == len(failures) == len(report.failures)
    assert failures.keys() == bad | unknown
    for number, failure in failures.items():
        assert failure.item["id"] == f"u{number}"
        kind = "OutcomeUnknownError" if number in unknown else ERRORS[api.plan[number]]
        assert type(failure.error).__name__ == kind
    carried_out = good | {number for number, kind in enumerate(api.plan) if kind == "row"}
    assert api.carried_out.keys() == carried_out
    assert api.changed_keys == 0
    if keyed:
        assert set(api.carried_out.values()) <= {1}


@pytest.mark.parametrize("name", PLANS)
@settings(max_examples=30)
@example(data=None, chunk=3, concurrency=None)
@given(data=st.data(), chunk=st.integers(1, 12), concurrency=st.none() | st.integers(1, 6))
def test_the_report_is_exact(caller: Caller, name: str, data: Any, chunk: int, concurrency: int | None) -> None:
    plan = ["500"] if data is None else data.draw(PLANS[name])
    api = Planned([*plan, "ok"])  # something must succeed, or it is an outage
    report = run(caller, api, name, items_of(api.plan), chunk, concurrency=concurrency)
    check(api, report, keyed=name == "workflows.trigger_many")
    assert report.already_done == 0


@pytest.mark.parametrize("name", PLANS)
@settings(max_examples=20)
@given(
    data=st.data(),
    chunk=st.integers(1, 8),
    concurrency=st.none() | st.integers(1, 6),
    stops=st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=1, max_size=3),
)
def test_a_job_that_was_interrupted_goes_on(  # noqa: PLR0917 (hypothesis passes what it draws)
    caller: Caller, folder: Path, name: str, data: Any, chunk: int, concurrency: int | None, stops: Any
) -> None:
    api = Planned(data.draw(PLANS[name]))
    journal = folder / f"{len(list(folder.iterdir()))}.sqlite"

    def once_more(stop_at: int | None = None, **keywords: Any) -> Any:
        api.add("ok")  # something must succeed in each run, or it is an outage
        return run(caller, api, name, items_of(api.plan, stop_at), chunk, journal=journal, **keywords)

    for in_input, moment in stops:
        try:
            if in_input:
                once_more(moment, concurrency=concurrency)
            else:
                once_more(on_progress=stopping_after(moment), concurrency=concurrency)
        except Stop:
            pass
    report = once_more()
    check(api, report, keyed=name == "workflows.trigger_many")
    sent = len(api.sent)
    again = run(caller, api, name, items_of(api.plan), chunk, journal=journal)
    assert len(api.sent) == sent
    assert (again.succeeded, again.already_done) == (0, report.succeeded + report.already_done)
    check(api, again, keyed=name == "workflows.trigger_many")


def stopping_after(moment: int) -> Callable[[object], None]:
    """Return what raises `Stop` when it was told the progress so many times."""
    told = iter(range(moment))

    def tell(_: object) -> None:
        if next(told, None) is None:
            raise Stop

    return tell
