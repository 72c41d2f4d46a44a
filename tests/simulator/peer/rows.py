"""All rows, and a function that runs one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import rows_inbox, rows_messages, rows_objects, rows_others, rows_users
from .row import differences
from .scene import build_scene

if TYPE_CHECKING:
    from .row import Caller, Row

SCENE = build_scene()
INITIAL_STATE = SCENE.simulator.snapshot()
ROWS = [
    row for module in (rows_users, rows_inbox, rows_messages, rows_objects, rows_others) for row in module.rows(SCENE)
]


def run_row(row: Row, caller: Caller) -> list[str]:
    """Restore the initial state and make a row's call; return the differences in its result and in the later reads."""
    simulator = SCENE.simulator
    simulator.restore(INITIAL_STATE)
    result = caller.call(row.method, row.args, row.given)
    found = differences(row.returns, result, row.method)
    simulator.advance(minutes=row.minutes)
    for read in row.then:
        found += differences(read.expected, caller.call(read.method, read.args, read.given), read.method)
    return found
