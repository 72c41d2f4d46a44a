"""The machinery of the benchmarks: compared requests are the same, and reports contain the measured figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from knock_sdk.types import Message
from tests.support.paths import ROOT
from tests.support.subjects import SUBJECTS

from . import __main__ as command
from .bodies import PAGE_SIZE, messages
from .by_hand import raw, request_of, with_headers
from .plot import MOST, plot
from .report import describe, environment, table
from .row import Broken, Goal, Row
from .rows import ROWS
from .rows.pages import names_for
from .rows.triggers import post, trigger
from .server import Server

if TYPE_CHECKING:
    from .row import Samples

URL = "http://127.0.0.1:4010"
RESULTS = Path(__file__).with_name("results.json")


def never(*_: object, **__: object) -> Samples:
    raise AssertionError("nothing must be measured")


def report_of(row: Row, samples: Samples) -> dict[str, Any]:
    """Return the report of one row."""
    return {"environment": environment(quick=True), "rows": [{**describe(row, samples), "seconds": 1.5}]}


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
    assert {"knock-sdk", "bare", "limit"} <= row["subjects"].keys() <= {"knock-sdk", "bare", "limit", "knockapi"}
    for figures in (*row["subjects"].values(), *row["ratios"].values()):
        low, high = figures["quartiles"]
        assert 0 < figures["range"][0] <= low <= figures["median"] <= high <= figures["range"][1]
    assert row["rounds"] > 1
    assert row["ratios"].keys() >= {"knock-sdk / bare", "limit / bare"}
    assert row["goals"][0]["reached"] == row["ratios"]["knock-sdk / bare"]["median"]
    assert f"| {row['ratios']['knock-sdk / bare']['median']:.2f} |" in printed

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


def test_an_unknown_row_is_rejected(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "measure_all", never)
    with pytest.raises(SystemExit) as ended:
        command.main(["--only", "page,pgae"])
    assert ended.value.code == 2
    assert "'pgae'" in capsys.readouterr().err


def test_rows_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(ROWS)


def test_the_picture_shows_the_figures(report: dict[str, Any]) -> None:
    picture = plot(json.loads(json.dumps(report)))
    assert len(picture.encode()) <= 20_000
    root = ET.fromstring(picture)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"a <trigger> & more", "0.50", "4.0 ▸"} <= set(texts)
    widths = {bar.get("fill"): float(bar.get("width", 0)) for bar in root.iter("{http://www.w3.org/2000/svg}rect")}
    # The first bar is half as long as code by hand takes; the second is cut at the end of the axis.
    assert widths["#2563eb"] / widths["#9aa4b2"] == pytest.approx(0.5 / MOST)


def test_code_by_hand_sends_the_same_request() -> None:
    ours = request_of(URL, trigger)
    sent: list[httpx.Request] = []

    def record(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    with with_headers(httpx.Client(transport=httpx.MockTransport(record)), ours) as client:
        post(client, URL + ours.target)
    (theirs,) = sent
    keyed = {b"idempotency-key": b"another for each call"}
    assert {name.lower(): value for name, value in theirs.headers.raw} | keyed == dict(ours.headers) | keyed
    assert (theirs.method, str(theirs.url), theirs.content) == ("POST", URL + ours.target, ours.body)
    assert raw(ours).startswith(b"POST /v1/workflows/comment-created/trigger HTTP/1.1\r\nhost: 127.0.0.1:4010\r\n")
    assert raw(ours).endswith(b"\r\n\r\n" + ours.body)


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


def test_the_server_responds_with_the_requested_list() -> None:
    with Server() as server:
        with SUBJECTS["knock-sdk"]().client(server.url) as client:
            assert len(client.messages.list().items) == PAGE_SIZE
        with SUBJECTS["knock-sdk"]().client(server.with_list(120)) as client:
            assert [len(page.items) for page in client.users.list(page_size=50).pages()] == [50, 50, 20]
            assert client.users.list().response_info.request_id


def test_the_figures_in_the_readme_are_those_of_the_results() -> None:
    report = json.loads(RESULTS.read_text(encoding="utf-8"))
    measured = {tuple(line.split(" | ")[1:4]) for line in table(report).splitlines() if line.startswith("| ")}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Speed")[1].split("\n## ")[0]
    lines = [tuple(line.strip("| ").split(" | ")) for line in section.splitlines() if line.startswith("| ")]
    shown = {cells for cells in lines if len(cells) == 3 and cells[1][0].isdigit()}
    assert len(shown) >= 9
    assert shown <= measured
