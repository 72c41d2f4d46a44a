# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: workflow recipient runs."""

from __future__ import annotations

from typing import Literal, TypeAlias

WorkflowRecipientRunStatus: TypeAlias = Literal["queued", "processing", "paused", "completed", "cancelled"]
"""Status of a workflow run for one recipient."""
