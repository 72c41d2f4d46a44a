"""Settings, requests and responses for the tests of the core."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any

from knock_sdk._core.lifetime import Lifetime
from knock_sdk._core.outcome import Response
from knock_sdk._core.requests import operations as op
from knock_sdk._core.requests.config import (
    ATTEMPT_TIMEOUT,
    MAX_CONNECTIONS_SYNC,
    MAX_RESPONSE_SIZE,
    TIMEOUT,
    Config,
    configure,
)
from knock_sdk._core.requests.encode import Outgoing, encode
from knock_sdk._core.requests.operation import Operation
from knock_sdk._core.requests.request import Request
from knock_sdk._core.responses.decode import decode

if TYPE_CHECKING:
    from knock_sdk._core.requests.operation import Repeat

KEY = "sk_test_CANARY-0f9e8d7c6b5a"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.CANARY.c2lnbmF0dXJl"
DEFAULTS: dict[str, Any] = {
    "api_key": KEY,
    "base_url": None,
    "branch": None,
    "user_token": None,
    "timeout": TIMEOUT,
    "attempt_timeout": ATTEMPT_TIMEOUT,
    "max_retries": None,
    "max_connections": MAX_CONNECTIONS_SYNC,
    "max_response_size": MAX_RESPONSE_SIZE,
    "strict": False,
    "strict_once": False,
    "allow_http": False,
    "default_headers": None,
    "default_query": None,
}
REPEATS: tuple[Repeat, ...] = ("safe", "idempotent", "keyed", "upsert", "never")


def make_config(**changes: Any) -> Config:
    """Return the default settings with `changes`; the environment is empty."""
    return configure(**{**DEFAULTS, "environ": {}, **changes})


def make_operation(repeat: Repeat = "safe", method: str = "GET", path: str = "/v1/things", **more: Any) -> Operation:
    """Return an operation that the API does not have."""
    return Operation("doThing", method, path, 4, repeat, **more)


def send(operation: Operation, config: Config | None = None, **arguments: Any) -> Outgoing:
    """Return an encoded request for plain JSON."""
    options = arguments.pop("options", {})
    request: Request[Any] = Request(operation, object, options=options, **arguments)
    return encode(request, config or make_config(), Lifetime())


def trigger(config: Config | None = None, **arguments: Any) -> Outgoing:
    """Return an encoded trigger."""
    body = arguments.pop("body", {"recipients": ["u1"]})
    return send(op.TRIGGER_WORKFLOW, config, path=("flow",), body=body, **arguments)


def get_user(config: Config | None = None, **arguments: Any) -> Outgoing:
    """Return an encoded GET of a user."""
    return send(op.GET_USER, config, path=("u1",), **arguments)


def merge_users(config: Config | None = None) -> Outgoing:
    """Return an encoded merge of users, which must never be sent twice."""
    return send(op.MERGE_USER, config, path=("u1",), body={"from_user_id": "u2"})


def make_response(status: int = 200, body: bytes = b"", headers: dict[str, str] | None = None) -> Response:
    """Return a response."""
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()]
    return Response(status, pairs, body)


def read(expected: Any, body: bytes | object, status: int = 200, **changes: Any) -> Any:
    """Decode a response body, which is given as bytes or as a value to be encoded."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    config = make_config(**changes)
    outgoing = get_user(config)
    request: Request[Any] = Request(outgoing.operation, expected, options={})
    response = make_response(status, content, {"X-Request-Id": "r1"})
    return decode(request, outgoing, response, 2, config)


def show_with_locals(error: BaseException) -> str:
    """Return a traceback as error reporters show it: the whole chain, with the local variables of each frame.

    The first frame, which is the test's own, is left out.
    """
    own = error.__traceback__
    assert own is not None
    shown = traceback.TracebackException(type(error), error, own.tb_next, capture_locals=True)
    text = "".join(shown.format(chain=True))
    assert "knock_sdk" in text
    return text
