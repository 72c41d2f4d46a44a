"""Cross-origin requests: pages of which origins may use the API, and the headers that tell browsers so."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from .hosts import is_loopback
from .refusal import refuse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/v1/"
"""What the paths of the API begin with."""

_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, PUT, DELETE, PATCH",
    "access-control-allow-headers": (
        "accept, authorization, content-type, idempotency-key, x-knock-branch, x-knock-client, x-knock-user-token"
    ),
    "access-control-max-age": "7200",
}
_EXPOSED = "retry-after, x-request-id"
_ADVICE = (
    "only pages of this machine may; to permit others, start it with --allow-origin, or use serve(allow_origins=[…])"
)
_ELSEWHERE = ("cross-site", "same-site")
"""Values of `Sec-Fetch-Site` for other pages. Without `Origin`, it is no call of theirs, but an image or the like."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


def parse_origin(text: str) -> str:
    """Return an origin as browsers write it: in lower case, and without the default port.

    Raises:
        ValueError: It is not an origin.
    """
    problem = f"allow_origins: takes an origin such as https://app.example or http://10.0.0.5:3000, not {text!r}"
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise ValueError(problem) from None
    if not parts.scheme or not parts.hostname or parts.username is not None or "*" in text:
        raise ValueError(problem)
    if parts.path not in ("", "/") or "?" in text or "#" in text:
        raise ValueError(problem)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = "" if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def is_allowed(origin: str, allowed: Collection[str]) -> bool:
    """Tell whether pages of an origin may use the API: those of this machine, and those that are allowed by name.

    Args:
        origin: The header `Origin`.
        allowed: Further origins, as `parse_origin` returns them.
    """
    if origin.lower() in allowed:
        return True
    try:
        parts = urlsplit(origin)
        name = parts.hostname
        parts.port  # noqa: B018 (a malformed one raises)
    except ValueError:
        return False
    return parts.scheme in _DEFAULT_PORTS and name is not None and is_loopback(name)


class CORS:
    """Answers the preflights of browsers, and adds to each response of the API which origin may read it.

    A preflight gets its answer here, so that it meets no key check, fault or rate limit, and is not recorded. Requests
    and sockets of other origins are refused: a browser would hide the response, and carry out the request all the same.
    """

    def __init__(self, inner: ASGIApp, allowed: Collection[str]) -> None:
        """Serve an application to these origins, besides those of this machine."""
        self._inner = inner
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a socket."""
        if scope["type"] != "websocket" and (scope["type"] != "http" or not is_api(scope["path"])):
            await self._inner(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None and headers.get("sec-fetch-site") in _ELSEWHERE:
            await refuse(scope, receive, send, f"Images, scripts and links do not use this simulator's API: {_ADVICE}")
        elif origin is None:
            await self._inner(scope, receive, send)
        elif not self._may_use(origin, headers.get("host", "")):
            await refuse(scope, receive, send, f"A page of {origin[:200]!r} may not use this simulator: {_ADVICE}")
        elif scope["type"] == "websocket":
            await self._inner(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers={**_PREFLIGHT, **_readable_by(origin)})(scope, receive, send)
        else:
            await self._inner(scope, receive, _adding_headers(send, origin))

    def _may_use(self, origin: str, host: str) -> bool:
        # The server's own page, at a host that has been checked, uses the API like those of this machine.
        return is_allowed(origin, self._allowed) or is_own(origin, host)


def is_api(path: str) -> bool:
    """Tell whether a path belongs to the API."""
    return path.startswith(API)


def is_own(origin: str, host: str) -> bool:
    """Tell whether an origin is that of the server itself, which the request calls by this `Host`."""
    return bool(host) and origin.partition("://")[2].lower() == host.lower()


def _readable_by(origin: str) -> dict[str, str]:
    return {"access-control-allow-origin": origin, "vary": "Origin"}


def _adding_headers(send: Send, origin: str) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": list(message.get("headers", ()))}
            headers = MutableHeaders(scope=message)
            headers["access-control-allow-origin"] = origin
            headers["access-control-expose-headers"] = _EXPOSED
            headers.add_vary_header("Origin")
        await send(message)

    return send_with_headers
