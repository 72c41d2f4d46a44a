"""The TLS context: made once per process, when a connection first needs it."""

from __future__ import annotations

import os
import ssl

from .lock import ProcessLock

_lock = ProcessLock()
_contexts: dict[tuple[str | None, str | None], ssl.SSLContext] = {}


def tls_context() -> ssl.SSLContext:
    """Return the shared context, which trusts certifi's authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR."""
    sources = (os.environ.get("SSL_CERT_FILE") or None, os.environ.get("SSL_CERT_DIR") or None)
    with _lock.of_this_process():
        context = _contexts.get(sources)
        if context is None:
            context = _contexts[sources] = _make(*sources)
    return context


def _make(file: str | None, folder: str | None) -> ssl.SSLContext:
    if file is None and folder is None:
        import certifi

        file = certifi.where()
    context = ssl.create_default_context(cafile=file, capath=folder)
    # Some distributions build Python without a lower bound. Their configuration may also ask for more than this one.
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    context.set_alpn_protocols(["http/1.1"])
    return context
