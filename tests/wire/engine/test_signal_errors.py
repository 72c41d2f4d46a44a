"""Exceptions of any class that a signal's handler raises inside a call: they reach the caller as they are."""

from __future__ import annotations

import random
import signal
import traceback
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import APIResponseValidationError, Knock
from knock_sdk._core.signals import raised_by_a_handler
from tests.support.server import Server, after, respond

from ..caller import KEY, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMES = 150
"""Interrupts of each class."""


class SoftTimeLimitExceeded(Exception):  # noqa: N818 (Celery's is called so)
    """Not an error of the machine."""


class Handler:
    """A handler that is an object; its method is one too."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error
        self.armed = False
        self.raised: Exception | None = None

    def __call__(self, *_: object) -> None:
        if self.armed:
            self.armed = False
            self.raised = self.error("mine")
            raise self.raised

    method = __call__


@contextmanager
def installed(handler: Any) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, handler)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def is_lost(error: Exception | None, lost: list[BaseException | None]) -> bool:
    """Return whether Python itself has dropped an error of the handler."""
    assert error is not None
    return error in lost or any(at.name == "_intenum_converter" for at in traceback.extract_tb(error.__traceback__))


CLASSES = [SoftTimeLimitExceeded, TimeoutError, ConnectionResetError, ValueError, RuntimeError, ImportError, OSError]


@pytest.mark.parametrize("error", CLASSES)
def test_it_reaches_the_caller(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """At random moments: while connecting, writing, waiting, and decoding.

    Python itself loses what is raised in a finaliser, and tells a hook; and a ValueError where `socket.getaddrinfo`
    turns numbers into enumerations.
    """
    lost: list[BaseException | None] = []
    monkeypatch.setattr("sys.unraisablehook", lambda unraisable: lost.append(unraisable.exc_value))
    chance = random.Random(error.__name__)
    handler = Handler(error)
    struck = 0
    with Server(respond(json=[USER] * 50, connection="close")) as server, installed(handler):
        Knock(api_key=KEY, base_url=server.url).get("/v1/things")  # so that no import is interrupted
        for _ in range(TIMES):
            with Knock(api_key=KEY, base_url=server.url) as client:
                handler.raised, handler.armed = None, True
                caught: BaseException | None = None
                try:
                    signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-5, 3e-3))
                    client.get("/v1/things")
                except Exception as raised:  # noqa: BLE001 (any other than the handler's is a failure)
                    caught = raised
                handler.armed = False
                assert caught is handler.raised or isinstance(caught, error) or is_lost(handler.raised, lost)
                struck += caught is not None
    assert struck > TIMES / 30


@pytest.mark.parametrize("form", ["object", "method", "partial"])
@pytest.mark.parametrize("choice", [None, "httpx", "given"])
def test_it_ends_a_wait_for_the_response(form: str, choice: str | None) -> None:
    """The usual way to limit a block by `signal.alarm`; nothing is sent again."""
    made = Handler(TimeoutError)
    handler: Callable[..., None] = {"object": made, "method": made.method, "partial": partial(made.method, 1)}[form]
    with Server(respond(json=USER), after(5, respond(json=USER))) as server, httpx.Client() as own:
        client = Knock(api_key=KEY, base_url=server.url, http_client=own if choice == "given" else choice)
        with client, installed(handler):
            client.users.get("u1")
            made.armed = True
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(TimeoutError) as caught:
                client.users.get("u1")
        assert caught.value is made.raised
        assert len(server.requests) == 2


def test_an_error_that_was_handled_before_is_not_taken_for_it() -> None:
    """The caller sends something because of a signal."""
    handler = Handler(ValueError)
    with Server(respond(body=b"no JSON")) as server, Knock(api_key=KEY, base_url=server.url) as client:

        def send_when_struck() -> None:
            handler.armed = True
            try:
                signal.raise_signal(signal.SIGALRM)
            except ValueError:
                client.users.get("u1")

        with installed(handler), pytest.raises(APIResponseValidationError, match="is not JSON") as caught:
            send_when_struck()
    assert raised_by_a_handler(handler.raised) is None  # it is not installed any more
    assert caught.value.__context__ is handler.raised
