# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knock_sdk._core.responses.model import Model


class NotifyResponse(Model):
    """Response of the older notify operation."""

    result_id: str
    """Id of this trigger, by which its messages can be traced."""


class TriggerWorkflowResponse(Model):
    """Confirmation that a workflow was triggered; its runs continue after the response."""

    workflow_run_id: str
    """Id of this trigger, shared by the runs of all its recipients; lists of messages can be filtered by it."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
