"""Response bodies."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.support.examples import example


@cache
def page(schema: str, items: str, count: int, after: str | None = None) -> bytes:
    """Return a page of `count` equal items in the field `items`, with the cursor of the next page."""
    info = {"__typename": "PageInfo", "after": after, "before": None, "page_size": count}
    record: dict[str, Any] = json.loads(example(schema))
    if schema == "Message":
        del record["source"]["branch_path"]  # as in most messages, whose steps are in no branch
    return json.dumps({items: [record] * count, "page_info": info}).encode()
