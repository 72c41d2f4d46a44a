# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: integrations."""

from __future__ import annotations

from typing import Any

from knock_sdk._core.model import Model


class RpcResponse(Model):
    """Response to a JSON-RPC call."""

    id: str
    """Id of the call that this responds to."""

    result: dict[str, Any] | None = None
    """Result of the method; its shape depends on the method."""
