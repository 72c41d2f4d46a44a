# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of answers: workflows."""

from __future__ import annotations

from knock_sdk._core.model import Model


class NotifyResponse(Model):
    """Answer to an old-style notify call."""

    result_id: str
    """Id of this trigger, by which its messages can be traced."""


class TriggerWorkflowResponse(Model):
    """Says that a workflow was triggered; its runs go on after the answer."""

    workflow_run_id: str
    """Id of this trigger, shared by the runs of all its recipients; lists of messages can be filtered by it."""
