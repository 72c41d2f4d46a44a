"""All rows, in the order of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    bulk,
    iteration,
    memory,
    pages,
    scaling,
    simulating,
    starts,
    triggers,
    user_tokens,
    waiting,
    webhook_signatures,
)

if TYPE_CHECKING:
    from ..row import Row

ROWS: dict[str, Row] = {
    row.name: row
    for module in (
        *(triggers, waiting, pages, iteration, starts, memory, scaling, simulating),
        *(webhook_signatures, user_tokens, bulk),
    )
    for row in module.ROWS
}
