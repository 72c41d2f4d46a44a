"""What tests declare of the world outside: finding it for a step, and asking declared functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, to_json

from ...state.json_text import parse_json
from ...state.outside import FetchResponse, Key, Missing, Outside
from .rendering import StepError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...state.outside import Kind
    from ...state.records import Reference, Run
    from ...state.steps.steps import PlannedStep
    from ...state.world import World

_HINTS: dict[Kind, str] = {
    "agent": "no answer of the AI agent is declared: call sim.agent({ref!r}, …) with a text, an object or a function",
    "http": "no response to the HTTP fetch is declared: call sim.http({ref!r}, …) with JSON, a FetchResponse or a "
    "function",
}


def declare(world: World, key: Key, answer: object) -> None:
    """Declare an answer, or a function that returns it; an earlier declaration for the same key is replaced.

    Raises:
        TypeError: The answer cannot be represented in JSON.
    """
    if callable(answer):
        world.of(Outside).declared.pop(key, None)
        world.functions[key] = answer
    else:
        world.functions.pop(key, None)
        world.of(Outside).declared[key] = check_answer(answer)


def check_answer(answer: object) -> Any:
    """Return an answer as JSON.

    Raises:
        TypeError: It cannot be represented in JSON.
    """
    if isinstance(answer, FetchResponse):
        return FetchResponse(check_answer(answer.body), answer.status)
    try:
        return parse_json(to_json(answer, inf_nan_mode="constants"))
    except (PydanticSerializationError, ValueError) as error:
        raise TypeError(f"the answer cannot be represented in JSON: {error}") from None


def check_declared(world: World, run: Run, planned: PlannedStep, kind: Kind) -> Key:
    """Return the key under which an answer for a step is declared.

    Raises:
        StepError: None is.
    """
    key = _find(world, run, planned.ref, kind)
    if key is None:
        message = f"workflow {run.workflow.key}, step {planned.ref}: {_HINTS[kind].format(ref=planned.ref)}"
        raise missing(world, run, message)
    return key


def missing(world: World, run: Run, message: str) -> StepError:
    """Return the error for something that a step needs and that is not declared; assertions tell of it too."""
    world.of(Outside).missing.append(Missing(run.workflow.key, run.recipient, message))
    return StepError(message)


def ask(world: World, run: Run, planned: PlannedStep, kind: Kind, request: object) -> Any:
    """Return the declared answer to a request.

    Raises:
        StepError: None is declared for the step, or the declared function failed.
    """
    key = check_declared(world, run, planned, kind)
    function = world.functions.get(key)
    return world.of(Outside).declared[key] if function is None else _call(function, request)


def find_cohort(world: World, run: Run, ref: str) -> str | None:
    """Return the name of the cohort that is declared for a run at a step; None if none is."""
    key = _find(world, run, ref, "cohort")
    return None if key is None else world.of(Outside).declared[key]


def _find(world: World, run: Run, ref: str, kind: Kind) -> Key | None:
    """Return the most particular key under which something is declared for a step."""
    declared, functions = world.of(Outside).declared, world.functions
    recipients: tuple[Reference | None, ...] = (run.recipient, None) if kind == "cohort" else (None,)
    for recipient in recipients:
        for workflow in (run.workflow.key, None):
            key = Key(kind, ref, workflow, recipient)
            if key in functions or key in declared:
                return key
    return None


def _call(function: Callable[[Any], object], request: object) -> Any:
    try:
        return check_answer(function(request))
    except Exception as error:  # whatever the test's function does, only the step fails
        raise StepError(f"the declared function raised {type(error).__name__}: {error}") from error
