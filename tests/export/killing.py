"""Kills exports: `python -m tests.export.killing timed|lines …` prints what happened as JSON.

It is a process of its own, since it forks: a child that is forked starts in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knock_sdk import AsyncKnock, InvalidArgumentError, Knock, export
from knock_sdk.export import _output, _report
from tests.export.support import Pages, run, users

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = str(Path(export.__file__).parent)


def fork(work: Callable[[], Any]) -> int:
    """Do some work in a child, and return its process id."""
    if (child := os.fork()) == 0:
        try:
            work()
        except KeyboardInterrupt:
            os.kill(os.getpid(), signal.SIGKILL)
        except BaseException as error:  # noqa: BLE001 (nothing may go on in the child)
            sys.stderr.write(f"{error!r}\n")
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    return child


def was_killed(child: int) -> bool:
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, -signal.SIGKILL}, status
    return status != 0


def timed(url: str, output: str, format: Any, side: str, kills: int) -> dict[str, int]:
    """Export from a server, again and again; kill each run after a random time, until it was often enough.

    Each complete output must be that of `whole` beside it.
    """
    path = Path(output)
    choose = random.Random(f"{format} {side}")
    state = path.with_name(path.name + ".resume")
    expected = path.with_name("whole").read_bytes()
    counts = {"kills": 0, "completed": 0, "resumed": 0}

    def work() -> None:
        settings: Any = {"api_key": "sk_test", "base_url": url}
        if side == "sync":
            export.users(Knock(**settings), path, format=format, page_size=5)
        else:
            asyncio.run(export.users_async(AsyncKnock(**settings), path, format=format, page_size=5))

    work()  # imports, so that a child need not; and says how long a run takes
    path.unlink()
    started = time.monotonic()
    assert not was_killed(fork(work))
    taken = time.monotonic() - started
    while counts["kills"] < kills or not path.exists() or state.exists():
        if path.exists() and not state.exists():
            path.unlink()
        _output.SECONDS = choose.choice([0, 0, 0.005, 1])
        counts["resumed"] += state.exists() and json.loads(state.read_bytes())["items"] > 0
        child = fork(work)
        if counts["kills"] < kills:
            time.sleep(choose.uniform(0, taken / 3))
            os.kill(child, signal.SIGKILL)
        if was_killed(child):
            counts["kills"] += 1
        if path.exists():
            counts["completed"] += 1
            assert path.read_bytes() == expected
    return counts


def lines(output: str, format: Any, points: int, how: str) -> dict[str, Any]:
    """End an export at many of the lines that it executes, by a kill or by Ctrl-C, and resume each once."""
    folder = Path(output)
    _output.SECONDS, _report._EVERY = 0, 10**9  # each run executes the same lines, however slow it is
    folder.mkdir()

    def work(path: Path) -> None:
        run("sync", Pages(users(7)), "users", path, format=format, page_size=2)

    executed = [0]

    def count(frame: Any, event: str, _: Any, limit: int | None = None) -> Any:
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if event == "line":
            executed[0] += 1
            if executed[0] == limit and how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            elif executed[0] == limit:
                raise KeyboardInterrupt
        return lambda *args: count(*args, limit)

    work(folder / "warm")  # imports, and what is cached
    sys.settrace(count)
    work(folder / "whole")
    sys.settrace(None)
    total, expected = executed[0], (folder / "whole").read_bytes()
    left, ends = set(), 0
    for point in range(points):
        path = folder / str(point) / "out"
        path.parent.mkdir()
        executed[0] = 0
        limit = 1 + point * (total - 1) // (points - 1)

        def traced(path: Path = path, limit: int = limit) -> None:
            sys.settrace(lambda *args: count(*args, limit))
            work(path)

        ends += was_killed(fork(traced))
        try:
            work(path)
        except InvalidArgumentError as error:  # it was killed after all was done
            assert "exists already" in str(error)  # noqa: PT017
        assert path.read_bytes() == expected, f"{how} at line {limit} of {total}"
        left |= {each.name for each in path.parent.iterdir()}
    return {"lines": total, "ends": ends, "left": sorted(left)}


def main() -> None:
    mode, *given = sys.argv[1:]
    args = [json.loads(each) for each in given]
    sys.stdout.write(json.dumps({"timed": timed, "lines": lines}[mode](*args)))


if __name__ == "__main__":
    main()
