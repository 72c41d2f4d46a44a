"""Helpers of the tests of rules."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def refs(sim: Simulator, **filters: Any) -> list[str]:
    """Return the references of the steps that sent, in order."""
    return [message.source.step_ref or "" for message in sim.messages(**filters)]


def trigger(knock: Any, workflow: str = "w", **options: Any) -> Any:
    """Trigger a workflow for Ana."""
    return knock.workflows.trigger(workflow, **{"recipients": ["ana"], **options})


def status(knock: Any, workflow: str = "w") -> str:
    """Return the status of the latest run of a workflow."""
    found: str = knock.workflow_recipient_runs.list(workflow=workflow).items[0].status
    return found


def events(knock: Any, workflow: str = "w") -> list[tuple[str, str | None]]:
    """Return the events of the latest run of a workflow, each with the reference of its step."""
    run = knock.workflow_recipient_runs.list(workflow=workflow).items[0]
    return [(event.event, event.step_ref) for event in knock.workflow_recipient_runs.get(run.id).events]


def numbers(knock: Any, sim: Simulator, **filters: Any) -> list[list[int]]:
    """Return the field `n` of the activities of each message."""
    found = [knock.messages.list_activities(message.id).items for message in sim.messages(**filters)]
    return [[activity.data["n"] for activity in each] for each in found]


def subjects(knock: Any, sim: Simulator) -> list[str]:
    """Return the subjects of the emails."""
    found = [knock.messages.get_content(message.id).data for message in sim.messages(channel="email")]
    return [content.subject_line for content in found]


def where(variable: str, value: object, operator: str = "equal_to") -> list[dict[str, object]]:
    """Return a condition as a list."""
    return [{"variable": variable, "operator": operator, "argument": value}]
