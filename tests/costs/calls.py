"""The calls whose cost is measured, each repeated any number of times."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from knock_sdk import AsyncKnock, Knock
from tests.support.examples import example

from .engines import AsyncInMemory, InMemory
from .responses import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "sk_test_costs"
PAGE = 50
"""Items on a page: the largest number that the API sends."""


class Call(NamedTuple):
    """A call whose cost is measured.

    Attributes:
        make: makes the call with a client; returns an awaitable for an asynchronous one.
        body: returns the response body in memory; None if the call goes over connections to a server.
        is_async: whether the client is an `AsyncKnock`.
    """

    make: Callable[[Any], Any]
    body: Callable[[], bytes] | None = None
    is_async: bool = False


def _trigger(client: Any) -> Any:
    return client.workflows.trigger("digest", recipients=["ada"], data={"comment": "Spared no expense."})


def _update(client: Any) -> Any:
    return client.users.update("ada", name="Ada Lovelace", email="ada@example.com", properties={"plan": "pro"})


def _list(client: Any) -> Any:
    return client.messages.list(page_size=PAGE)


def _iterate(client: Any) -> None:
    for _ in client.messages.list(page_size=PAGE):
        pass


def _run() -> bytes:
    return example("TriggerWorkflowResponse")


def _user() -> bytes:
    return example("User")


def _messages() -> bytes:
    return page("Message", "items", PAGE)


CALLS = {
    "trigger": Call(_trigger, _run),
    "async trigger": Call(_trigger, _run, is_async=True),
    "user update": Call(_update, _user),
    "message page": Call(_list, _messages),
    "async message page": Call(_list, _messages, is_async=True),
    "iterated page": Call(_iterate, _messages),
    "trigger over loopback": Call(_trigger),
    "async trigger over loopback": Call(_trigger, is_async=True),
}
"""All calls by name. In memory a call shows the client's own cost, over loopback that of the libraries too."""


@contextmanager
def repeat_call(call: Call, url: str) -> Iterator[Callable[[int], None]]:
    """Make a client, and provide a function that makes the call a number of times."""
    with (_repeat_async if call.is_async else _repeat)(call, url) as run:
        yield run


@contextmanager
def _repeat(call: Call, url: str) -> Iterator[Callable[[int], None]]:
    body = call.body() if call.body is not None else None
    engine = None if body is None else InMemory(lambda _: body)
    with Knock(api_key=KEY, base_url=url, http_client=engine) as client:

        def run(times: int) -> None:
            for _ in range(times):
                call.make(client)

        yield run


@contextmanager
def _repeat_async(call: Call, url: str) -> Iterator[Callable[[int], None]]:
    body = call.body() if call.body is not None else None
    engine = None if body is None else AsyncInMemory(lambda _: body)
    client = AsyncKnock(api_key=KEY, base_url=url, http_client=engine)

    async def run(times: int) -> None:
        for _ in range(times):
            await call.make(client)

    loop = asyncio.new_event_loop()
    try:
        yield lambda times: loop.run_until_complete(run(times))
        loop.run_until_complete(client.close())
    finally:
        loop.close()
