"""Journals: what they keep, how a job goes on with one, and which are refused."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import OutcomeUnknownError
from knock_sdk.bulk import __main__ as command

from .methods import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller

USERS = [{"id": f"u{number}"} for number in range(2500)]
TRIGGERS = [{"key": "digest", "recipients": [f"u{number}"]} for number in range(200)]


class Stop(Exception):  # noqa: N818 (what the caller's code raises)
    """Raised in the caller's code."""


def up_to(items: Iterable[Any], count: int) -> Iterator[Any]:
    """Yield some items, then raise `Stop`."""
    for number, item in enumerate(items):
        if number == count:
            raise Stop
        yield item


def killed(path: Path, change: str, *values: Any) -> None:
    """Bring a journal into the state in which a job leaves it that is killed."""
    connection = sqlite3.connect(path)
    connection.execute(change, values)
    connection.commit()
    connection.close()


def killed_while_sending(path: Path, requests: list[tuple[str, bytes, str]]) -> None:
    """Do so with requests that were on their way: target, body and key."""
    connection = sqlite3.connect(path)
    update = "UPDATE chunks SET state = 1, succeeded = 0, target = ?, body = ? WHERE key = ?"
    connection.executemany(update, requests)
    connection.commit()
    connection.close()


def test_a_finished_job_sends_nothing_again(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    first = caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    second = caller(client.workflows.trigger_each, iter(TRIGGERS), journal=str(tmp_path / "j"))
    assert (first.succeeded, second.succeeded, second.already_done) == (200, 0, 200)
    assert len(sim.requests) == 200


def test_what_was_on_its_way_is_sent_with_the_same_key_and_bytes(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path
) -> None:
    caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    first = {each.headers["idempotency-key"]: each.body for each in sim.requests}
    rows = [(each.target, each.body, each.headers["idempotency-key"]) for each in sim.requests]
    killed_while_sending(tmp_path / "j", rows[100:])
    sim.advance(hours=22)
    report = caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    again = sim.requests[200:]
    assert {each.headers["idempotency-key"]: each.body for each in again} == dict(list(first.items())[100:])
    assert all(each.replayed for each in again)
    assert (report.succeeded, report.already_done) == (100, 100)
    assert len(sim.triggers) == 200


def test_after_23_hours_what_was_on_its_way_is_unknown(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path
) -> None:
    caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    rows = [(each.target, each.body, each.headers["idempotency-key"]) for each in sim.requests]
    killed_while_sending(tmp_path / "j", rows[100:])
    sim.advance(hours=25)
    report = caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    assert len(sim.requests) == 200
    assert (report.succeeded, report.already_done, report.failed, report.unknown) == (0, 100, 0, 100)
    assert {type(failure.error) for failure in report.failures} == {OutcomeUnknownError}
    expected = {key: json.loads(body) for _, body, key in rows[100:]}
    found = {failure.item["idempotency_key"]: failure.item for failure in report.failures}
    assert found == {key: {"key": "digest", **body, "idempotency_key": key} for key, body in expected.items()}
    again = caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    assert (again.already_done, again.unknown) == (100, 100)


@pytest.mark.parametrize(("hours", "unknown"), [(30, 100), (0.5, 0)])
def test_how_old_it_is_cannot_be_said_by_a_clock_that_was_set_back(  # noqa: PLR0917 (fixtures)
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path, hours: float, unknown: int
) -> None:
    caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    rows = [(each.target, each.body, each.headers["idempotency-key"]) for each in sim.requests]
    killed_while_sending(tmp_path / "j", rows[100:])
    killed(tmp_path / "j", "UPDATE chunks SET first_sent_at = first_sent_at + ?", hours * 3600)
    report = caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    assert (report.succeeded, report.already_done, report.unknown) == (100 - unknown, 100, unknown)
    assert len(sim.requests) == 300 - unknown


@pytest.mark.parametrize("hours", [1, 25])
def test_upserts_are_sent_again_at_any_time(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path, hours: int
) -> None:
    caller(client.users.bulk.identify_many, USERS, journal=tmp_path / "j")
    second = [each for each in sim.requests if each.operation == "bulkIdentifyUsers"][1]
    update = "UPDATE chunks SET state = 1, succeeded = 0, operation = NULL, target = ?, body = ? WHERE start = 1000"
    killed(tmp_path / "j", update, second.target, second.body)
    sim.advance(hours=hours)
    report = caller(client.users.bulk.identify_many, USERS, journal=tmp_path / "j")
    again = [each.body for each in sim.requests if each.operation == "bulkIdentifyUsers"][3:]
    assert again == [second.body]
    assert (report.succeeded, report.already_done, report.unknown) == (1000, 1500, 0)


def test_schedules_that_were_on_their_way_are_unknown(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path
) -> None:
    method = BY_NAME["schedules.bulk.create_many"]
    items = [method.item(number) for number in range(2500)]
    caller(lambda: method.call_many(client, items, journal=tmp_path / "j"))
    second = [each for each in sim.requests if each.operation == "bulkCreateSchedules"][1]
    update = "UPDATE chunks SET state = 1, succeeded = 0, operation = NULL, target = ?, body = ? WHERE start = 1000"
    killed(tmp_path / "j", update, second.target, second.body)
    report = caller(lambda: method.call_many(client, items, journal=tmp_path / "j"))
    assert sum(each.operation == "bulkCreateSchedules" for each in sim.requests) == 3
    assert (report.succeeded, report.already_done, report.unknown) == (0, 1500, 1000)
    assert [failure.index for failure in report.failures] == list(range(1000, 2000))


def test_operations_are_looked_at_again(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    """What the API has accepted is not sent again, in any kind of job."""
    method = BY_NAME["schedules.bulk.create_many"]
    items = [method.item(number) for number in range(1500)]
    sim.fail("bulk_operations.get", status=401, next=1)
    with pytest.raises(Exception, match=r"^401"):
        caller(lambda: method.call_many(client, items, journal=tmp_path / "j"))
    sim.advance(days=2)
    report = caller(lambda: method.call_many(client, items, journal=tmp_path / "j"))
    assert report.succeeded + report.already_done == 1500
    assert report.unknown == 0
    assert sum(each.operation == "bulkCreateSchedules" for each in sim.requests) == 2
    assert len(list(report.operations)) == 2


def test_a_run_that_waits_finds_out_what_was_accepted(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path, capsys: Any
) -> None:
    sim.fail_bulk_operations("users.identify")
    identify, path = client.users.bulk.identify_many, tmp_path / "j"
    with pytest.raises(Stop):
        caller(identify, up_to(USERS, 2000), journal=path, wait=False)
    first = caller(identify, USERS, journal=path, wait=False)
    again = caller(identify, USERS, journal=path, wait=False)
    assert first.succeeded + first.already_done == 2500
    assert (again.succeeded, again.already_done, again.failed) == (0, 2500, 0)
    assert command.main([str(path)]) == 0
    shown = capsys.readouterr().out
    assert "not finished      0" in shown
    assert "3 accepted" in shown
    assert "To go on" not in shown
    told: list[Any] = []
    waiting = caller(identify, USERS, journal=path, on_progress=told.append)
    assert (waiting.succeeded, waiting.already_done, waiting.failed, waiting.unknown) == (1500, 0, 1000, 0)
    assert [failure.index for failure in waiting.failures] == list(range(1000))
    assert told[-1][:3] == (1500, 1000, 0)
    assert all(each.rate >= 0 for each in told)
    last = caller(identify, USERS, journal=path, wait=False)
    assert (last.succeeded, last.already_done, last.failed) == (0, 1500, 1000)
    assert [each.operation for each in sim.requests].count("bulkIdentifyUsers") == 3


def test_failures_of_earlier_runs_are_reported(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    users: list[dict[str, Any]] = [*USERS[:5], {"id": "bad", "email": 5}, {"id": float("nan")}, *USERS[5:1500]]
    with pytest.raises(Stop):
        caller(client.users.bulk.identify_many, up_to(users, 1100), journal=tmp_path / "j")
    report = caller(client.users.bulk.identify_many, users, journal=tmp_path / "j")
    assert (report.succeeded + report.already_done, report.failed) == (1500, 2)
    assert [failure.index for failure in report.failures] == [6, 5]
    again = caller(client.users.bulk.identify_many, users, journal=tmp_path / "j")
    assert (again.succeeded, again.already_done, again.failed) == (0, 1500, 2)
