"""The trials: each lets something go wrong for a client, and says in a few words what the client did."""

from __future__ import annotations

import gzip
import json
import pickle
import time
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from tests.support.server import Server, drip, hang, hang_up, message, respond

from .clients import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.server import Received, Reply

    from .clients import Client

LIMIT = 1.0
"""The time limit that is given to a client, in seconds."""
_PATIENCE = 8.0
"""Seconds after which a call is not waited for any longer."""
_LARGE = 64 * 1024 * 1024


class Outcome(NamedTuple):
    """How a call ended."""

    error: BaseException | None
    seconds: float


class Trial(NamedTuple):
    """A row of the table."""

    what: str
    try_it: Callable[[Client], str]
    timed: bool = False
    """Whether the words depend on how fast the machine is."""


def _call(call: Callable[[], object]) -> Outcome | None:
    """Make a call; return None if it does not end in time."""
    ended: list[Outcome] = []

    def run() -> None:
        started = time.monotonic()
        error: BaseException | None = None
        try:
            call()
        except BaseException as caught:  # noqa: BLE001 (whatever it is, it is what the caller would get)
            error = caught
        ended.append(Outcome(error, time.monotonic() - started))

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return ended[0] if ended else None


def _requests(server: Server) -> str:
    return "1 request" if len(server.requests) == 1 else f"{len(server.requests)} requests"


def _lost(client: Client) -> str:
    with Server(hang_up) as server:
        _call(client.calls(server.url).create)
        return _requests(server)


def _unavailable(client: Client) -> str:
    with Server(respond(503)) as server:
        _call(client.calls(server.url).create)
        return _requests(server)


def _limited(client: Client, seconds: int) -> str:
    with Server(respond(429, json={}, retry_after=str(seconds))) as server:
        outcome = _call(client.calls(server.url).create)
        if outcome is None:
            return f"waits, more than {_PATIENCE:.0f} s"
        if len(server.requests) == 1:
            return "raises at once"
        first, second, *_ = (received.at for received in server.requests)
        return f"repeats after {second - first:.0f} s"


def _silent(client: Client) -> str:
    with Server(hang) as server:
        return _seconds(_call(client.calls(server.url, LIMIT).read))


def _slow(client: Client) -> str:
    with Server(drip(message(json=client.body), every=0.1)) as server:
        return _seconds(_call(client.calls(server.url, LIMIT).read))


def _seconds(outcome: Outcome | None) -> str:
    return f"more than {_PATIENCE:.0f} s" if outcome is None else f"{int(outcome.seconds)} s"


def _redirected(client: Client) -> str:
    with Server(respond(json=client.body)) as other:
        elsewhere = other.url.replace("127.0.0.1", "localhost") + "/elsewhere"
        with Server(respond(302, json={}, location=elsewhere)) as server:
            _call(client.calls(server.url).read)
        if not other.requests:
            return "does not follow"
        (received,) = other.requests
        has_key = KEY in " ".join(received.headers.values()) or KEY.encode() in received.body
        return "follows, with the key" if has_key else "follows, without the key"


def _pickled(client: Client) -> str:
    with Server(respond(404, json={"error": {"message": "none"}, "ok": False, "code": "c"})) as server:
        outcome = _call(client.calls(server.url).read)
        assert outcome is not None
        assert outcome.error is not None
        try:
            copy = pickle.loads(pickle.dumps(outcome.error))
        except TypeError:
            return "cannot be read back"
        return "is equal" if (type(copy), str(copy)) == (type(outcome.error), str(outcome.error)) else "differs"


def _large(client: Client) -> str:
    plain = json.dumps({**client.body, "padding": "a" * _LARGE}).encode()
    packed = gzip.compress(plain, 1)

    def pick(received: Received) -> Reply:
        if "gzip" in received.headers.get("accept-encoding", ""):
            return respond(body=packed, content_type="application/json", content_encoding="gzip")
        return respond(body=plain, content_type="application/json")

    with Server.by(pick) as server:
        outcome = _call(client.calls(server.url).read)
        assert outcome is not None
        return "is read" if outcome.error is None else f"raises {type(outcome.error).__name__}"


TRIALS = (
    Trial("a record is created, and the connection is lost after the request", _lost),
    Trial("a record is created, and the response is 503 each time", _unavailable),
    Trial("429 with `Retry-After: 2`", lambda client: _limited(client, 2), timed=True),
    Trial("429 with `Retry-After: 120`", lambda client: _limited(client, 120), timed=True),
    Trial("`timeout=1`, and the server does not respond", _silent, timed=True),
    Trial("`timeout=1`, and the server sends a byte every 0.1 s", _slow, timed=True),
    Trial("a redirect to another host", _redirected),
    Trial("an error is pickled", _pickled),
    Trial("a response of 64 MB, compressed if the client takes that", _large),
)
