"""A call that nothing observes costs nothing more, and one that is observed little."""

from __future__ import annotations

import pytest

from .interpreters import run_apart


@pytest.mark.parametrize("name", ["trigger", "async trigger"])
def test_a_call_without_hooks_runs_the_same_instructions_whatever_else_is_observed(name: str) -> None:
    taken = run_apart("from tests.costs.observed import unobserved", f"unobserved({name!r})")
    assert taken["parts"] == 0
    states = taken["states"]
    assert len(states) == 5
    assert len(set(states.values())) == 1, states


def test_what_hooks_cost() -> None:
    """The bounds are twice what they were: they are not in the table, as few calls pay them."""
    taken = run_apart("from tests.costs.observed import observed", "observed()")["observed"]
    for name in ("trigger", "async trigger"):
        plain = taken[f"{name}, nothing"]
        assert plain < taken[f"{name}, unused on_failure"] <= plain + 700
        assert taken[f"{name}, four hooks"] <= plain + 1_600
        assert taken[f"{name}, opentelemetry"] <= plain + 6_000
