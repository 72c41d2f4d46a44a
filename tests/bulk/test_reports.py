"""What a job says: its report, its progress, and the bar in a terminal."""

from __future__ import annotations

import copy
import json
import os
import pickle
import re
import select
import subprocess
import sys
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import KnockError
from knock_sdk.bulk import (
    BulkFailure,
    BulkFailureDict,
    BulkFailuresError,
    BulkProgress,
    BulkReport,
    BulkReportDict,
    JournalError,
)
from knock_sdk.bulk._bar import _duration
from knock_sdk.bulk._tally import Tally
from tests.support.environment import plain_environment

from .engines import TRIGGERED, Answering, refusal, reply

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller

USERS = [{"id": f"u{number}"} for number in range(2500)]
TRIGGERS = [{"key": "digest", "recipients": [f"u{number}"]} for number in range(200)]


def test_a_report_is_a_table(caller: Caller, client: Any) -> None:
    report = caller(client.workflows.trigger_each, TRIGGERS)
    lines = str(report).splitlines()
    assert lines[0] == "workflows.trigger_each"
    assert [line.split() for line in lines[1:5]] == [
        ["succeeded", "200"],
        ["failed", "0"],
        ["unknown", "0"],
        ["already", "done", "0"],
    ]
    assert re.fullmatch(r"  elapsed +0\.\d s", lines[5])
    assert re.fullmatch(r"  rate +[\d,.]+ a second", lines[6])
    assert len({len(line) for line in lines[1:5]}) == 1
    assert report.rate == pytest.approx(report.succeeded / report.elapsed)
    assert repr(report).startswith("BulkReport(workflows.trigger_each, succeeded=200, failed=0, unknown=0, already_d")
    report.raise_for_failures()


def test_a_long_failure_is_cut(caller: Caller, client: Any) -> None:
    bad = {"key": "digest", "recipients": ["u"], "data": {"x" * 150: float("nan")}}
    report = caller(client.workflows.trigger_each, [bad])
    assert str(report).splitlines()[8] == f"    item 0: data.{'x' * 80}..."


def test_its_first_failures_are_shown(caller: Caller, client: Any) -> None:
    bad: list[Any] = [{"key": "digest", "recipients": ["u"] * 1001}] * 8
    report = caller(client.workflows.trigger_each, [*TRIGGERS[:5], *bad])
    lines = str(report).splitlines()
    assert lines[7] == "  failed or unknown:"
    assert lines[8] == "    item 5: recipients: has 1,001 elements; the limit is 1,000: split the call"
    assert lines[-1] == "    and 3 more"
    assert max(map(len, lines)) <= 100
    with pytest.raises(BulkFailuresError) as caught:
        report.raise_for_failures()
    assert str(caught.value) == (
        "workflows.trigger_each: of 13 items, 8 failed; see the report's failures. The first one: item 5: recipients:"
        " has 1,001 elements; the limit is 1,000: split the call"
    )
    assert (caught.value.failed, caught.value.unknown) == (8, 0)
    for copied in (copy.deepcopy(caught.value), pickle.loads(pickle.dumps(caught.value))):
        assert (str(copied), copied.failed) == (str(caught.value), 8)


