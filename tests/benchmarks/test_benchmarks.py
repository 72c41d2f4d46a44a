"""The machinery of the benchmarks: compared requests are the same, and reports contain the measured figures."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from knock_sdk.types import Message
from tests.support.paths import ROOT

from . import __main__ as command
from .bodies import PAGE_SIZE, messages
from .http_clients import HTTP_CLIENTS
from .page import rewrite
from .plot import MOST, plot
from .processors import CAN_BE_KEPT_AWAKE, kept_awake
from .report import describe, environment, pair_name, table
from .row import BARE, LIMIT, OURS, PEER, Broken, Goal, Row
from .rows import ROWS
from .rows.pages import names_for

if TYPE_CHECKING:
    from .row import Samples

URL = "http://127.0.0.1:4010"
RESULTS = Path(__file__).with_name("results.json")


def never(*_: object, **__: object) -> Samples:
    raise AssertionError("nothing must be measured")


def report_of(row: Row, samples: Samples) -> dict[str, Any]:
    """Return the report of one row."""
    return {"environment": environment(quick=True, awake=True), "rows": [{**describe(row, samples), "seconds": 1.5}]}


@pytest.fixture
def report() -> dict[str, Any]:
    row = Row("trigger-x", "a <trigger> & more", never, (Goal("knock-sdk", "bare", 0.75), Goal("knock-sdk", None, 0.5)))
    return report_of(row, {"knock-sdk": [1.0, 2.0, 9.0], "bare": [2.0, 4.0, 9.0], "knockapi": [8.0, 16.0, 36.0]})


def test_a_row_is_measured_apart_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = tmp_path / "found.json"
    assert command.main(["--only", "trigger-sync", "--quick", "--json", str(found)]) == 0
    printed = capsys.readouterr().out
    report = json.loads(found.read_text(encoding="utf-8"))
    (row,) = report["rows"]
    assert row["name"] == "trigger-sync"
    assert {OURS, BARE, LIMIT} <= row["subjects"].keys() <= {OURS, BARE, LIMIT, PEER, *HTTP_CLIENTS}
    for figures in (*row["subjects"].values(), *row["ratios"].values()):
        low, high = figures["quartiles"]
        assert 0 < figures["range"][0] <= low <= figures["median"] <= high <= figures["range"][1]
    assert row["rounds"] > 1
    assert row["ratios"].keys() >= {"knock-sdk / bare", "limit / bare"}
    assert row["goals"][0]["reached"] == row["ratios"]["knock-sdk / bare"]["median"]
    assert f"| {row['ratios']['knock-sdk / bare']['median']:.2f} |" in printed
    assert report["environment"]["kept_awake"] is CAN_BE_KEPT_AWAKE

    monkeypatch.setattr(command, "measure_all", never)
    picture = tmp_path / "found.svg"
    assert command.main(["--from", str(found), "--plot", str(picture)]) == 0
    assert capsys.readouterr().out == printed
    assert ET.fromstring(picture.read_text(encoding="utf-8")).tag == "{http://www.w3.org/2000/svg}svg"


def test_ratios_are_taken_round_by_round(report: dict[str, Any]) -> None:
    (row,) = report["rows"]
    assert row["ratios"]["knock-sdk / bare"] == {"median": 0.5, "quartiles": [0.5, 0.75], "range": [0.5, 1.0]}
    assert row["ratios"]["knock-sdk / knockapi"]["median"] == 0.125
    assert [(goal["reached"], goal["held"]) for goal in row["goals"]] == [(0.5, True), (2.0, False)]


def test_the_table_marks_missed_goals(report: dict[str, Any]) -> None:
    lines = table(report).splitlines()
    assert lines[2].startswith("| trigger-x | a <trigger> & more | 0.50 | 0.12 |  |")
    assert lines[2].endswith("knock-sdk ≤ 500 ms: 2000.0 ms | ✗ |")
    assert lines[-1] == "1 of 2 goals reached in 2 s"


def test_a_library_that_is_not_installed_is_left_out() -> None:
    row = Row("trigger-x", "a trigger", never, (Goal("knock-sdk", "bare", 0.75), Goal("knock-sdk", "knockapi", 0.4)))
    report = report_of(row, {"knock-sdk": [1.0], "bare": [2.0]})
    assert table(report).splitlines()[-1] == "1 of 1 goals reached in 2 s"
    assert "knockapi 4" not in plot(report)


def test_a_row_with_missing_requirements_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "ROWS", {"x": Row("x", "a row", never, needs=("pydantic", "no-such-distribution"))})
    monkeypatch.setattr(command, "measure_apart", never)
    assert command.main(["--only", "x"]) == 0
    assert "not available here: needs no-such-distribution |" in capsys.readouterr().out


def test_a_row_that_cannot_be_measured_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> Samples:
        raise Broken("no figures")

    monkeypatch.setattr(command, "ROWS", {"x": Row("x", "a row", never)})
    monkeypatch.setattr(command, "measure_apart", fail)
    assert command.main(["--only", "x"]) == 1
    assert "failed: no figures |" in capsys.readouterr().out


@pytest.mark.skipif(not CAN_BE_KEPT_AWAKE, reason="the system has no idle priority")
def test_processors_are_kept_awake_at_idle_priority() -> None:
    with kept_awake() as processes:
        assert len(processes) == len(os.sched_getaffinity(0))
        assert {os.sched_getscheduler(process.pid) for process in processes} == {os.SCHED_IDLE}
        assert all(process.poll() is None for process in processes)
    assert all(process.poll() is not None for process in processes)


def test_processors_may_sleep(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "kept_awake", never)
    monkeypatch.setattr(command, "measure_apart", lambda *_, **__: {OURS: [1.0], BARE: [2.0]})
    found = tmp_path / "found.json"
    assert command.main(["--only", "trigger-sync", "--let-sleep", "--json", str(found)]) == 0
    assert json.loads(found.read_text(encoding="utf-8"))["environment"]["kept_awake"] is False


def test_an_unknown_row_is_rejected(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "measure_all", never)
    with pytest.raises(SystemExit) as ended:
        command.main(["--only", "page,pgae"])
    assert ended.value.code == 2
    assert "'pgae'" in capsys.readouterr().err


def test_rows_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(ROWS)
    assert [line.split()[0] for line in lines if line.endswith("(only if named)")] == [
        "trigger-5000",
        "memory-bulk",
    ]


def test_a_row_that_takes_minutes_is_measured_only_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {"x": Row("x", "a row", never), "y": Row("y", "a slow row", never, extra=True)}
    monkeypatch.setattr(command, "ROWS", rows)
    monkeypatch.setattr(command, "measure_apart", lambda *_, **__: {OURS: [1.0], BARE: [2.0]})
    assert command.main([]) == 0
    assert "a slow row" not in capsys.readouterr().out
    assert command.main(["--only", "y"]) == 0
    assert "| y | a slow row | 0.50 |" in capsys.readouterr().out


def test_another_checkout_is_measured_in_turns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / ".venv" / "bin" / "python"
    other.parent.mkdir(parents=True)
    other.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    other.chmod(0o755)
    assert command.main(["--beside", str(tmp_path), "--only", "trigger-sync,trigger-tls-50", "--quick"]) == 0
    _, _, sync, tls = capsys.readouterr().out.splitlines()
    for line, name in ((sync, "trigger-sync"), (tls, "trigger-tls-50")):
        row, before, now, ratio, _ = line.strip("| ").split(" | ")
        assert row == name
        assert float(before.removesuffix(" ms")) > 0
        assert float(now.removesuffix(" ms")) > 0
        assert float(ratio) > 0


@pytest.mark.parametrize(
    ("arguments", "named"), [((), "has no .venv/bin/python"), (("--only", "trigger-sync,page"), "'page'")]
)
def test_what_cannot_be_compared_is_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], named: str
) -> None:
    if arguments:
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").touch()
    with pytest.raises(SystemExit) as ended:
        command.main(["--beside", str(tmp_path), *arguments])
    assert ended.value.code == 2
    assert named in capsys.readouterr().err


def test_the_picture_shows_the_figures(report: dict[str, Any]) -> None:
    picture = plot(json.loads(json.dumps(report)))
    assert len(picture.encode()) <= 20_000
    root = ET.fromstring(picture)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"a <trigger> & more", "0.50", "4.0 ▸"} <= set(texts)
    widths = {bar.get("fill"): float(bar.get("width", 0)) for bar in root.iter("{http://www.w3.org/2000/svg}rect")}
    # The first bar is half as long as code by hand takes; the second is cut at the end of the axis.
    assert widths["#2563eb"] / widths["#9aa4b2"] == pytest.approx(0.5 / MOST)


def test_every_field_of_a_message_is_present_and_read() -> None:
    page = json.loads(messages())
    assert len(page["items"]) == PAGE_SIZE
    assert len({message["id"] for message in page["items"]}) == PAGE_SIZE
    assert all(value is not None for message in page["items"] for value in message.values())
    names = names_for("knock-sdk")
    assert set(names.message) == set(Message.model_fields)
    assert {name: set(below) for name, below in names.records} == {
        name: set(getattr(Message.model_validate(page["items"][0]), name).model_dump(by_alias=False))
        for name in ("channel", "recipient_snapshot", "source")
    }


def test_the_figures_of_the_page_and_the_picture_are_those_of_the_results() -> None:
    report = json.loads(RESULTS.read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    assert rewrite(page, report) == page
    assert plot(report) == (ROOT / "docs" / "images" / "speed.svg").read_text(encoding="utf-8")


def test_what_the_readme_says_about_speed_is_true_of_the_results() -> None:
    """It names round figures: a third and a fifth for one trigger, a tenth for 50 at once."""
    rows = {row["name"]: row["ratios"] for row in json.loads(RESULTS.read_text(encoding="utf-8"))["rows"]}
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert (
        "A trigger takes less than a third of the time that plain httpx takes, and less than a fifth of that of"
        " `knockapi`; 50 at once take less than a tenth of either."
    ) in readme
    for name in ("trigger-sync", "trigger-async"):
        assert rows[name][pair_name(OURS, BARE)]["median"] < 1 / 3
        assert rows[name][pair_name(OURS, PEER)]["median"] < 1 / 5
    assert max(rows["trigger-50"][pair_name(OURS, other)]["median"] for other in (BARE, PEER)) < 1 / 10
