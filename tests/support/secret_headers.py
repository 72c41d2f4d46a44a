"""Headers of a caller that hold secrets, and replies that repeat these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .server import raw, respond

if TYPE_CHECKING:
    from collections.abc import Callable

    from .server import Reply

TOKEN = "canary.eyJhbGciOi.2718281828"
COOKIE = "canary-cookie-value"
HEADERS: dict[str, str] = {
    "X-Knock-User-Token": TOKEN,
    "Authorization": f"Bearer {TOKEN}",
    "authorization": f"Basic {TOKEN}",
    "Proxy-Authorization": TOKEN,
    "Cookie": f"theme=dark; id={COOKIE}",
    "X-Api-Key": TOKEN,
    "X-Auth": TOKEN,
    "X-Gateway-Secret": TOKEN,
    "X-CSRF-Token": TOKEN,
    "X-Session-Id": TOKEN,
    "X-Amz-Credential": TOKEN,
    "Signature": TOKEN,
    "X-AuthKey": TOKEN,
    "X_Api_Key": TOKEN,
    "X-OAuth2-Access": TOKEN,
    "X-Subscription-Key": TOKEN,
    "X-JWT": TOKEN,
    "X-Authorization": f"ApiKey {TOKEN}",
    "X-Forwarded-Authorization": f'Digest username="ellie", response="{TOKEN}"',
}
REPLIES: dict[str, Callable[[str], Reply]] = {
    "message": lambda text: respond(400, json={"message": f"bad: {text}", "code": text, "errors": [{"field": text}]}),
    "nested": lambda text: respond(422, json={"message": "no", "request": {"headers": [text, {text: text}]}}),
    "headers": lambda text: respond(500, json={"message": "no"}, x_request_id=text, x_echo=f"was {text}"),
    "page": lambda text: respond(502, body=f"<html>{text}</html>".encode(), content_type="text/html"),
    "cut": lambda text: respond(400, body=b"x" * (2048 - 9) + text.encode() * 2),
    "a success that is not JSON": lambda text: respond(body=text.encode()),
    "a success of another kind": lambda text: respond(json=[text]),
    "status line": lambda text: raw(b"HTTP/1.1 2xx %s\r\n\r\n" % text.encode(), then_close=True),
}


def secret_of(name: str) -> str:
    """Return the secret in the header of a name."""
    return COOKIE if name == "Cookie" else TOKEN