def test_unknown_outcomes_are_raised_for_too(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.drop("schedules.bulk.create", when="after")
    report = caller(client.schedules.bulk.create_many, [{"workflow": "digest", "recipient": "ada"}])
    with pytest.raises(BulkFailuresError, match=r"of 1 items, 1 may or may not have been processed; see") as caught:
        report.raise_for_failures()
    assert (caught.value.failed, caught.value.unknown) == (0, 1)


def test_failures_are_read_from_disk(caller: Caller, client: Any) -> None:
    """Any number of them, in their order, as often as they are asked for."""
    bad: list[Any] = [{"id": "a", "x": float("nan"), "n": number} for number in range(1700)]
    report = caller(client.users.bulk.identify_many, bad)
    assert isinstance(report, BulkReport)
    assert (report.succeeded, report.failed, len(report.failures)) == (0, 1700, 1700)
    for _ in range(2):
        failures = list(report.failures)
        assert [failure.index for failure in failures] == list(range(1700))
        assert [failure.item["n"] for failure in failures] == list(range(1700))
        assert all(isinstance(failure, BulkFailure) and isinstance(failure.error, KnockError) for failure in failures)
    assert failures[0].item["x"] == "NaN"


def test_a_report_can_be_plain_data(caller: Caller, sim: Simulator, client: Any, tmp_path: Any) -> None:
    """Engines that send results from worker to caller take no report, which reads its failures from disk."""
    sim.drop("schedules.bulk.create", when="after")
    schedules = [{"workflow": "digest", "recipient": "ada"}, {"workflow": "digest", "recipient": float("nan")}]
    report = caller(client.schedules.bulk.create_many, schedules, journal=tmp_path / "j")
    plain = report.to_dict()
    assert pickle.loads(pickle.dumps(plain)) == json.loads(json.dumps(plain)) == plain
    first, second = report.failures
    assert plain == {
        "job": "schedules.bulk.create_many",
        "succeeded": 0,
        "failed": 1,
        "unknown": 1,
        "already_done": 0,
        "elapsed": report.elapsed,
        "rate": 0.0,
        "failures": [
            {
                "index": 1,
                "item": {"workflow": "digest", "recipient": "NaN"},
                "error": str(first.error),
                "type": "InvalidArgumentError",
            },
            {"index": 0, "item": schedules[0], "error": str(second.error), "type": "OutcomeUnknownError"},
        ],
    }
    assert plain.keys() == BulkReportDict.__annotations__.keys()
    assert plain["failures"][0].keys() == BulkFailureDict.__annotations__.keys()
    (tmp_path / "j").unlink()
    with pytest.raises(JournalError, match="there is no such file"):
        report.to_dict()


def test_progress_is_told(caller: Caller, client: Any) -> None:
    told: list[BulkProgress] = []
    caller(client.workflows.trigger_each, TRIGGERS, on_progress=told.append)
    assert told[-1].done == 200
    assert {each.total for each in told} == {200}
    assert [each.done for each in told] == sorted(each.done for each in told)
    caller(client.workflows.trigger_each, iter(TRIGGERS), on_progress=told.append)
    assert told[-1][:4] == (200, 0, 0, None)
    assert told[-1].remaining is None


def test_progress_counts_earlier_runs(caller: Caller, client: Any, tmp_path: Any) -> None:
    told: list[BulkProgress] = []
    caller(client.workflows.trigger_each, TRIGGERS[:150], journal=tmp_path / "j")
    caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j", on_progress=told.append)
    assert told[0].done >= 150
    assert told[-1].done == 200


def test_progress_says_what_is_left() -> None:
    tally = Tally(1000, 100, (10, 5), started=50.0)
    tally.succeeded = 185
    progress = tally.progress(60.0)
    assert progress == BulkProgress(285, 10, 5, 1000, 18.5, 700 / 18.5)


def test_progress_is_told_ten_times_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("knock_sdk.bulk._tally.time", SimpleNamespace(monotonic=lambda: now[0]))
    tally, told = Tally(None, 0, (0, 0), started=0.0), list[float]()

    def report(*, last: bool = False) -> None:
        now[0] += 0.01
        tally.report(lambda _: told.append(now[0]), now[0], last=last)

    for _ in range(1000):
        tally.succeeded += 1
        report()
    assert 90 <= len(told) <= 100
    assert all(later - earlier >= 0.1 for earlier, later in pairwise(told))
    for _ in range(100):
        report()
    assert len(told) <= 101  # nothing else has changed
    report(last=True)
    assert told[-1] == now[0]


def test_an_error_reaches_the_caller_after_the_progress(caller: Caller) -> None:
    told: list[BulkProgress] = []
    api = Answering(lambda _, __: refusal(401) if len(api.sent) > 100 else reply(200, TRIGGERED))
    with pytest.raises(KnockError, match=r"^401"):
        caller(api.client(caller).workflows.trigger_each, TRIGGERS, on_progress=told.append)
    assert told[0].done < 150


PROGRAM = """
import sys
from knock_sdk.testing import Simulator
users = [{"id": f"u{n}"} for n in range(2500)] + [{"id": float("nan")}]
report = Simulator().client().users.bulk.identify_many(users)
assert report.succeeded == 2500
print("done")
if len(sys.argv) > 1:
    from knock_sdk import AsyncKnock
    import asyncio
    asyncio.run(Simulator().async_client().users.bulk.identify_many(iter(users)))
"""


def test_a_bar_is_drawn_in_a_terminal() -> None:
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    run = [sys.executable, "-W", "error", "-c", PROGRAM, "async"]
    environment = {**plain_environment(), "TERM": "xterm", "COLUMNS": "120"}
    child = subprocess.Popen(run, stdin=follower, stdout=subprocess.PIPE, stderr=follower, env=environment)
    os.close(follower)
    shown = b""
    while select.select([leader], [], [], 60)[0]:
        try:
            part = os.read(leader, 65536)
        except OSError:  # what Linux says when the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(leader)
    out, _ = child.communicate(timeout=60)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())
    assert (child.returncode, out) == (0, b"done\n"), text
    assert "users.bulk.identify_many" in text
    assert re.search(r"2501/2501\s+[\d,]+/s, 1 failed", text), text
    assert "2501/?" in text  # a generator has no length
    assert "\x1b[?25h" in shown.decode()  # the cursor is visible again


@pytest.mark.parametrize("arguments", [[], ["async"]])
def test_nothing_is_written_where_there_is_no_terminal(arguments: list[str]) -> None:
    run = [sys.executable, "-W", "error", "-c", PROGRAM, *arguments]
    done = subprocess.run(run, capture_output=True, text=True, check=True, env=plain_environment())
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_nothing_is_written_without_standard_error(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as in a program of Windows without a console."""
    monkeypatch.setattr(sys, "stderr", None)
    assert sim.client().users.bulk.identify_many([{"id": "u"}]).succeeded == 1


def test_no_bar_is_drawn_for_who_is_told(sim: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    sim.client().users.bulk.identify_many([{"id": "u"}], on_progress=lambda _: None)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (36_000, "10:00:00")])
def test_durations(seconds: float, text: str) -> None:
    assert _duration(seconds) == text
