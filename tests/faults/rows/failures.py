"""Calls that fail in every way, with a server that repeats the caller's key in its responses."""

from __future__ import annotations

import socket
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support.server import Server, hang, hang_up, message, raw, reset, respond
from tests.support.sides import both
from tests.support.subjects import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.support.server import Reply
    from tests.support.sides import Side
    from tests.support.subjects import Subject

TOKEN = "eyJ.canary_token.7b20"
CANARY = "canary"
"""A part of the key and of the token, which occurs nowhere else."""
ECHO: dict[str, Any] = {"x_echo": f"Bearer {KEY}", "x_request_id": KEY, "x_token": TOKEN}
BODY = {"message": f"key {KEY}, token {TOKEN}", "code": KEY, "errors": [{"field": KEY, "message": TOKEN}], KEY: TOKEN}


class Failing(NamedTuple):
    """A failure: the server's reply, the client's settings and the call."""

    reply: Reply
    settings: Mapping[str, Any] = MappingProxyType({})
    call: Callable[[Any], Any] = lambda client: client.users.get("u1")
    iterates: bool = False
    only_ours: bool = False


def create(client: Any) -> Any:
    """Make a call that must not be repeated."""
    return client.schedules.create(recipients=["u1"], workflow="flow")


REPEATED = {"items": [{"id": "u1"}], "page_info": {"after": "c1", "before": None, "page_size": 1}}
HTML = f"<p>{KEY} {TOKEN}</p>".encode()

FAILURES: dict[str, Failing] = {
    **{f"{status}": Failing(respond(status, json=BODY, **ECHO)) for status in (400, 401, 403, 404, 409, 418, 422, 429)},
    **{f"{status}": Failing(respond(status, body=HTML, **ECHO)) for status in (500, 503)},
    "redirect": Failing(respond(302, location=f"/?key={KEY}")),
    "reset": Failing(reset),
    "hung up": Failing(hang_up),
    "hung up on a creation": Failing(hang_up, call=create),
    "timeout": Failing(hang, {"timeout": 0.2}),
    "no HTTP": Failing(raw(f"{KEY} {TOKEN}\r\n\r\n".encode(), then_close=True)),
    "bad header": Failing(raw(f"HTTP/1.1 200 OK\r\n{KEY} {TOKEN}\r\n\r\n".encode(), then_close=True)),
    "cut": Failing(raw(message(body=HTML)[:-5], then_close=True)),
    "HTML": Failing(respond(body=HTML, **ECHO)),
    "bad JSON": Failing(respond(body=f'{{"id": "{KEY}", {TOKEN}'.encode(), content_type="application/json", **ECHO)),
    "wrong kind": Failing(respond(json=[KEY, TOKEN], **ECHO)),
    "strange fields": Failing(respond(json={KEY: TOKEN}, **ECHO)),
    "bad compression": Failing(respond(body=HTML, content_encoding="gzip", **ECHO)),
    "too large": Failing(respond(body=HTML * 100), {"max_response_size": 1000}, only_ours=True),
    "strict": Failing(respond(json={"id": 7, "name": [KEY]}), {"strict": True}, only_ours=True),
    "repeated cursor": Failing(respond(json=REPEATED), call=lambda client: client.users.list(), iterates=True),
    "bad id": Failing(respond(), call=lambda client: client.users.get("")),
    "bad option": Failing(respond(), call=lambda client: client.users.get("u1", time_out=1)),
    "bad header value": Failing(respond(), call=lambda client: client.users.get("u1", extra_headers={"a": "\n"})),
    "bad body": Failing(respond(), call=lambda client: client.users.update("u1", name=object())),
}


def settings_of(subject: Subject, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of every failing client, including the token."""
    own: dict[str, Any] = {"user_token": TOKEN} if subject.ours else {"default_headers": {"X-Knock-User-Token": TOKEN}}
    return {"max_retries": 0, **own, **changed}


def closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
    return port


def failing_calls(subject: Subject) -> Iterator[tuple[str, Side, Any]]:
    """Make each failure with both clients; yield its name, the client, and the exception of the call."""
    for name, failing in FAILURES.items():
        if failing.only_ours and not subject.ours:
            continue
        with (
            Server(failing.reply) as server,
            both(subject, server.url, **settings_of(subject, failing.settings)) as two,
        ):
            for side in two:
                yield name, side, side.iterate(failing.call, 5) if failing.iterates else side.run(failing.call)
    with both(subject, f"http://127.0.0.1:{closed_port()}", **settings_of(subject, {})) as two:
        for side in two:
            yield "refused", side, side.run(lambda client: client.users.get("u1"))


WRONG_SETTINGS: dict[str, dict[str, Any]] = {
    "base URL": {"base_url": "ftp://127.0.0.1"},
    "key": {"api_key": f"{KEY}\n"},
    "token": {"user_token": f"{TOKEN}\n"},
    "timeout": {"timeout": -1},
    "branch": {"branch": "a b"},
    "header": {"default_headers": {"a": "\r"}},
}


def wrong_clients(subject: Subject) -> Iterator[tuple[str, Exception]]:
    """Make clients with invalid settings, directly and from a valid client; yield each setting and the exception."""
    good = subject.client("https://127.0.0.1"), subject.async_client("https://127.0.0.1")
    makers = [subject.make, subject.make_async, *(client.with_options for client in good)]
    for name, changed in WRONG_SETTINGS.items():
        for make in makers:
            settings = {"api_key": KEY, **settings_of(subject, changed)}
            try:
                make(**settings)
            except Exception as error:  # noqa: BLE001 (the row checks it)
                yield name, error
