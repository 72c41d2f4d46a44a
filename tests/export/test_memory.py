"""The memory of exports does not grow with the list."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says what a process has had")

ITEMS = 200_000
MEGABYTE = 1_000_000


def measure(*args: Any) -> dict[str, int]:
    """Export, in a new process, a short list and then a long one; return how the second differs."""
    command = [sys.executable, "-m", "tests.export.memory", *map(str, args)]
    finished = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr
    figures: dict[str, int] = json.loads(finished.stdout)
    return figures


@pytest.mark.parametrize(("format", "side"), [("jsonl", "sync"), ("jsonl", "async"), ("csv", "sync")])
def test_memory_does_not_grow_with_the_list(format: str, side: str, tmp_path: Path) -> None:
    figures = measure(format, side, ITEMS, tmp_path / "out")
    assert figures["size"] > 14 * MEGABYTE
    assert figures["grown"] < 3 * MEGABYTE


def test_memory_of_parquet_does_not_grow_with_the_list(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    assert measure("parquet", "sync", ITEMS, tmp_path / "out")["grown"] < 12 * MEGABYTE


def test_an_export_that_keeps_everything_would_be_noticed(tmp_path: Path) -> None:
    assert measure("jsonl", "sync", ITEMS, tmp_path / "out", "keep")["grown"] > 15 * MEGABYTE
