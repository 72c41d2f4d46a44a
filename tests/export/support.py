"""What the tests of exports share: an engine that has pages, and calls with both clients."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from knock_sdk import AsyncKnock, InternalServerError, Knock, export
from knock_sdk._core.outcome import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from knock_sdk._core.requests.encode import Outgoing

SIDES = ["sync", "async"]
LISTS = ["messages", "users", "tenants", "objects"]
ENDINGS = ("", ".part", ".resume", ".lock", ".converting", ".resume.tmp")


class Pages:
    """A list behind both clients, whose cursors are positions.

    Attributes:
        targets: paths and queries that were requested.
        before: called before each request with its number, from 1 on; what it returns is the response instead.
    """

    def __init__(self, items: Sequence[Any], *, key: str = "entries") -> None:
        self.items = [item if isinstance(item, str) else json.dumps(item) for item in items]
        self.key = key
        self.targets: list[str] = []
        self.before: Callable[[int], Response | None] = lambda number: None

    def exchange(self, outgoing: Outgoing, deadline: object) -> Response:
        self.targets.append(outgoing.target)
        if (response := self.before(len(self.targets))) is not None:
            return response
        query = parse_qs(urlsplit(outgoing.target).query)
        start = int(query.get("after", ["0"])[0])
        end = start + int(query["page_size"][0])
        after = str(end) if end < len(self.items) else None
        items = ",".join(self.items[start:end])
        info = json.dumps({"after": after, "before": None, "page_size": 1, "__typename": "PageInfo"})
        return Response(200, [(b"x-request-id", b"r")], f'{{"{self.key}":[{items}],"page_info":{info}}}'.encode())

    def close(self) -> None:
        """Have nothing to close."""

    def cursors(self) -> list[str | None]:
        """Return the cursors that were requested."""
        return [parse_qs(urlsplit(target).query).get("after", [None])[0] for target in self.targets]


class AsyncPages:
    """The same for the asynchronous client."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def exchange(self, outgoing: Outgoing, deadline: object) -> Response:
        await asyncio.sleep(0)
        return self._pages.exchange(outgoing, deadline)

    async def close(self) -> None:
        """Have nothing to close."""


def reply(status: int, body: Any) -> Response:
    return Response(status, [(b"x-request-id", b"r")], body if isinstance(body, bytes) else json.dumps(body).encode())


def run(side: str, pages: Pages, name: str, /, *args: Any, settings: Any = None, **named: Any) -> export.ExportReport:
    """Export a list with one of the clients."""
    settings = {"api_key": "sk_test", "max_retries": 0, **(settings or {})}
    if side == "sync":
        with Knock(**settings, http_client=pages) as client:
            report: export.ExportReport = getattr(export, name)(client, *args, **named)
            return report

    async def main() -> export.ExportReport:
        async with AsyncKnock(**settings, http_client=AsyncPages(pages)) as client:
            report: export.ExportReport = await getattr(export, f"{name}_async")(client, *args, **named)
            return report

    return asyncio.run(main())


def users(count: int) -> list[dict[str, Any]]:
    return [{"__typename": "User", "id": f"u{number}", "updated_at": "2026-01-05T09:00:00Z"} for number in range(count)]


def lines(path: Path) -> list[str]:
    """Return the ids in a file of JSON lines."""
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def failing_at(number: int, status: int = 500, body: Any = None) -> Callable[[int], Response | None]:
    return lambda each: reply(status, body or {"code": "x", "message": "no"}) if each == number else None


def interrupt(side: str, path: Path, *, after: int = 2, items: int = 6, **named: Any) -> None:
    """Export pages of two users, until the server fails."""
    pages = Pages(users(items))
    pages.before = failing_at(after + 1)
    with pytest.raises(InternalServerError):
        run(side, pages, "users", path, page_size=2, **named)
