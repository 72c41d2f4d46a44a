"""Certificates for TLS servers."""

from __future__ import annotations

import datetime as dt
import ssl
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import trustme

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)


def make_server_context(issuer: trustme.CA, name: str = "127.0.0.1", **named: Any) -> ssl.SSLContext:
    """Return a server context whose certificate is issued for `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert(name, **named).configure_cert(context)
    return context
