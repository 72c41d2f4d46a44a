"""Response bodies."""

from __future__ import annotations

import json
from functools import cache

from tests.support.examples import example


@cache
def page(schema: str, items: str, count: int, after: str | None = None) -> bytes:
    """Return a page of `count` equal items in the field `items`, with the cursor of the next page."""
    info = {"__typename": "PageInfo", "after": after, "before": None, "page_size": count}
    return json.dumps({items: [json.loads(example(schema))] * count, "page_info": info}).encode()
