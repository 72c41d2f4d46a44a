"""Branches of any shape: the planned steps, which lie in one list, are taken as the nested ones would be."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.testing import Arm, Branch, Delay, Send, Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EMAIL, WAIT = "email", "wait"
HOUR = timedelta(hours=1)
CONDITION = [{"variable": "data.go", "operator": "equal_to", "argument": True}]
# A leaf, or a branch: the steps of the arm whose condition holds or not, those of the default, and which of them end.
STEPS = st.recursive(
    st.lists(st.sampled_from([EMAIL, WAIT]), max_size=2),
    lambda inner: st.lists(
        st.one_of(st.sampled_from([EMAIL, WAIT]), st.tuples(inner, st.booleans(), inner, st.booleans(), st.booleans())),
        max_size=3,
    ),
    max_leaves=8,
)


class End(Exception):  # noqa: N818 (it is no error)
    """The run ends after an arm that terminates."""


def depth_of(steps: Sequence[Any]) -> int:
    return max((0, *(1 + max(depth_of(each[0]), depth_of(each[2])) for each in steps if isinstance(each, tuple))))


def build(steps: Sequence[Any], names: Iterator[str]) -> list[Any]:
    """Return the steps to declare; each has the next name as its reference."""
    built: list[Any] = []
    for each in steps:
        name = next(names)
        if each == EMAIL:
            built.append(Send("email", ref=name))
        elif each == WAIT:
            built.append(Delay(HOUR, ref=name))
        else:
            first, first_ends, second, second_ends, holds = each
            condition = [{**CONDITION[0], "argument": holds}]
            arms = [
                Arm(build(first, names), condition, terminates=first_ends),
                Arm(build(second, names), terminates=second_ends),
            ]
            built.append(Branch(arms, ref=name))
    return built


def expect(steps: Sequence[Any], built: Sequence[Any]) -> Iterator[str]:
    """Yield the references of the steps that send if `data.go` is true."""
    for each, step in zip(steps, built, strict=True):
        if each == EMAIL:
            yield step.ref
        elif isinstance(each, tuple):
            taken = 0 if each[4] else 1
            yield from expect(each[0] if taken == 0 else each[2], step.arms[taken].steps)
            if step.arms[taken].terminates:
                raise End


def expected(steps: Sequence[Any], built: Sequence[Any]) -> list[str]:
    found: list[str] = []
    with suppress(End):
        for ref in expect(steps, built):
            found.append(ref)  # noqa: PERF402 (what comes before the end counts)
    return found


@pytest.mark.parametrize("saved", [False, True])
@settings(max_examples=60, deadline=None)
@given(steps=STEPS.filter(lambda steps: depth_of(steps) <= 5))
def test_nested_steps_are_taken_in_order(saved: bool, steps: list[Any]) -> None:
    sim = Simulator()
    built = build(steps, (f"s{number}" for number in range(1000)))
    sim.workflow("w", steps=built)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana", "email": "a@x.example"}], data={"go": True})
    for _ in range(40):
        if saved:
            sim.restore(sim.snapshot().from_bytes(sim.snapshot().to_bytes()))
        sim.advance(hours=1)
    assert [message.source.step_ref for message in sim.messages() if message.source] == expected(steps, built)
    assert [run.status for run in client.workflow_recipient_runs.list().items] == ["completed"]
