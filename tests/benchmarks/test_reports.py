"""What a report says beyond ratios to code by hand: other HTTP clients, rates, failures; and the page about speed."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from .http_clients import HTTP_CLIENTS
from .page import BEGIN, END, OTHERS, rewrite
from .plot import MARKS, plot
from .report import describe, environment, table
from .row import BARE, FAILED, OURS, PEER, Goal, Row

SAMPLES = {OURS: [0.5, 0.5], BARE: [1.0, 1.0], PEER: [2.0, 2.0], "pycurl": [0.25, 0.25], "aiohttp": [2.0, 2.0]}


def never(*_: object) -> Any:
    raise AssertionError("nothing must be measured")


@pytest.fixture
def report() -> dict[str, Any]:
    """Return a report of a row of triggers, and of one that is not shown outside the full table."""
    rows = [
        describe(Row("trigger-x", "triggers", never, (Goal(OURS, BARE, 1.0),), rate=True), SAMPLES),
        describe(Row("trigger-y", "failing triggers", never), {OURS: [3.0], f"{OURS}{FAILED}": [1_250.0]}),
    ]
    facts = environment(quick=True, awake=True)
    facts["versions"] |= dict.fromkeys(HTTP_CLIENTS, "1.2.3") | {PEER: "1.33.0"}
    return {"environment": facts, "rows": [{**row, "seconds": 1.0} for row in rows]}


def test_the_tables_show_other_http_clients_rates_and_failures(report: dict[str, Any]) -> None:
    lines = table(report).splitlines()
    assert lines[5:8] == ["| ours / each | pycurl 1.2 | aiohttp 1.2 |", "|---|---|---|", "| trigger-x | 2.00 | 0.25 |"]
    rates, failures = (line for line in lines if line.startswith("- "))
    assert rates.startswith("- trigger-x: knock-sdk: 2 calls a second; bare: 1 calls a second; knockapi: 0 calls")
    assert failures == "- trigger-y: knock-sdk: 3.0 s, 1,250 failed"


def test_without_other_http_clients_there_is_no_table_of_them(report: dict[str, Any]) -> None:
    row = Row("trigger-x", "triggers", never, (Goal(OURS, BARE, 1.0),))
    report["rows"] = [{**describe(row, {OURS: [0.5], BARE: [1.0]}), "seconds": 1.0}]
    assert "ours / each" not in table(report)
    assert OTHERS not in rewrite(f"{BEGIN}{END}", report)
    assert "<circle" not in plot(report)


def test_the_figures_are_written_between_the_comments_of_a_page(report: dict[str, Any]) -> None:
    written = rewrite(f"# Speed\n\n{BEGIN}\nold figures\n{END}\n\nMore.\n", report)
    assert written.startswith(f"# Speed\n\n{BEGIN}\n| | relative to plain httpx | relative to knockapi 1.33 |\n")
    assert "| triggers | 0.50 (2 calls a second) | 0.25 |\n" in written
    assert (
        f"\n\n{OTHERS}\n\n|  | pycurl 1.2 | aiohttp 1.2 |\n|---|---|---|\n| triggers | 2.00 | 0.25 |\n{END}\n"
        in written
    )
    assert written.endswith(f"{END}\n\nMore.\n")
    assert "old figures" not in written
    assert "failing" not in written
    assert rewrite(written, report) == written


def test_a_page_without_the_comments_is_rejected(report: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must contain '<!-- written by"):
        rewrite("# Speed\n", report)


def test_the_picture_marks_other_http_clients(report: dict[str, Any]) -> None:
    root = ET.fromstring(plot(report))
    circles = [circle.get("fill") for circle in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert circles == 2 * [MARKS["pycurl"], MARKS["aiohttp"]]  # in the legend, and beside the bars
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"pycurl", "aiohttp"} <= set(texts)
    assert "pyreqwest" not in texts
