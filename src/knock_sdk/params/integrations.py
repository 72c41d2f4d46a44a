# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: integrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import JSONObject


@with_config(extra="forbid")
class RpcRequest(TypedDict):
    """A JSON-RPC call that a data pipeline tool makes to Knock."""

    id: str
    """Id chosen by the caller, which the response repeats."""

    jsonrpc: str
    """Version of the JSON-RPC protocol, such as `2.0`."""

    method: str
    """Name of the remote method to call."""

    params: NotRequired[JSONObject]
    """Arguments of the method, by name; leave out if it takes none."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
