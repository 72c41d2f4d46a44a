# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of answers: integrations."""

from __future__ import annotations

from typing import Any

from knock_sdk._core.model import Model


class RpcResponse(Model):
    """Answer to a JSON-RPC call."""

    id: str | None = None
    """Id of the call that this answers."""

    result: dict[str, Any] | None = None
    """What the method returned; its shape depends on the method."""
