"""Hooks that fail, wait, or make calls themselves, and what is no hook."""

from __future__ import annotations

import logging
import signal
import threading
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from knock_sdk import AsyncKnock, ConfigurationError, InternalServerError, InvalidArgumentError, Knock
from tests.support.server import Server, hang, respond
from tests.wire.caller import KEY, USER
from tests.wire.replies import echo

from .recorder import HOOKS, Recorder, cancel_when

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.wire.caller import Caller

BOTH = pytest.mark.parametrize("kind", [Knock, AsyncKnock])


class BoomError(Exception):
    """What a hook raises."""


def fail(event: object) -> None:
    raise BoomError(type(event).__name__)


async def fail_later(event: object) -> None:
    await anyio.lowlevel.checkpoint()
    fail(event)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_what_a_hook_raises_is_logged_and_breaks_no_call(
    caller: Caller, waits: list[float], caplog: pytest.LogCaptureFixture, *, asynchronous: bool
) -> None:
    hook = fail_later if asynchronous and caller.kind != "sync" else fail
    with Server(respond(503), respond(json=USER), respond(503)) as server:
        client = caller.client(server.url, **dict.fromkeys(HOOKS, hook))
        assert caller(client.users.get, "u1").id == "u1"
        with pytest.raises(InternalServerError) as caught:
            caller(client.users.get, "u1")
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    logged = [record for record in caplog.records if record.name == "knock_sdk"]
    names = [record.getMessage().partition(":")[0] for record in logged]
    assert names == [
        *("on_request", "on_response", "on_retry", "on_request", "on_response"),
        *["on_request", "on_response", "on_retry"] * 2,
        *("on_request", "on_response", "on_failure"),
    ]
    assert {record.levelno for record in logged} == {logging.WARNING}
    assert all(record.exc_info and record.exc_info[0] is BoomError for record in logged)
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("name", "requests"), [("on_request", 0), ("on_response", 1), ("on_retry", 1), ("on_failure", 3)]
)
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_of_a_hook_reaches_the_caller(
    name: str, requests: int, error: type[BaseException], waits: list[float]
) -> None:
    def interrupt(_: object) -> None:
        raise error

    settings: dict[str, Any] = {name: interrupt}
    with Server(respond(503)) as server:
        with Knock(api_key=KEY, base_url=server.url, **settings) as client, pytest.raises(error):
            client.users.get("u1")
        assert len(server.requests) == requests


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="there is no such signal")
def test_what_a_signal_handler_raises_in_a_hook_reaches_the_caller() -> None:
    def handler(*_: object) -> None:
        raise BoomError

    before = signal.signal(signal.SIGALRM, handler)
    try:
        with Server(respond(json=USER)) as server:
            client = Knock(api_key=KEY, base_url=server.url, on_response=lambda _: signal.raise_signal(signal.SIGALRM))
            with client, pytest.raises(BoomError):
                client.users.get("u1")
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", ["on_request", "on_response", "on_failure"])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_is_cancelled_in_a_hook(backend: str, name: str) -> None:
    entered: list[object] = []

    async def wait(event: object) -> None:
        entered.append(event)
        await anyio.sleep_forever()

    async def main(url: str) -> None:
        async with AsyncKnock(api_key=KEY, base_url=url, **{name: wait}) as client:
            await cancel_when(lambda: bool(entered), lambda: client.users.get("u1"))
            # Nothing is kept: neither a connection nor the order of writes.
            assert (await client.with_options(**{name: None}).users.get("u1")).id == "u1"

    pick = respond(404) if name == "on_failure" else respond(json=USER)
    with Server(pick, respond(json=USER)) as server:
        anyio.run(main, server.url, backend=backend)
    assert len(entered) == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_call_is_no_failure(backend: str) -> None:
    recorder = Recorder()

    async def main(server: Server) -> None:
        async with AsyncKnock(api_key=KEY, base_url=server.url, **recorder.hooks()) as client:
            await cancel_when(lambda: bool(server.requests), lambda: client.users.get("u1"))

    with Server(hang) as server:
        anyio.run(main, server, backend=backend)
        server.wait_for(lambda server: not server.open)
    assert recorder.steps == [("Request", "users.get")]


def test_a_hook_runs_in_the_task_or_thread_of_the_call(caller: Caller) -> None:
    variable: ContextVar[str] = ContextVar("variable", default="")
    seen: list[tuple[str, int]] = []

    def note(_: object) -> None:
        seen.append((variable.get(), threading.get_ident()))

    def call(client: Any) -> tuple[Any, int]:
        variable.set("set by the caller")
        return client.users.get("u1"), threading.get_ident()

    async def call_in_task(client: Any) -> tuple[Any, int]:
        made, thread = call(client)
        return await made, thread

    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, on_request=note, on_response=note)
        _, thread = caller(call if caller.kind == "sync" else call_in_task, client)
    assert seen == [("set by the caller", thread)] * 2


