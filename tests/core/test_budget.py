"""The retry budget: tokens that retries spend and successes refund."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from knock_sdk._core.retry import Budget, Cause

if TYPE_CHECKING:
    from collections.abc import Callable

TRANSIENT = Cause(throttled=False)
THROTTLED = Cause(throttled=True)


def count_requests(calls: int, budget: Budget, cause: Cause, fails: Callable[[int], bool] = lambda _: True) -> int:
    """Return the number of requests of `calls` calls with up to three attempts each, of which some fail."""
    requests = 0
    for call in range(calls):
        spent = 0
        for attempt in range(1, 4):
            requests += 1
            if not fails(call):
                budget.refund(spent)
                break
            if attempt == 3 or not (spent := budget.spend(cause)):
                break
    return requests


@pytest.mark.parametrize(("cause", "requests"), [(TRANSIENT, 1035), (THROTTLED, 1100)])
def test_the_budget_limits_retries_while_the_server_fails(cause: Cause, requests: int) -> None:
    budget = Budget()
    assert budget.tokens == 500
    assert count_requests(1000, budget, cause) == requests
    assert budget.spend(cause) == 0


def test_successes_refill_the_budget() -> None:
    budget = Budget()
    count_requests(1000, budget, TRANSIENT)
    assert budget.tokens == 10
    count_requests(500, budget, TRANSIENT, lambda _: False)
    assert budget.tokens == 500  # never above its initial value


def test_a_success_refunds_the_cost_of_its_last_retry() -> None:
    budget = Budget()
    assert budget.spend(TRANSIENT) == 14
    assert budget.spend(THROTTLED) == 5
    assert budget.tokens == 481
    budget.refund(5)
    assert budget.tokens == 486
    budget.refund(0)
    assert budget.tokens == 487


def test_the_budget_is_exact_when_threads_spend_it() -> None:
    budget = Budget()
    start = threading.Barrier(8)
    spent: list[int] = []

    def spend() -> None:
        start.wait()
        spent.extend(budget.spend(TRANSIENT) for _ in range(100))

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(spent) == 35 * 14
    assert budget.tokens == 10
