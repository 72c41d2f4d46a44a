"""Pages of a series, by cursors that hold a row's place, so that rows may come and go between two pages."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import invalid_field

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..state.json_objects import JSON
    from ..state.rows import OrderedRows
    from .calls import Call

R = TypeVar("R")

DEFAULT_SIZE = 50
_SIZES = (1, DEFAULT_SIZE)
"""What a list takes that is paged without the contract saying how."""

_PLACE = re.compile(rb"after:(\d{1,18})")


def page(
    call: Call,
    series: OrderedRows[R],
    render: Callable[[R], Any],
    *,
    key: str,
    where: Callable[[R], bool] | None = None,
    newest_first: bool = False,
) -> JSON:
    """Return the page that a call asks for, as an envelope.

    Args:
        call: the call, with `after`, `before` and `page_size` in its query; `after` wins over `before`.
        series: the rows.
        render: turns a row into what the page shows.
        key: what the envelope calls the list.
        where: which rows count; all if absent.
        newest_first: whether the list runs from the newest row to the oldest.
    """
    size = _size(call)
    after, before = _cursor(call, "after"), _cursor(call, "before")
    back = before is not None and after is None
    start = before if back else after

    def rows(place: int | None, *, toward_start: bool) -> list[tuple[int, R]]:
        walk = series.iterate(place, backward=toward_start != newest_first)
        return list(islice(((serial, row) for serial, row in walk if where is None or where(row)), size + 1))

    found = rows(start, toward_start=back)
    more = len(found) > size
    shown = found[:size]
    if back:
        shown.reverse()
    first = last = _just_behind(start, toward_start=back != newest_first)
    if shown:
        first, last = shown[0][0], shown[-1][0]
    ahead = first is not None and (more if back else bool(rows(first, toward_start=True)))
    behind = last is not None and (bool(rows(last, toward_start=False)) if back else more)
    return {
        key: [render(row) for _, row in shown],
        "page_info": {
            "__typename": "PageInfo",
            "after": _encode(last) if behind else None,
            "before": _encode(first) if ahead else None,
            "page_size": size,
        },
    }


def _size(call: Call) -> int:
    size = call.query.integer("page_size")
    least, most = call.operation.range.get("page_size", _SIZES)
    if size is not None and not least <= size <= most:
        raise invalid_field("page_size", "number", f"must be from {least} to {most}")
    return DEFAULT_SIZE if size is None else size


def _just_behind(place: int | None, *, toward_start: bool) -> int | None:
    """Return the place from which a walk in the other direction begins with the row at a given place."""
    if place is None:
        return None
    return max(place - 1, 0) if toward_start else place + 1


def _encode(serial: int | None) -> str:
    return urlsafe_b64encode(b"after:%d" % serial).decode("ascii") if serial is not None else ""


def _cursor(call: Call, name: str) -> int | None:
    text = call.query.text(name)
    if not text:
        return None
    try:
        place = _PLACE.fullmatch(urlsafe_b64decode(text.encode("ascii")))
    except ValueError:
        place = None
    if place is None:
        raise invalid_field(name, "format", "is not a cursor that a page held")
    return int(place[1])
