"""Protection from web pages that a browser on this machine shows: they must not read or change the simulator.

A page of another origin is told by `Origin` and `Sec-Fetch-Site`, and one that has its own name point to this machine
by `Host`. Programs, which send neither `Origin` nor `Sec-Fetch-Site`, are not hindered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from starlette.datastructures import Headers, MutableHeaders

from .cors import is_api, is_own
from .hosts import is_address, is_loopback, name_of
from .refusal import refuse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTROL = "/_simulator"
"""What the paths of the control endpoints begin with."""

_KNOCK = "api.knock.app"
_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared only)
"""Hosts of a server that listens on all addresses of the machine."""
_OF_SERVER = ("same-origin", "none")
"""Values of `Sec-Fetch-Site` for the server's own pages, and for an address that was typed or opened by a program."""

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",  # without any, browsers send `Origin: null` with the page's own forms
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}


class Guard:
    """Refuses requests that a foreign page may have made, and protects the server's own page."""

    def __init__(self, inner: ASGIApp, allowed_hosts: Collection[str]) -> None:
        """Serve an application under these names, besides those of this machine."""
        self._inner = inner
        self._allowed_hosts = allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        of_api = scope["type"] == "websocket" or is_api(scope["path"])
        request = _Request(scope["path"], scope.get("method", "GET"), Headers(scope=scope))
        refusal = self._refuse_host(request.headers.get("host"), is_api=of_api)
        if refusal is None and not of_api:
            refusal = _refuse_origin(request) or _refuse_content(request)
        if not of_api:
            send = _adding_headers(send)
        if refusal is None:
            await self._inner(scope, receive, send)
        else:
            await refuse(scope, receive, send, refusal)

    def _refuse_host(self, host: str | None, *, is_api: bool) -> str | None:
        if host is None:  # no browser leaves it out
            return None
        name = name_of(host)
        if name is not None and (is_loopback(name) or self._is_allowed(name)):
            return None
        if name is not None and is_api and _cannot_be_registered(name):
            return None
        return (
            f"The host {host[:200]!r} is not known to this simulator: open it as http://127.0.0.1, start it with "
            "--allow-host, or use serve(allow_hosts=[…])"
        )

    def _is_allowed(self, name: str) -> bool:
        return name in self._allowed_hosts or (is_address(name) and not _EVERY_ADDRESS.isdisjoint(self._allowed_hosts))


class _Request(NamedTuple):
    path: str
    method: str
    headers: Headers


def _cannot_be_registered(name: str) -> bool:
    """Tell whether a host is an address, or has a name that nobody can register and have point to this machine.

    Such are the names of containers, which have no dot, those below `.internal`, and Knock's own.
    """
    return is_address(name) or "." not in name or name.endswith(".internal") or name == _KNOCK


def _refuse_origin(request: _Request) -> str | None:
    """Return why a request of another page is refused; a link to the server's page, which is only shown, is not."""
    headers = request.headers
    origin = headers.get("origin")
    if origin is not None and not is_own(origin, headers.get("host", "")):
        return f"Pages of other origins, such as {origin[:200]!r}, may use /v1/ only."
    if headers.get("sec-fetch-site", "none") in _OF_SERVER:
        return None
    followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    if followed and request.method in ("GET", "HEAD") and not _is_control(request.path):
        return None
    return "Pages of other origins may use /v1/ only."


def _refuse_content(request: _Request) -> str | None:
    """Return why the content of a control request is refused: forms of any page can send other types than JSON."""
    if not _is_control(request.path) or request.method != "POST":
        return None
    headers = request.headers
    content_type = headers.get("content-type")
    if content_type is None:
        has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        return "A body needs Content-Type: application/json." if has_body else None
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return None
    return f"The control endpoints take Content-Type: application/json, not {content_type[:100]!r}."


def _is_control(path: str) -> bool:
    return path == CONTROL or path.startswith(f"{CONTROL}/")


def _adding_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": list(message.get("headers", ()))}
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
