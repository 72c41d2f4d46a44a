"""The vendor's clients, called by the names of their methods."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import httpx
import knockapi

from knock_sdk.testing import HTTPRequest
from tests.support.methods import reach

from .row import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knock_sdk.testing import Simulator

KEY = "sk_test_peer"
_SPELLINGS = {"__persistence_strategy__": "_persistence_strategy"}
"""Fields whose arguments are named otherwise."""


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends a simulator what httpx is given to send."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._exchange(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._exchange(request, await request.aread())

    def _exchange(self, request: httpx.Request, body: bytes) -> httpx.Response:
        target = request.url.raw_path.decode("ascii")
        answer = self._simulator.handle(HTTPRequest(request.method, target, request.headers.raw, body))
        return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)


class SyncCaller:
    """`knockapi.Knock`."""

    def __init__(self, simulator: Simulator) -> None:
        self._client = knockapi.Knock(
            api_key=KEY, max_retries=0, http_client=httpx.Client(transport=InProcess(simulator))
        )

    def call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        target = reach(self._client, method)
        try:
            result = target(*args, **keywords(target, given))
        except knockapi.APIStatusError as error:
            return Refused(error.status_code)
        return plain(list(result) if hasattr(result, "iter_pages") else result)


class AsyncCaller:
    """`knockapi.AsyncKnock`."""

    def __init__(self, simulator: Simulator) -> None:
        self._client = knockapi.AsyncKnock(
            api_key=KEY, max_retries=0, http_client=httpx.AsyncClient(transport=InProcess(simulator))
        )

    def call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        return asyncio.run(self._call(method, args, given))

    async def _call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        target = reach(self._client, method)
        try:
            result = await target(*args, **keywords(target, given))
            return plain([item async for item in result] if hasattr(result, "iter_pages") else result)
        except knockapi.APIStatusError as error:
            return Refused(error.status_code)


CALLERS = {"Knock": SyncCaller, "AsyncKnock": AsyncCaller}


def keywords(target: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments as the client takes them: fields that it does not know go into `extra_body`."""
    known = inspect.signature(target).parameters
    spelt = {_SPELLINGS.get(name, name): value for name, value in given.items()}
    beside = {name: value for name, value in spelt.items() if name not in known}
    taken = {name: value for name, value in spelt.items() if name in known}
    return {**taken, "extra_body": beside} if beside else taken


def plain(value: Any) -> Any:
    """Return a result as JSON, with the API's names."""
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value.to_dict(mode="json") if isinstance(value, knockapi.BaseModel) else value
