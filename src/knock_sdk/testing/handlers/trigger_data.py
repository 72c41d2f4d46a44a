"""Trigger data of a request, checked against the JSON schema of its workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.errors import invalid_params

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Workflow


def check_data(workflow: Workflow, data: JSON) -> None:
    """Check the data of a trigger, or of a schedule.

    Raises:
        Problem: It does not match the schema of the workflow.
    """
    if workflow.data_schema is not None:
        from ..expressions.data_schema import find_problems

        if found := find_problems(workflow.data_schema, data):
            raise invalid_params(found)
