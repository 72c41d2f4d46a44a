"""The AI agent step: the declared answer becomes a part of the data. No model is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_object
from ...state.outside import AgentRequest
from ..runtime import outside_world, run_ends, run_history
from ..runtime.rendering import StepError, render_text

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.records import Run
    from ...state.steps.function_steps import Agent
    from ...state.steps.steps import PlannedStep
    from ...state.world import World
    from ..runtime.run_context import RunContext
    from ..runtime.run_ends import Move

_ATTEMPTS = 4
"""One attempt and three retries."""


def take(world: World, run: Run, planned: PlannedStep, step: Agent, context: RunContext) -> Move:
    """Put the answer into the data at the reference of the step.

    Raises:
        TemplateError: The prompt cannot be rendered.
        StepError: No answer is declared.
    """
    request = AgentRequest(
        workflow=run.workflow.key,
        ref=planned.ref,
        model=step.model,
        prompt=render_text(step.prompt, context.template),
        response_type=step.response_type,
    )
    outside_world.check_declared(world, run, planned, "agent")
    try:
        answer = _check(step, outside_world.ask(world, run, planned, "agent", request))
    except StepError as error:
        if step.halt_on_error:
            run_ends.fail(world, run, planned, error, _ATTEMPTS)
            return "end"
        run_ends.record_failures(world, run, planned, error, _ATTEMPTS)
        return "next"
    run.data = {**run.data, planned.ref: answer}
    run_history.record(world, run, run_history.STEP_DONE, planned)
    return "next"


def _check(step: Agent, answer: Any) -> JSON:
    """Return what an answer adds to the data.

    Raises:
        StepError: It has not the type that the step asks for, or does not match its schema.
    """
    if step.response_type == "text":
        if not isinstance(answer, str):
            raise StepError(f"the answer is no text, but {type(answer).__name__}")
        return {"text": answer}
    if not is_object(answer):
        raise StepError(f"the answer is no JSON object, but {type(answer).__name__}")
    if step.response_schema is not None:
        from ...expressions.data_schema import find_problems

        problems = find_problems(dict(step.response_schema), answer)
        if problems:
            raise StepError(f"the answer does not match response_schema: {problems[0].message}")
    return answer
