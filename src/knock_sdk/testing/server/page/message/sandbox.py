"""HTML from applications, in a document that can run nothing and fetch nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from starlette.responses import Response

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-dns-prefetch-control": "off",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
"""Headers of such a document. The policy holds also if it is opened in a tab of its own."""

# Links open in a new tab, which the sandbox does not allow, so that a click does nothing. One that names another target
# is stopped by the policy of the page around it, whose frames show nothing but this server.
_HEAD = '<base target="_blank">'
_HEAD_TAG = re.compile(r"<head\b[^>]{0,500}>", re.IGNORECASE)
_HTML_TAG = re.compile(r"<html\b[^>]{0,500}>", re.IGNORECASE)
# Browsers may look up or connect to the hosts of such elements before a policy is asked.
_FETCHING = re.compile(r"<(?:link|base)(?=[\s/>])", re.IGNORECASE)
_SETTING = re.compile(r"http-equiv", re.IGNORECASE)
_STYLE = """<style>
:root { color-scheme: light dark; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { overflow-wrap: anywhere; }
p { margin: 0 0 0.5em; } :last-child { margin-bottom: 0; } img { max-width: 100%; }
</style>"""


def email_document(html: str) -> Response:
    """Return the HTML of an email as a document of its own."""
    safe = _disarm(html)
    for tag in (_HEAD_TAG, _HTML_TAG):
        if found := tag.search(safe):
            safe = safe[: found.end()] + _HEAD + safe[found.end() :]
            break
    else:
        safe = f"<!doctype html><head>{_HEAD}</head>{safe}"
    return HTMLResponse(safe, headers=HEADERS)


def fragment(html: str) -> Response:
    """Return a piece of HTML, such as the text of a feed item, as a document in the look of the page."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Text</title>{_HEAD}{_STYLE}</head>'
        f"<body>{_disarm(html)}</body></html>",
        headers=HEADERS,
    )


def _disarm(html: str) -> str:
    """Return HTML in which elements that name other hosts, and settings of the browser, have no effect."""
    return _SETTING.sub("data-http-equiv", _FETCHING.sub("<meta data-removed", html))
