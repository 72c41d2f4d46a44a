"""Every row of the report on faults reaches its goal; how quickly, only the report judges."""

from __future__ import annotations

import pytest

from tests.support.redis_server import PROGRAM

from .row import run_apart
from .rows import ROWS

LIMIT = 180
"""Seconds after which a row counts as hanging."""


WITH_REDIS = (11, 12)
WAITING = (13, 15, 16, 18, 19, 20, 21, 23, 29)
"""Rows that depend on how the client waits for its sockets."""


@pytest.mark.parametrize("number", [row.number for row in ROWS.values() if not row.long])
def test_a_row_reaches_its_goal(number: int) -> None:
    if number in WITH_REDIS and PROGRAM is None:
        pytest.skip("redis-server is not installed")
    outcome = run_apart(number, "knock-sdk", LIMIT)
    assert outcome.held, f"{ROWS[number].fault}: {outcome.shown} (goal: {ROWS[number].goal})"


@pytest.mark.parametrize("number", WAITING)
def test_a_row_reaches_its_goal_where_no_loop_watches_sockets(number: int) -> None:
    outcome = run_apart(number, "knock-sdk-anyio", LIMIT)
    assert outcome.held, f"{ROWS[number].fault}: {outcome.shown} (goal: {ROWS[number].goal})"
