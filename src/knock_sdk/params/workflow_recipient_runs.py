# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: workflow recipient runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

WorkflowRecipientRunStatus: TypeAlias = Literal["queued", "processing", "paused", "completed", "cancelled"]
"""Status of a workflow run for one recipient."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