def test_calls_of_a_hook_have_no_hooks_and_wait_for_no_write(caller: Caller) -> None:
    """Each writes to the record that the outer call has locked, and would call its own hook again."""
    recorder = Recorder()
    client: Any = None

    def write(event: Any) -> Any:
        recorder.events.append(event)
        return client.users.update("u1", name=f"{event.operation} {event.attempt}")

    async def write_later(event: Any) -> None:
        await write(event)

    hook = write if caller.kind == "sync" else write_later
    with Server.by(echo) as server:
        client = caller.client(server.url, timeout=10, on_request=hook, on_response=hook)
        for _ in range(2):
            caller(client.users.update, "u1", name="outer")
    assert [received.json["name"] for received in server.requests] == [
        "users.update 1",
        "outer",
        "users.update 1",
    ] * 2
    assert recorder.steps == [("Request", "users.update"), ("Response", "users.update")] * 2


def test_rejected_arguments_of_a_call_in_a_hook_are_not_told(caller: Caller) -> None:
    told: list[Any] = []
    client: Any = None

    def call_wrongly(event: Any) -> Any:
        told.append(event)
        return client.get("http://other.example/")

    async def call_wrongly_later(event: Any) -> None:
        await call_wrongly(event)

    client = caller.client(
        "http://127.0.0.1:9", on_failure=call_wrongly if caller.kind == "sync" else call_wrongly_later
    )
    with pytest.raises(InvalidArgumentError, match="method"):
        caller(client.request, "G T", "/v1/users")
    assert len(told) == 1


class Callee:
    """An object that can be called, such as a class of the application has."""

    def __call__(self, event: object) -> None:
        raise NotImplementedError


class AsyncCallable:
    """The same, asynchronous."""

    async def __call__(self, event: object) -> None:
        raise NotImplementedError


async def asynchronous(_: object) -> None:
    raise NotImplementedError


async def yielding(_: object) -> Any:
    yield 1


@BOTH
@pytest.mark.parametrize("name", HOOKS)
@pytest.mark.parametrize("value", ["a", 5, True, [print], {}], ids=str)
def test_what_cannot_be_called_is_refused(kind: Any, name: str, value: object) -> None:
    for make in (partial(kind, api_key=KEY), kind(api_key=KEY).with_options):
        message = f"^{name}: must be a function that takes the event as its only argument, not {type(value).__name__}$"
        with pytest.raises(ConfigurationError, match=message):
            make(**{name: value})


@pytest.mark.parametrize("hook", [asynchronous, partial(asynchronous), AsyncCallable(), AsyncCallable().__call__])
def test_knock_refuses_asynchronous_functions(hook: Callable[[Any], Any]) -> None:
    for make in (partial(Knock, api_key=KEY), Knock(api_key=KEY).with_options):
        with pytest.raises(ConfigurationError, match=r"^on_retry: must be a function that is not async, .* AsyncKnock"):
            make(on_retry=hook)
    AsyncKnock(api_key=KEY, on_retry=hook)


@BOTH
def test_a_generator_function_is_refused(kind: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^on_failure: must be a function without yield"):
        kind(api_key=KEY, on_failure=yielding)


@BOTH
def test_objects_that_can_be_called_are_hooks(kind: Any) -> None:
    kind(api_key=KEY, on_request=Callee(), on_response=Callee().__call__, on_retry=partial(print, "retry"))


def test_an_awaitable_that_nothing_awaits_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def returning(event: Any) -> Any:
        return asynchronous(event)

    with Server(respond(json=USER)) as server, Knock(api_key=KEY, base_url=server.url, on_request=returning) as client:
        client.users.get("u1")
    (record,) = caplog.records
    assert record.exc_info is not None
    assert "on_request has returned an awaitable, which Knock does not await" in str(record.exc_info[1])


def test_with_options_replaces_single_hooks(caller: Caller) -> None:
    first, second = Recorder(), Recorder()
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, **first.hooks())
        kept = client.with_options(timeout=50)
        mixed = client.with_options(on_response=second.hooks()["on_response"])
        fewer = mixed.with_options(on_request=None, on_failure=None)
        none = fewer.with_options(on_response=None, on_retry=None)
        caller(kept.users.get, "u1")
        assert len(first.take()) == 2
        caller(mixed.users.get, "u1")
        assert [(type(event).__name__) for event in first.take() + second.take()] == ["RequestEvent", "ResponseEvent"]
        caller(fewer.users.get, "u1")
        assert [(type(event).__name__) for event in first.take() + second.take()] == ["ResponseEvent"]
        caller(none.users.get, "u1")
        assert first.events == second.events == []
        caller(client.users.get, "u1")
        assert len(first.take()) == 2


@BOTH
def test_a_misspelt_hook_is_named(kind: Any) -> None:
    with pytest.raises(TypeError, match="did you mean 'on_request'"):
        kind(api_key=KEY, on_requests=print)
    with pytest.raises(TypeError, match="did you mean 'on_failure'"):
        kind(api_key=KEY).with_options(on_failures=print)


@BOTH
def test_a_client_without_hooks_has_a_plain_transport(kind: Any) -> None:
    plain = kind(api_key=KEY)
    cls = type(plain._transport)
    with_hooks = plain.with_options(on_request=print)
    assert type(with_hooks._transport) is not cls
    assert type(with_hooks.with_options(on_request=None)._transport) is cls
    assert type(kind(api_key=KEY, on_failure=None)._transport) is cls
    assert type(plain._transport) is cls
