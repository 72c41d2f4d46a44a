"""Measures an export of many items: `python -m tests.export.memory FORMAT SIDE COUNT PATH` prints figures as JSON.

With a fifth argument, everything that is written is also kept in memory, which the test must notice.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from knock_sdk._core.outcome import Response
from knock_sdk.export import _output
from tests.export.support import Pages, run, users

PAGE = 50


class Endless(Pages):
    """A list of any length that takes no memory: each page has other ids."""

    def __init__(self, count: int) -> None:
        super().__init__([])
        self._count = count
        self._page = json.dumps(
            [
                {**user, "id": f"@-{number}", "name": "Ian Malcolm", "plan": "pro"}
                for number, user in enumerate(users(PAGE))
            ]
        )

    def exchange(self, outgoing: Any, deadline: object) -> Response:
        _, _, after = outgoing.target.partition("after=")
        end = int(after.partition("&")[0] or 0) + PAGE
        info = json.dumps({"after": str(end) if end < self._count else None, "before": None})
        body = f'{{"entries":{self._page.replace("@", str(end))},"page_info":{info}}}'
        return Response(200, [(b"x-request-id", b"r")], body.encode())


def peak() -> int:
    """Return the most memory that this process has had, in bytes; `ru_maxrss` would count its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


def main() -> None:
    form, side, count, path, *keep = sys.argv[1:]
    kept = []
    if keep:
        write = _output.write_all
        _output.write_all = lambda file, data: (kept.append(data), write(file, data))[1]  # type: ignore[func-returns-value]
    run(side, Endless(10_000), "users", Path(path + ".warm"), format=form)
    before = peak()
    report = run(side, Endless(int(count)), "users", Path(path), format=form)
    grown = peak() - before
    assert report.items == int(count)
    size = Path(path).stat().st_size
    sys.stdout.write(json.dumps({"peak": peak(), "grown": grown, "size": size, "rate": round(report.rate)}))


if __name__ == "__main__":
    main()
