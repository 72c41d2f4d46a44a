"""Exports that were interrupted: the next call goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from knock_sdk import (
    UnprocessableEntityError,
    export,
)
from knock_sdk.export import ExportStateError, _output
from tests.export.support import SIDES, Pages, failing_at, interrupt, lines, names_in, run, users

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_the_next_call_goes_on_at_the_cursor(side: str, format: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    run(side, Pages(users(6)), "users", tmp_path / "whole", format=format)
    interrupt(side, path, format=format)
    assert names_in(tmp_path) == ["out.part", "out.resume", "whole"]
    pages = Pages(users(6))
    report = run(side, pages, "users", path, format=format, page_size=2)
    assert pages.cursors() == ["4"]
    assert (report.items, report.earlier_items) == (6, 4)
    assert "6 items (4 by earlier runs)" in str(report)
    assert path.read_bytes() == (tmp_path / "whole").read_bytes()
    assert names_in(tmp_path) == ["out", "whole"]


@pytest.mark.parametrize("side", SIDES)
def test_a_failure_on_the_first_page_can_be_resumed_too(side: str, tmp_path: Path) -> None:
    interrupt(side, tmp_path / "out", after=0)
    pages = Pages(users(3))
    assert run(side, pages, "users", tmp_path / "out").earlier_items == 0
    assert pages.cursors() == [None]
    assert lines(tmp_path / "out") == ["u0", "u1", "u2"]


def test_the_size_of_a_page_may_change(tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    assert run("sync", Pages(users(6)), "users", tmp_path / "out", page_size=1).items == 6


def test_the_sync_client_resumes_what_the_async_one_began(tmp_path: Path) -> None:
    interrupt("async", tmp_path / "out")
    assert run("sync", Pages(users(6)), "users", tmp_path / "out").earlier_items == 4


@pytest.mark.parametrize("side", SIDES)
def test_resume_false_begins_anew(side: str, tmp_path: Path) -> None:
    interrupt(side, tmp_path / "out")
    pages = Pages(users(6))
    report = run(side, pages, "users", tmp_path / "out", resume=False)
    assert pages.cursors() == [None]
    assert (report.items, report.earlier_items) == (6, 0)
    assert names_in(tmp_path) == ["out"]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("status", [400, 422])
def test_a_cursor_that_the_api_refuses_is_an_error_that_says_what_to_do(side: str, status: int, tmp_path: Path) -> None:
    interrupt(side, tmp_path / "out")
    pages = Pages(users(6))
    pages.before = failing_at(1, status, {"code": "invalid_params", "message": "bad cursor"})
    with pytest.raises(ExportStateError, match=rf"no longer accepts \({status} .*start over with resume=False"):
        run(side, pages, "users", tmp_path / "out")
    assert names_in(tmp_path) == ["out.part", "out.resume"]  # another key may do better


@pytest.mark.parametrize("side", SIDES)
def test_such_an_error_without_a_cursor_is_the_clients_own(side: str, tmp_path: Path) -> None:
    pages = Pages([])
    pages.before = failing_at(1, 422)
    with pytest.raises(UnprocessableEntityError):
        run(side, pages, "users", tmp_path / "out")


def test_what_follows_the_recorded_length_is_cut_off(tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    with (tmp_path / "out.part").open("ab") as file:
        file.write(b'{"id": "half a l')
    run("sync", Pages(users(6)), "users", tmp_path / "out")
    assert lines(tmp_path / "out") == [f"u{number}" for number in range(6)]


@pytest.mark.parametrize("side", SIDES)
def test_what_on_progress_raises_ends_the_export(side: str, tmp_path: Path) -> None:
    def stop(progress: export.ExportProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(side, Pages(users(3)), "users", tmp_path / "out", on_progress=stop)
    assert names_in(tmp_path) == ["out.part", "out.resume"]
    pages = Pages([])
    seen: list[export.ExportProgress] = []
    report = run(side, pages, "users", tmp_path / "out", on_progress=seen.append)
    assert pages.targets == []  # nothing was missing but the name
    assert (report.items, report.earlier_items) == (3, 3)
    assert [progress.items for progress in seen] == [3]


@pytest.mark.parametrize("side", SIDES)
def test_progress_is_told_ten_times_a_second_at_most_and_at_the_end(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("knock_sdk.export._report.monotonic", lambda: now[0])
    pages = Pages(users(40))

    def pass_time(number: int) -> None:
        now[0] += 0.03

    pages.before = pass_time  # type: ignore[assignment]
    seen: list[export.ExportProgress] = []
    run(side, pages, "users", tmp_path / "out", page_size=2, on_progress=seen.append)
    assert [progress.items for progress in seen] == [8, 16, 24, 32, 40, 40]
    assert seen[0].elapsed == pytest.approx(0.12)
    assert seen[0].rate == pytest.approx(8 / 0.12)
    assert str(seen[0]) == "8 items, 0.1 s, 67 items/s"


def test_the_state_is_saved_once_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(_output, "monotonic", lambda: now[0])
    pages = Pages(users(40))
    cursors: list[str | None] = []

    def look(number: int) -> None:
        now[0] += 0.3
        cursors.append(json.loads((tmp_path / "out.resume").read_bytes())["cursor"])

    pages.before = look  # type: ignore[assignment]
    run("sync", pages, "users", tmp_path / "out", page_size=4)
    assert cursors == [None, None, None, None, "16", "16", "16", "16", "32", "32"]
