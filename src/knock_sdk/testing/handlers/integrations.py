"""Integrations: JSON-RPC calls of the tools that sync data warehouses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..http.calls import Reply
from ..http.errors import invalid_field, not_found
from ..integrations import census, hightouch
from ..integrations.audience_sync import ParamsError
from ..state.json_objects import object_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..http.calls import Call
    from ..state.json_objects import JSON
    from ..state.world import World

_VERSION = "2.0"


def call_method(methods: Mapping[str, Callable[[World, JSON], JSON]], call: Call) -> Reply:
    """Call a method and return its result.

    How the API reports an invalid call is not documented. Its responses have no field for a JSON-RPC error, so an HTTP
    error is returned: a guess.
    """
    body = call.body
    method = methods.get(body["method"])
    if method is None:
        raise not_found("method", body["method"])
    if body["jsonrpc"] != _VERSION:
        raise invalid_field("jsonrpc", "inclusion", f"must be {_VERSION}")
    try:
        result = method(call.world, object_at(body, "params"))
    except ParamsError as error:
        raise invalid_field("params", "format", str(error)) from None
    return Reply({"id": body["id"], "result": result})


HANDLERS: dict[str, Callable[[Call], Reply]] = {
    "processCensusRpcRequest": partial(call_method, census.METHODS),
    "processHightouchRpcRequest": partial(call_method, hightouch.METHODS),
}
