"""A simulator with a sync or an async client, so that each rule is tested through both; and raw requests to it."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from knock_sdk.testing import HTTPRequest, HTTPResponse, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "sk_test_1"
SECRET = f"Bearer {KEY}"
PUBLIC = "Bearer pk_test_1"


class Settled:
    """A client whose calls return results, whether its methods are coroutines or not."""

    def __init__(self, target: Any, settle: Callable[[Any], Any]) -> None:
        self._target = target
        self._settle = settle

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        if callable(value):
            return lambda *args, **kwargs: self._settle(value(*args, **kwargs))
        return Settled(value, self._settle)


@contextmanager
def settled_client(sim: Simulator, kind: str, **options: Any) -> Iterator[Any]:
    """Yield a strict client: a response that does not fit its model is an error."""
    if kind == "sync":
        with sim.client(strict=True, **options) as client:
            yield Settled(client, lambda value: value)
        return
    loop = asyncio.new_event_loop()

    async def wait(value: Any) -> Any:
        return await value

    try:
        client = sim.async_client(strict=True, **options)
        yield Settled(client, lambda value: loop.run_until_complete(wait(value)))
        loop.run_until_complete(client.close())
    finally:
        loop.close()


def http(
    sim: Simulator, method: str, target: str, body: Any = None, *, key: str | None = SECRET, **headers: str
) -> tuple[HTTPResponse, Any]:
    """Send a request as bytes; a body that is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else b"" if body is None else to_json(body)
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    if key is not None:
        sent.append((b"authorization", key.encode("latin-1")))
    response = sim.handle(HTTPRequest(method, target, sent, content))
    return response, from_json(response.body) if response.body else None


def header(response: HTTPResponse, name: str) -> str | None:
    """Return a header of a response; None if it has none with this name."""
    return next((value.decode() for key, value in response.headers if key == name.encode()), None)


def fill_path(path: str) -> str:
    """Return a path of the contract with `x` for each parameter."""
    return re.sub(r"\{\w+\}", "x", path)
