"""Replies that several tests use: users, and lists in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.server import hang, head, message, respond

from .caller import USER

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.server import Received, Reply


SIZE = 2
"""Items on a page."""
ALL = ["1.0", "1.1", "2.0", "2.1", "3.0", "3.1"]
"""Ids of the items on three pages."""
TOO_LARGE_AND_MORE = b"".join(
    (
        head(200, {"transfer-encoding": "chunked"}, length=None),
        *[b"400\r\n%b\r\n" % (b"x" * 1024)] * 3,
        b"0\r\n\r\n",
        message(json={**USER, "id": "stray"}),
    )
)
"""A response of 3,072 bytes in one piece, followed by a stray response."""


def echo(received: Received) -> Reply:
    """Respond with the requested user."""
    return respond(json={**USER, "id": received.path.rpartition("/")[2]})


def slow_or_echo(received: Received) -> Reply:
    """Never answer to a request for the user `slow`."""
    return hang if received.path.endswith("/slow") else echo(received)


def page(number: int, last: int, *, key: str = "entries", items: list[Any] | None = None, **more: Any) -> Reply:
    """Respond with page `number` of `last`; the cursors are the numbers of the adjacent pages."""
    if items is None:
        items = [{**USER, "id": f"{number}.{index}"} for index in range(SIZE)]
    info = {
        "__typename": "PageInfo",
        "after": f"c{number + 1}" if number < last else None,
        "before": f"c{number - 1}" if number > 1 else None,
        "page_size": SIZE,
    }
    return respond(json={key: items, "page_info": info, **more})


def listing(last: int, **named: Any) -> Callable[[Received], Reply]:
    """Respond as a list of `last` pages, with the requested page."""

    def pick(received: Received) -> Reply:
        cursor = received.query.get("after") or received.query.get("before") or "c1"
        return page(int(cursor[1:]), last, **named)

    return pick


def ids(items: list[Any]) -> list[str]:
    return [item.id for item in items]
