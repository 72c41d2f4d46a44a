# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: integrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knock_sdk._core.responses.model import Model


class RpcResponse(Model):
    """Response to a JSON-RPC call."""

    id: str
    """Id of the call that this responds to."""

    result: dict[str, Any] | None = None
    """Result of the method; its shape depends on the method."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
