"""Exports whose process is killed: the next run loses nothing and doubles nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import export
from knock_sdk.testing import Simulator
from tests.export.support import names_in
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")

KILLS = 20
POINTS = 40
"""Lines at which an export is ended, spread over those that it executes."""


def kill(mode: str, *args: Any) -> dict[str, Any]:
    finished = subprocess.run(
        [sys.executable, "-m", "tests.export.killing", mode, *(json.dumps(each) for each in args)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    counts: dict[str, Any] = json.loads(finished.stdout)
    return counts


@pytest.mark.parametrize(("format", "side"), [("jsonl", "sync"), ("csv", "async")])
def test_twenty_kills_at_random_times_change_no_byte(format: Any, side: str, tmp_path: Path) -> None:
    sim = Simulator()
    client = sim.client()
    for number in range(0, 600, 100):
        client.users.bulk.identify(users=[{"id": f"u{each}", "name": "=é"} for each in range(number, number + 100)])
    sim.advance(minutes=5)
    export.users(client, tmp_path / "whole", format=format)
    with sim.serve() as url:
        counts = kill("timed", url, str(tmp_path / "out"), format, side, KILLS)
    assert counts["kills"] == KILLS
    assert counts["resumed"] >= 5
    assert (tmp_path / "out").read_bytes() == (tmp_path / "whole").read_bytes()
    assert len((tmp_path / "out").read_bytes().splitlines()) == 600 + (format == "csv")
    assert set(names_in(tmp_path)) - {"out.lock"} == {"out", "whole"}


@pytest.mark.parametrize("how", ["kill", "interrupt"])
@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_an_end_at_any_line_changes_no_byte(format: str, how: str, tmp_path: Path) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow")
    counts = kill("lines", str(tmp_path / "runs"), format, POINTS, how)
    assert counts["ends"] == POINTS
    assert counts["lines"] > 200
    assert set(counts["left"]) <= {"out", "out.lock"}
