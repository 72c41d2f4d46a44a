"""Branches and cohorts: which arm a run takes."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from ...expressions.conditions.step_conditions import hold, observe
from ...state.names import did_you_mean
from ..runtime import outside_world, run_history, step_settings

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.records import Run
    from ...state.steps.steps import Branch, Cohort, PlannedArm, PlannedStep
    from ...state.world import World
    from ..runtime.run_context import RunContext

_SCALE = 1000
"""Cohorts have percentages with one decimal: a thousand places."""


def take_branch(world: World, run: Run, planned: PlannedStep, _: Branch, context: RunContext) -> None:
    """Continue with the first arm whose conditions hold; those of the last one always do.

    Raises:
        TemplateError: Liquid in a condition cannot be rendered.
    """
    values = {**context.conditions, **context.refs()}
    number, taken = next((number, arm) for number, arm in enumerate(planned.arms) if hold(arm.conditions, values))
    found: JSON = {"arms": [observe(arm.conditions, values) for arm in planned.arms[: number + 1]]}
    _enter(world, run, planned, taken, found)


def take_cohort(world: World, run: Run, planned: PlannedStep, step: Cohort, context: RunContext) -> None:
    """Continue with the arm of the recipient's cohort: the declared one or, by a hash of the key, always the same.

    Raises:
        StepError: The declared cohort does not exist.
        TemplateError, UnresolvedError: The key cannot be resolved.
    """
    chosen = outside_world.find_cohort(world, run, planned.ref)
    if chosen is not None:
        names = [arm.name for arm in planned.arms]
        if chosen not in names:
            near = did_you_mean(chosen, names)
            message = f"sim.cohort: no cohort is named {chosen!r}, only {', '.join(names)}{near}"
            raise outside_world.missing(world, run, message)
        _enter(world, run, planned, planned.arms[names.index(chosen)])
        return
    key = run.recipient.id if step.key is None else step_settings.resolve_key(context, step.key)
    _enter(world, run, planned, choose_share(planned, key))


def choose_share(planned: PlannedStep, key: str) -> PlannedArm:
    """Return the arm in whose share of all keys a key is."""
    place = place_of(planned.ref, key)
    for arm in planned.arms:
        place -= arm.share
        if place < 0:
            return arm
    return next(arm for arm in reversed(planned.arms) if arm.share)


def place_of(salt: str, key: str) -> float:
    """Return the place of a key among all keys, 0 to less than 100. What the API hashes is not documented: a guess."""
    number = int.from_bytes(sha256(f"{salt}:{key}".encode()).digest()[:8], "big")
    return number % _SCALE / 10


def _enter(world: World, run: Run, planned: PlannedStep, arm: PlannedArm, found: JSON | None = None) -> None:
    run.position = len(run.workflow.steps) if arm.first is None else arm.first
    run_history.record(world, run, run_history.STEP_DONE, planned, {"branch": arm.name}, found=found)
