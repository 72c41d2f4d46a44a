"""Addresses of requests and webhooks as pages show them, without the secrets in them."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..redaction import HIDDEN, is_secret


def hide_credentials(url: str) -> str:
    """Return a URL without the user name and password in it, and without tokens in its query."""
    url = hide_secrets(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc=f"…@{parts.netloc.rpartition('@')[2]}").geturl()


def hide_secrets(target: str) -> str:
    """Return a target whose query has no tokens."""
    path, mark, query = target.partition("?")
    if not mark:
        return target
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(_is_secret_parameter(name) for name, _ in pairs):
        return target
    return f"{path}?{urlencode([(name, HIDDEN if _is_secret_parameter(name) else value) for name, value in pairs])}"


def _is_secret_parameter(name: str) -> bool:
    return any(is_secret(part) for part in name.replace("]", "").split("["))


def name_of(webhook_id: str) -> str:
    """Return a name for a webhook, which stands in forms instead of its URL."""
    return sha256(webhook_id.encode()).hexdigest()[:16]
