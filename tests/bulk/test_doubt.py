"""Requests that may have been carried out, and outages: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import (
    APIConnectionError,
    InternalServerError,
    OutcomeUnknownError,
    RateLimitError,
)
from knock_sdk._core.outcome import Failure

from .conftest import client_of
from .engines import TRIGGERED, Answering, refusal, reply
from .test_errors import SCHEDULES, TRIGGERS, schedule

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller


@pytest.mark.parametrize("strict", [True, False])
def test_a_500_counts_as_carried_out_on_request(caller: Caller, sim: Simulator, strict: bool) -> None:
    sim.fail("workflows.trigger", status=500)
    client = client_of(caller, sim, strict_once=strict)
    report = caller(client.workflows.trigger_each, TRIGGERS[:10])
    assert (report.succeeded, report.unknown) == ((9, 1) if strict else (10, 0))
    assert len(sim.requests) == (10 if strict else 11)


def test_a_trigger_whose_outcome_is_unknown_has_the_key_that_was_sent(caller: Caller, sim: Simulator) -> None:
    sim.fail("workflows.trigger", status=500)
    client = client_of(caller, sim, strict_once=True)
    report = caller(client.workflows.trigger_each, TRIGGERS[:2])
    (failure,) = report.failures
    (failed,) = (request for request in sim.requests if request.status == 500)
    key = failed.headers["idempotency-key"]
    assert failure.item == {**json.loads(failed.body), "key": "digest", "idempotency_key": key}
    assert caller(client.workflows.trigger_each, [failure.item]).succeeded == 1
    assert sim.requests[-1].headers["idempotency-key"] == key


def test_a_trigger_that_was_refused_has_a_key_only_if_it_had_one(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.workflow("declared", channels=["email"])
    given = [
        {"key": "missing", "recipients": ["ada"]},
        {"key": "missing", "recipients": ["bob"], "idempotency_key": "k"},
    ]
    report = caller(client.workflows.trigger_each, given)
    assert [failure.item for failure in report.failures] == given


def test_a_trigger_that_may_have_been_carried_out_is_not_split(caller: Caller) -> None:
    """Its parts would have other keys, and notify some recipients twice."""

    def answer(_: str, content: Any) -> Any:
        if "bad" in content["recipients"]:
            raise Failure("the connection was dropped", sent=True)
        return reply(200, TRIGGERED)

    api = Answering(answer)
    recipients = ["bad", *(f"u{number}" for number in range(20_000))]
    report = caller(api.client(caller).workflows.trigger_many, "digest", recipients=recipients)
    assert (report.succeeded, report.failed, report.unknown) == (19_001, 0, 1000)
    assert {type(failure.error) for failure in report.failures} == {OutcomeUnknownError}
    bodies = {body for _, body in api.sent if b'"bad"' in body}
    assert len(bodies) == 1


def test_what_may_have_been_carried_out_before_a_500_is_not_split(caller: Caller, tmp_path: Path) -> None:
    """The API has stored the response under the key, which the parts would not have."""

    def answer(_: str, content: Any) -> Any:
        if len(api.sent) == 1:
            raise Failure("the connection was dropped", sent=True)  # after the request was carried out
        return refusal(500) if len(api.sent) < 14 else reply(200, TRIGGERED)

    api = Answering(answer)
    recipients = [f"u{number}" for number in range(60)]
    report = caller(api.client(caller).workflows.trigger_many, "digest", recipients=recipients)
    assert (report.succeeded, report.failed, report.unknown) == (60, 0, 0)
    assert len({body for _, body in api.sent}) == 1


@pytest.mark.parametrize("others", [0, 30])
def test_what_fails_for_good_after_it_may_have_been_carried_out_is_unknown(caller: Caller, others: int) -> None:
    def answer(_: str, content: Any) -> Any:
        if "bad" not in content["recipients"]:
            return reply(200, TRIGGERED)
        if sum(b'"bad"' in body for _, body in api.sent) == 1:
            raise Failure("the connection was dropped", sent=True)
        return refusal(500)

    api = Answering(answer)
    recipients = [*(f"u{number}" for number in range(1000)), "bad", *(f"v{n}" for n in range(999 + others * 1000))]
    report = caller(api.client(caller).workflows.trigger_many, "digest", recipients=recipients, concurrency=1)
    assert (report.succeeded, report.failed, report.unknown) == (1000 + others * 1000, 0, 1000)
    assert len({body for _, body in api.sent if b'"bad"' in body}) == 1


def test_a_conflict_may_be_one_with_an_earlier_try(caller: Caller) -> None:
    """Knock does not document what it answers to a key whose first request is still under way."""

    def answer(_: str, content: Any) -> Any:
        if content["recipients"][0] in tried:
            return refusal(409)
        tried.append(content["recipients"][0])
        if content["recipients"][0] == "u0":
            raise Failure("no response in time", sent=True)
        return reply(200, TRIGGERED)

    tried: list[str] = []
    report = caller(Answering(answer).client(caller).workflows.trigger_each, TRIGGERS)
    assert (report.succeeded, report.failed, report.unknown) == (199, 0, 1)
    assert str(next(iter(report.failures)).error).startswith("it may or may not have been processed: 409")


def test_nothing_is_lost_in_an_outage(caller: Caller) -> None:
    """One request a second finds out when it is over."""
    fails_until = 0.0

    def answer(_: str, __: Any) -> Any:
        if api.clock.now < fails_until:
            probes.append(api.clock.now)
            raise Failure("refused", sent=len(probes) % 2 == 0)
        return reply(200, TRIGGERED)

    api = Answering(answer)
    probes: list[float] = []
    fails_until = api.clock.now + 200
    report = caller(api.client(caller).workflows.trigger_each, TRIGGERS)
    assert (report.succeeded, report.failed, report.unknown) == (200, 0, 0)
    assert 150 < len(probes) < 210
    assert all(later - earlier >= 0.99 for earlier, later in pairwise(probes[3:]))


@pytest.mark.parametrize("status", [429, 500, 503, None])
def test_after_five_minutes_without_success_the_last_error_is_raised(
    caller: Caller, tmp_path: Path, status: int | None
) -> None:
    works = False

    def answer(_: str, __: Any) -> Any:
        if works or len(api.sent) <= 50:
            return reply(200, TRIGGERED)
        if status is None:
            raise Failure("the connection was refused", sent=False)
        return refusal(status)

    api = Answering(answer)
    client = api.client(caller)
    began = api.clock.now
    kind = {429: RateLimitError, None: APIConnectionError}.get(status, InternalServerError)
    with pytest.raises(kind):
        caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    assert 295 < api.clock.now - began < 400
    assert len(api.sent) < 450
    works = True
    report = caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    assert (report.succeeded, report.already_done) == (150, 50)


def test_items_that_fail_do_not_hold_up_the_others(caller: Caller) -> None:
    """After three failures in a row, others are tried before those again: they tell whether it is the API."""

    def answer(_: str, content: Any) -> Any:
        return refusal(500) if content["recipients"][0] in bad else reply(200, TRIGGERED)

    bad = [f"u{number}" for number in range(5)]

    api = Answering(answer)
    report = caller(api.client(caller).workflows.trigger_each, TRIGGERS, concurrency=1)
    assert (report.succeeded, report.unknown) == (195, 5)
    order = [json.loads(body)["recipients"][0] for _, body in api.sent]
    before = order[: order.index("u5")]
    assert max(map(before.count, bad)) <= 2


def test_what_must_not_be_sent_twice_costs_few_items_in_an_outage(caller: Caller) -> None:
    """Each try makes the outcome of its schedules unknown, so there are few of them."""
    api = Answering(lambda _, __: refusal(503))
    with pytest.raises(InternalServerError):
        caller(api.client(caller).schedules.bulk.create_many, map(schedule, range(1_000_000)))
    assert len(api.sent) <= 15


def test_schedules_are_not_created_twice(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.drop("schedules.bulk.create", when="after")
    sim.drop("schedules.bulk.create", when="connect")
    report = caller(client.schedules.bulk.create_many, SCHEDULES)
    assert (report.succeeded, report.failed, report.unknown) == (1500, 0, 1000)
    assert {failure.index for failure in report.failures} == set(range(1000))
    assert {type(failure.error) for failure in report.failures} == {OutcomeUnknownError}
    assert [request.carried_out for request in sim.requests if request.operation == "bulkCreateSchedules"] == [
        True,
        False,
        True,
        True,
    ]
