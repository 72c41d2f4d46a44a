"""URLs of webhooks as pages show them, without the credentials in them."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlsplit


def hide_credentials(url: str) -> str:
    """Return a URL without the user name and password in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc=f"…@{parts.netloc.rpartition('@')[2]}").geturl()


def name_of(webhook_id: str) -> str:
    """Return a name for a webhook, which stands in forms instead of its URL."""
    return sha256(webhook_id.encode()).hexdigest()[:16]
