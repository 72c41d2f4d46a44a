"""Workflows: a list, and one with its drawing and the form that triggers it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ....._core.type_guards import is_array, is_object
from ....state.records import Workflow
from ....state.world import IN_APP_STEP
from ....workflows.runtime.run_history import RunOrder
from ...state_access import locked
from ..lists import cut
from ..page_routes import not_found, page_route, redirect
from ..rendering import render
from .drawings.picture import picture_of_workflow
from .drawings.reasons import with_results
from .trigger_form import TriggerForm, read_form, send

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ....state.json_objects import JSON
    from ....state.world import World
    from ...environments import Environments
    from ..page_request import PageRequest

_INVALID = 422
_LOOKED_AT = 500
"""Runs among which the last one of a workflow is looked for, to show its data as an example."""


class WorkflowRow(NamedTuple):
    """What the list shows of a workflow."""

    key: str
    name: str
    steps: int
    channels: list[str]
    categories: tuple[str, ...]
    active: bool
    assumed: bool
    """Whether it was not declared, and is assumed since it was triggered."""


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the pages of workflows."""
    return [
        page_route(environments, "/workflows", _show_workflows),
        page_route(environments, "/workflows/{key}", _show_workflow),
        page_route(environments, "/workflows/{key}", _trigger, methods=["POST"]),
    ]


def _show_workflows(page: PageRequest) -> Response:
    if key := page.query("key"):
        return redirect(page.to("workflows", key))
    search = page.query("q").casefold()
    with locked(page.simulator) as world:
        known = [*world.workflows.values(), *world.assumed_workflows.values()]
        found = [each for each in known if search in each.key.casefold() or search in each.name.casefold()]
        assumed, allowed = world.assumed_workflows.keys() - world.workflows.keys(), world.allows_undeclared_workflows
        runs = len(world.of(RunOrder).rows)
    shown = cut(page, found)
    rows = [_row_of(each, assumed=each.key in assumed) for each in shown.items]
    return render(
        page,
        "state/workflows.html",
        found=shown,
        rows=rows,
        search=page.query("q"),
        total=len(known),
        allowed=allowed,
        runs=runs,
    )


def _row_of(workflow: Workflow, *, assumed: bool) -> WorkflowRow:
    channels = [str(vars(each.step)["channel"]) for each in workflow.steps if each.type == "channel"]
    return WorkflowRow(
        workflow.key,
        workflow.name,
        len(workflow.steps),
        list(dict.fromkeys(channels)),
        workflow.categories,
        workflow.active,
        assumed,
    )


def _show_workflow(page: PageRequest) -> Response:
    with locked(page.simulator) as world:
        workflow = _find(world, page.ids["key"])
        example = _example_of(world, workflow)
    return _render(page, workflow, TriggerForm(workflow.data_schema, {}, example))


def _trigger(page: PageRequest) -> Response:
    with locked(page.simulator) as world:
        workflow = _find(world, page.ids["key"])
        example = _example_of(world, workflow)
    form = TriggerForm(workflow.data_schema, page.form, example)
    body = read_form(form)
    if body is not None:
        run_id = send(page, workflow.key, body, form)
        if run_id is not None:
            return redirect(_address_of(page, run_id))
    return _render(page, workflow, form, _INVALID)


def _address_of(page: PageRequest, trigger_id: str) -> str:
    """Return the address of the run of a trigger, or of the list of its runs."""
    with locked(page.simulator) as world:
        runs = world.of(RunOrder).of_trigger(trigger_id)
    return page.to("runs", runs[0].id) if len(runs) == 1 else page.to("runs", trigger=trigger_id)


def _render(page: PageRequest, workflow: Workflow, form: TriggerForm, status: int = 200) -> Response:
    with locked(page.simulator) as world:
        drawn = picture_of_workflow(world, workflow)
        is_declared = workflow.key in world.workflows
    return render(
        page,
        "state/workflow.html",
        status,
        workflow=workflow,
        drawn=drawn,
        form=form,
        is_declared=is_declared,
        conditions=with_results(workflow.conditions),
        step_conditions={each.ref: with_results(each.conditions) for each in workflow.steps if each.conditions},
        arm_conditions={
            each.ref: [(arm.name, with_results(arm.conditions), arm.share) for arm in each.arms]
            for each in workflow.steps
            if each.arms
        },
    )


def _find(world: World, key: str) -> Workflow:
    """Return a workflow; one that is not declared, and may be triggered, as it would be assumed."""
    found = world.workflows.get(key) or world.assumed_workflows.get(key)
    if found is not None:
        return found
    if world.allows_undeclared_workflows:
        return Workflow(key, key, "", (IN_APP_STEP,))
    raise not_found(f"There is no workflow {key}", "No workflow with this key is declared.")


def _example_of(world: World, workflow: Workflow) -> JSON:
    """Return the data of the last trigger of a workflow; some default of its schema, or nothing, without one."""
    for _, run in islice(world.of(RunOrder).rows.iterate(backward=True), _LOOKED_AT):
        if run.trigger.workflow.key == workflow.key:
            return run.trigger_data
    examples: Any = (workflow.data_schema or {}).get("examples")
    first: Any = examples[0] if is_array(examples) and examples else None
    return first if is_object(first) else {}
