"""The TLS context: made once per process, when a connection first needs it."""

from __future__ import annotations

import os
import ssl

from ...errors import ConfigurationError
from ..lock import ProcessLock
from .system_errors import describe, is_system_error

_lock = ProcessLock()
_contexts: dict[tuple[str | None, str | None], ssl.SSLContext] = {}


def tls_context() -> ssl.SSLContext:
    """Return the shared context, which trusts certifi's authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR.

    Raises:
        ConfigurationError: The certificates cannot be loaded, or TLS cannot be set up.
    """
    sources = (os.environ.get("SSL_CERT_FILE") or None, os.environ.get("SSL_CERT_DIR") or None)
    with _lock.of_this_process():
        context = _contexts.get(sources)
        if context is None:
            context = _contexts[sources] = _make(*sources)
    return context


def _make(file: str | None, folder: str | None) -> ssl.SSLContext:
    # OpenSSL does not report a missing directory, and then trusts no certificate.
    if folder is not None and file is None and not any(map(os.path.isdir, folder.split(os.pathsep))):
        raise ConfigurationError(
            f"SSL_CERT_DIR: {folder!r} is not a directory; set it to one with certificates, or unset it"
        )
    name = "SSL_CERT_FILE"
    if file is None and folder is None:
        name, file = "certifi", _file_of_certifi()
    try:
        context = ssl.create_default_context(cafile=file, capath=folder)
        # Some distributions build Python without a lower bound. Their configuration may also ask for more than this.
        context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
        context.set_alpn_protocols(["http/1.1"])
    except Exception as error:
        if not is_system_error(error):
            raise
        problem = _explain(error, name, file)
    else:
        return context
    raise ConfigurationError(problem)


def _file_of_certifi() -> str:
    try:
        import certifi

        return certifi.where()
    except Exception as error:
        if not is_system_error(error):
            raise
        problem = describe(error)
    raise ConfigurationError(f"certifi: {problem}; install certifi again, or set SSL_CERT_FILE")


def _explain(error: Exception, name: str, file: str | None) -> str:
    """Return which file or setting an error is about: that of a TLS context names none."""
    remedy = "install certifi again, or set SSL_CERT_FILE"
    if name != "certifi":
        remedy = "set it to a file of certificates in PEM format, or unset it"
    if file is not None:
        from pathlib import Path

        try:
            Path(file).open("rb").close()
        except (OSError, ValueError) as unreadable:
            return f"{name}: cannot read {file!r}: {describe(unreadable)}; {remedy}"
        if isinstance(error, ssl.SSLError):
            return f"{name}: {file!r} is not a file of certificates in PEM format; {remedy}"
    if (keys := os.environ.get("SSLKEYLOGFILE")) and isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        problem = f"cannot write {keys!r}: {describe(error)}"
        return f"SSLKEYLOGFILE: {problem}; set it to a file that can be written, or unset it"
    return f"TLS cannot be set up: {describe(error)}"
