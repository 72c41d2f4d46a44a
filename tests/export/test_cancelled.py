"""Exports whose task is cancelled, and the threads in which they write."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from knock_sdk import (
    AsyncKnock,
    export,
)
from knock_sdk.export import _output
from tests.export.support import SIDES, AsyncPages, Pages, lines, names_in, run, users

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("native", [True, False], ids=["task.cancel", "a cancel scope"])
def test_a_cancelled_export_can_be_resumed(native: bool, tmp_path: Path) -> None:
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
    writers: set[str] = set()
    real = _output.write_all

    def note(*args: Any) -> None:
        writers.add(threading.current_thread().name)
        real(*args)

    monkeypatch.setattr(_output, "write_all", note)
    run(side, Pages(users(6)), "users", tmp_path / "out", page_size=2)
    assert (threading.main_thread().name in writers) == (side == "sync")
    assert writers


@pytest.mark.parametrize("step", ["open", "complete", "publish"])
def test_a_thread_that_begins_after_the_end_changes_no_file(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that is cancelled may leave a thread behind which has not begun, and another export has the lock then."""
    made: list[_output.Output] = []
    real = _output.Output.open

    def note(output: _output.Output) -> None:
        made.append(output)
        real(output)

    def stop(_: export.ExportProgress) -> None:
        raise InterruptedError

    monkeypatch.setattr(_output.Output, "open", note)
    with pytest.raises(InterruptedError):
        run("sync", Pages(users(2)), "users", tmp_path / "out", on_progress=stop)
    monkeypatch.undo()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(RuntimeError, match="closed"):
        getattr(made[0], step)()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
