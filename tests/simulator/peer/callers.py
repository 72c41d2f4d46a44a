"""The vendor's clients, called by the names of their methods."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import httpx
import knockapi

from knock_sdk.testing import HTTPRequest
from tests.support.methods import reach

from .row import Failed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knock_sdk.testing import Simulator

KEY = "sk_test_peer"
_SPELLINGS = {"__persistence_strategy__": "_persistence_strategy"}
"""Names of arguments that differ from the names of their fields."""


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for httpx that passes requests to a simulator in the same process."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._exchange(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._exchange(request, await request.aread())

    def _exchange(self, request: httpx.Request, body: bytes) -> httpx.Response:
        target = request.url.raw_path.decode("ascii")
        response = self._simulator.handle(HTTPRequest(request.method, target, request.headers.raw, body))
        return httpx.Response(response.status, headers=list(response.headers), content=response.body)


class SyncCaller:
    """`knockapi.Knock`, which refuses responses that its models do not allow."""

    def __init__(self, simulator: Simulator) -> None:
        self._client = knockapi.Knock(
            api_key=KEY,
            max_retries=0,
            http_client=httpx.Client(transport=InProcess(simulator)),
            _strict_response_validation=True,
        )

    def call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        target = reach(self._client, method)
        try:
            result = target(*args, **keywords(target, given))
        except knockapi.APIStatusError as error:
            return Failed(error.status_code)
        return as_json(list(result) if hasattr(result, "iter_pages") else result)


class AsyncCaller:
    """`knockapi.AsyncKnock`, as strict as the other."""

    def __init__(self, simulator: Simulator) -> None:
        self._client = knockapi.AsyncKnock(
            api_key=KEY,
            max_retries=0,
            http_client=httpx.AsyncClient(transport=InProcess(simulator)),
            _strict_response_validation=True,
        )

    def call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        return asyncio.run(self._call(method, args, given))

    async def _call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        target = reach(self._client, method)
        try:
            result = await target(*args, **keywords(target, given))
            return as_json([item async for item in result] if hasattr(result, "iter_pages") else result)
        except knockapi.APIStatusError as error:
            return Failed(error.status_code)


CALLERS = {"Knock": SyncCaller, "AsyncKnock": AsyncCaller}


def keywords(target: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return keyword arguments for a method of the client: fields without a parameter go into `extra_body`."""
    known = inspect.signature(target).parameters
    spelt = {_SPELLINGS.get(name, name): value for name, value in given.items()}
    extra = {name: value for name, value in spelt.items() if name not in known}
    arguments = {name: value for name, value in spelt.items() if name in known}
    return {**arguments, "extra_body": extra} if extra else arguments


def as_json(value: Any) -> Any:
    """Return a result as JSON, with the API's names."""
    if isinstance(value, list):
        return [as_json(element) for element in value]
    return value.to_dict(mode="json") if isinstance(value, knockapi.BaseModel) else value
