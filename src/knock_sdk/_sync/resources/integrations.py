# Derived from src/knock_sdk/_async/resources/integrations.py by `python -m codegen`; do not edit.
"""Integrations: endpoints that data platforms call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ..._core.sentinel import NOT_GIVEN
from ._base import Resource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import JSONObject


class Integrations(Resource):
    """Integrations: endpoints that data platforms call."""

    @cached_property
    def census(self) -> Census:
        """Calls that Census makes to a custom destination."""
        return Census(self._transport)

    @cached_property
    def hightouch(self) -> Hightouch:
        """Calls that Hightouch makes to an embedded destination."""
        return Hightouch(self._transport)


class Census(Resource):
    """Calls that Census makes to a custom destination."""

    def custom_destination(
        self,
        *,
        id: str,
        jsonrpc: str,
        method: str,
        params: JSONObject | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.RpcResponse:
        """Handle a Census sync request.

        `POST /v1/integrations/census/custom-destination`. Receives JSON-RPC calls from Census, the data sync
        service, when Knock is set up there as a custom destination. Meant for Census rather than for application
        code.

        Args:
            id: Id chosen by the caller, which the response repeats.
            jsonrpc: Version of the JSON-RPC protocol, such as `2.0`.
            method: Name of the remote method to call.
            params: Arguments of the method, by name; leave out if it takes none.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The JSON-RPC response for Census.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.PROCESS_CENSUS_RPC_REQUEST,
                t.RpcResponse,
                body={"id": id, "jsonrpc": jsonrpc, "method": method, "params": params},
                options=options,
            )
        )


class Hightouch(Resource):
    """Calls that Hightouch makes to an embedded destination."""

    def embedded_destination(
        self,
        *,
        id: str,
        jsonrpc: str,
        method: str,
        params: JSONObject | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.RpcResponse:
        """Handle a Hightouch sync request.

        `POST /v1/integrations/hightouch/embedded-destination`. Receives JSON-RPC calls from Hightouch, the data
        sync service, when Knock is set up there as an embedded destination. Meant for Hightouch rather than for
        application code.

        Args:
            id: Id chosen by the caller, which the response repeats.
            jsonrpc: Version of the JSON-RPC protocol, such as `2.0`.
            method: Name of the remote method to call.
            params: Arguments of the method, by name; leave out if it takes none.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The JSON-RPC response for Hightouch.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.PROCESS_HIGHTOUCH_RPC_REQUEST,
                t.RpcResponse,
                body={"id": id, "jsonrpc": jsonrpc, "method": method, "params": params},
                options=options,
            )
        )
