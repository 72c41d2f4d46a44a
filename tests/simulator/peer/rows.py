"""All rows, and how one is carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import rows_inbox, rows_messages, rows_objects, rows_others, rows_users
from .row import differences
from .scene import scene

if TYPE_CHECKING:
    from .row import Caller, Row

SCENE = scene()
BEGINNING = SCENE.simulator.snapshot()
ROWS = [
    row for module in (rows_users, rows_inbox, rows_messages, rows_objects, rows_others) for row in module.rows(SCENE)
]


def carry_out(row: Row, caller: Caller) -> list[str]:
    """Make a row's call in the scene as it was in the beginning; tell what was not as expected, then and afterwards."""
    simulator = SCENE.simulator
    simulator.restore(BEGINNING)
    result = caller.call(row.method, row.args, row.given)
    found = differences(row.returns, result, row.method)
    simulator.advance(minutes=row.minutes)
    for read in row.then:
        found += differences(read.expected, caller.call(read.method, read.args, read.given), read.method)
    return found
