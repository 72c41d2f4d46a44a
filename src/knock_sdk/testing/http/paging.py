"""Pages of rows. Cursors hold serials, so that rows may be added and removed between two pages."""

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
"""Range of `page_size` where the contract does not declare one."""

_CURSOR = re.compile(rb"after:(\d{1,18})")


def page(
    call: Call,
    rows: OrderedRows[R],
    render: Callable[[R], Any],
    *,
    key: str,
    where: Callable[[R], bool] | None = None,
    newest_first: bool = False,
) -> JSON:
    """Return the requested page as a response body: the list and its `page_info`.

    Args:
        call: the call, with `after`, `before` and `page_size` in its query; `after` takes precedence over `before`.
        rows: the rows.
        render: function that renders a row.
        key: key of the list in the body.
        where: predicate that selects rows; all rows if absent.
        newest_first: whether the newest row comes first, not the oldest.
    """
    size = _read_size(call)
    after, before = _read_cursor(call, "after"), _read_cursor(call, "before")
    back = before is not None and after is None
    start = before if back else after

    def take(beyond: int | None, *, toward_start: bool) -> list[tuple[int, R]]:
        pairs = rows.iterate(beyond, backward=toward_start != newest_first)
        return list(islice(((serial, row) for serial, row in pairs if where is None or where(row)), size + 1))

    found = take(start, toward_start=back)
    more = len(found) > size
    shown = found[:size]
    if back:
        shown.reverse()
    first = last = _adjacent(start, backward=back != newest_first)
    if shown:
        first, last = shown[0][0], shown[-1][0]
    ahead = first is not None and (more if back else bool(take(first, toward_start=True)))
    behind = last is not None and (bool(take(last, toward_start=False)) if back else more)
    return {
        key: [render(row) for _, row in shown],
        "page_info": {
            "__typename": "PageInfo",
            "after": encode_cursor(last) if behind and last is not None else None,
            "before": encode_cursor(first) if ahead and first is not None else None,
            "page_size": size,
        },
    }


def _read_size(call: Call) -> int:
    size = call.query.integer("page_size")
    least, most = call.operation.range.get("page_size", _SIZES)
    if size is not None and not least <= size <= most:
        raise invalid_field("page_size", "number", f"must be from {least} to {most}")
    return DEFAULT_SIZE if size is None else size


def _adjacent(serial: int | None, *, backward: bool) -> int | None:
    """Return the serial next to `serial`, from which iteration in the other direction includes `serial`."""
    if serial is None:
        return None
    return max(serial - 1, 0) if backward else serial + 1


def encode_cursor(serial: int) -> str:
    """Return the cursor of a row, as `after` and `before` take it."""
    return urlsafe_b64encode(b"after:%d" % serial).decode("ascii")


def _read_cursor(call: Call, name: str) -> int | None:
    text = call.query.text(name)
    if not text:
        return None
    try:
        matched = _CURSOR.fullmatch(urlsafe_b64decode(text.encode("ascii")))
    except ValueError:
        matched = None
    if matched is None:
        raise invalid_field(name, "format", "must be a cursor of an earlier page")
    return int(matched[1])
