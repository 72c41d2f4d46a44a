"""Exports that were interrupted: the next call goes on, or says why it does not."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import (
    AsyncKnock,
    InternalServerError,
    InvalidArgumentError,
    KnockError,
    UnprocessableEntityError,
    export,
)
from knock_sdk.export import ExportStateError, _output
from tests.export.support import SIDES, AsyncPages, Pages, lines, names_in, reply, run, users

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from knock_sdk._core.outcome import Response


def failing_at(number: int, status: int = 500, body: Any = None) -> Callable[[int], Response | None]:
    return lambda each: reply(status, body or {"code": "x", "message": "no"}) if each == number else None


def interrupt(side: str, path: Path, *, after: int = 2, items: int = 6, **named: Any) -> None:
    """Export pages of two users, until the server fails."""
    pages = Pages(users(items))
    pages.before = failing_at(after + 1)
    with pytest.raises(InternalServerError):
        run(side, pages, "users", path, page_size=2, **named)


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
    with pytest.raises(ExportStateError, match=rf"does not accept any more \({status} .*begin anew with resume=False"):
        run(side, pages, "users", tmp_path / "out")
    assert names_in(tmp_path) == ["out.part", "out.resume"]  # another key may do better


@pytest.mark.parametrize("side", SIDES)
def test_such_an_error_without_a_cursor_is_the_clients_own(side: str, tmp_path: Path) -> None:
    pages = Pages([])
    pages.before = failing_at(1, 422)
    with pytest.raises(UnprocessableEntityError):
        run(side, pages, "users", tmp_path / "out")


OTHER: list[tuple[str, dict[str, Any], str]] = [
    ("users", {"format": "csv"}, 'format is "jsonl" there and "csv" here'),
    ("users", {"order": "desc"}, r'filters.order is absent there and \["desc"\] here'),
    ("users", {"settings": {"branch": "b"}}, 'branch is absent there and "b" here'),
    ("users", {"settings": {"base_url": "https://knock.example"}}, 'base_url is "https://api.knock.app" there'),
    ("users", {"settings": {"default_query": {"x": "1"}}}, r"filters.x is absent there"),
    ("tenants", {}, 'list is "users" there and "tenants" here'),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("name", "named", "difference"), OTHER)
def test_the_state_of_another_export_is_refused(
    side: str, name: str, named: Any, difference: str, tmp_path: Path
) -> None:
    interrupt(side, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    pages = Pages([])
    with pytest.raises(ExportStateError, match=f"belongs to another export: .*{difference}"):
        run(side, pages, name, tmp_path / "out", **named)
    assert pages.targets == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_collection_is_another_export(tmp_path: Path) -> None:
    pages = Pages(users(4))
    pages.before = failing_at(2)
    with pytest.raises(InternalServerError):
        run("sync", pages, "objects", "a", tmp_path / "out", page_size=2)
    with pytest.raises(ExportStateError, match='collection is "a" there and "b" here'):
        run("sync", Pages([]), "objects", "b", tmp_path / "out")


DAMAGED: list[tuple[bytes, str]] = [
    (b"", "is damaged: it is not JSON"),
    (b"\xff\xfe", "is damaged: it is not JSON"),
    (b"[" * 100_000, "is damaged: it is not JSON"),
    (b"[]", "is damaged: it: "),
    (b"{}", "is damaged: export: Field required"),
    (b'{"version": 2, "anything": 1}', "has version 2, and this version of knock-sdk reads 1"),
]


@pytest.mark.parametrize(("content", "problem"), DAMAGED)
def test_a_damaged_state_is_refused(content: bytes, problem: str, tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    (tmp_path / "out.resume").write_bytes(content)
    refused(tmp_path / "out", problem)


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"length": -1}, "a length is negative"),
    ({"length": "5"}, "length: Input should be a valid integer"),
    ({"length": 10**9}, r"out.part: has 292 bytes, and out.resume says that it had 1,000,000,000"),
    ({"phase": "done"}, "phase: Input should be"),
    ({"cursor": 5}, "cursor: Input should be a valid string"),
    ({"more": 5}, "more: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("change", "problem"), CHANGES)
def test_a_state_that_does_not_fit_is_refused(change: dict[str, Any], problem: str, tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    state = json.loads((tmp_path / "out.resume").read_bytes())
    (tmp_path / "out.resume").write_text(json.dumps({**state, **change}), encoding="utf-8")
    refused(tmp_path / "out", problem)


def test_a_part_without_a_state_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out.part").write_text("of a download", encoding="utf-8")
    refused(tmp_path / "out", "out.part: exists, but out.resume, which says what it has, does not")


def test_a_state_without_its_part_is_refused(tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    (tmp_path / "out.part").unlink()
    refused(tmp_path / "out", "out.part: has 0 bytes")


def test_a_complete_state_without_its_output_is_refused(tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    state = json.loads((tmp_path / "out.resume").read_bytes())
    (tmp_path / "out.resume").write_text(json.dumps({**state, "phase": "ready"}), encoding="utf-8")
    (tmp_path / "out.part").unlink()
    refused(tmp_path / "out", "out.part: is missing")


def refused(path: Path, problem: str) -> None:
    pages = Pages([])
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    with pytest.raises(ExportStateError, match=problem) as caught:
        run("sync", pages, "users", path)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before
    assert "resume=False" in str(caught.value)
    assert caught.value.path.startswith(str(path))
    assert pages.targets == []
    assert run("sync", Pages(users(1)), "users", path, resume=False).items == 1


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


def test_the_state_has_no_key(tmp_path: Path) -> None:
    key = "sk_test_canary_1234567890"
    interrupt("sync", tmp_path / "out", settings={"api_key": key, "user_token": "canary.token.abc"})
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"canary" not in content
    assert json.loads((tmp_path / "out.resume").read_bytes()) == {
        "version": 1,
        "export": {
            "list": "users",
            "collection": None,
            "filters": {},
            "format": "jsonl",
            "escape_formulas": None,
            "base_url": "https://api.knock.app",
            "branch": None,
        },
        "phase": "listing",
        "cursor": "4",
        "length": 292,
        "items": 4,
    }


@pytest.mark.parametrize("native", [True, False], ids=["task.cancel", "a cancel scope"])
def test_a_cancelled_export_can_be_resumed(native: bool, tmp_path: Path) -> None:
    import anyio

    pages = Pages(users(100))

    async def main() -> None:
        async with AsyncKnock(api_key="sk_test", http_client=AsyncPages(pages)) as client:
            task = asyncio.ensure_future(client_export(client))
            while len(pages.targets) < 3:  # noqa: ASYNC110 (the engine has no event)
                await asyncio.sleep(0)
            if native:
                task.cancel()
            else:
                scope[0].cancel()
            await asyncio.gather(task, return_exceptions=True)

    scope: list[anyio.CancelScope] = []

    async def client_export(client: AsyncKnock) -> None:
        with anyio.CancelScope() as own:
            scope.append(own)
            await export.users_async(client, tmp_path / "out", page_size=2)

    asyncio.run(main())
    assert names_in(tmp_path) == ["out.part", "out.resume"]
    report = run("sync", Pages(users(100)), "users", tmp_path / "out")
    assert 0 < report.earlier_items < 100
    assert lines(tmp_path / "out") == [f"u{number}" for number in range(100)]


def test_cancelling_at_any_step_leaves_no_lock(tmp_path: Path) -> None:
    async def main() -> None:
        async with AsyncKnock(api_key="sk_test", http_client=AsyncPages(Pages(users(6)))) as client:
            for steps in range(0, 60, 3):
                task = asyncio.ensure_future(
                    export.users_async(client, tmp_path / "out", page_size=1, resume=False, overwrite=True)
                )
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                limit = time.monotonic() + 20
                while (tmp_path / "out.lock").exists():  # the thread that the task left behind
                    assert time.monotonic() < limit
                    await asyncio.sleep(0.001)

    asyncio.run(main())
    assert run("sync", Pages(users(6)), "users", tmp_path / "out", overwrite=True, resume=False).items == 6


@pytest.mark.parametrize("side", SIDES)
def test_the_event_loop_is_not_blocked_by_a_slow_disk(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    writers: set[str] = set()
    real = _output.write_all

    def note(*args: Any) -> None:
        writers.add(threading.current_thread().name)
        real(*args)

    monkeypatch.setattr(_output, "write_all", note)
    run(side, Pages(users(6)), "users", tmp_path / "out", page_size=2)
    assert (threading.main_thread().name in writers) == (side == "sync")
    assert writers


@pytest.mark.parametrize("side", SIDES)
def test_an_output_that_exists_is_kept(side: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("mine", encoding="utf-8")
    pages = Pages(users(2))
    for resume in (True, False):
        with pytest.raises(InvalidArgumentError, match=r"^path: .* exists already: .*overwrite=True") as caught:
            run(side, pages, "users", path, resume=resume)
        assert caught.value.argument == "path"
    assert pages.targets == []
    assert path.read_text(encoding="utf-8") == "mine"
    assert names_in(tmp_path) == ["out"]
    run(side, pages, "users", path, overwrite=True)
    assert lines(path) == ["u0", "u1"]


def test_an_output_is_replaced_at_the_end_only(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("mine", encoding="utf-8")
    interrupt("sync", path, overwrite=True)
    assert path.read_text(encoding="utf-8") == "mine"
    assert run("sync", Pages(users(6)), "users", path, overwrite=True).earlier_items == 4
    assert len(lines(path)) == 6


def test_an_output_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "out"
    pages = Pages(users(4))
    pages.before = lambda number: path.write_text("mine", encoding="utf-8") and None  # type: ignore[func-returns-value]
    with pytest.raises(KnockError, match="was made by another program meanwhile"):
        run("sync", pages, "users", path)
    assert path.read_text(encoding="utf-8") == "mine"
    path.unlink()
    again = Pages([])
    assert run("sync", again, "users", path).earlier_items == 4
    assert again.targets == []
