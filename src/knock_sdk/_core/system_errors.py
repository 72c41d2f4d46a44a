"""Errors of the operating system and of TLS, described without secrets."""

from __future__ import annotations

import os
import re

_REFUSED = re.compile(r"ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|DECRYPT_ERROR)")
_BROKEN_OFF = frozenset({"SSLEOFError", "SSLZeroReturnError", "SSLSyscallError"})
"""TLS errors that say nothing about certificate or version: the connection ended."""


def describe(error: BaseException) -> str:
    """Return what went wrong, in the system's words."""
    if not isinstance(error, OSError):
        return "it is not a valid host name" if isinstance(error, UnicodeError) else type(error).__name__
    if (refusal := getattr(error, "verify_message", None)) is not None:
        return f"the server's certificate is refused: {refusal}"
    if (reason := _tls_reason(error)) is not None:
        if "CERTIFICATE_REQUIRED" in reason:
            return "the server asks for a client certificate"
        return f"TLS failed: {reason}"
    return error.strerror or (os.strerror(error.errno) if error.errno else type(error).__name__)


def is_refusal(error: BaseException) -> bool:
    """Return whether TLS refuses a certificate, a version or a cipher: another attempt would end the same."""
    return _tls_reason(error) is not None and type(error).__name__ not in _BROKEN_OFF


def is_alert(error: BaseException) -> bool:
    """Return whether the server has refused this client: in TLS 1.3, its word comes when the handshake seems over."""
    return _REFUSED.search(_tls_reason(error) or "") is not None


def _tls_reason(error: BaseException) -> str | None:
    """Return OpenSSL's word for an error; None if it is not about TLS, whose module need not be loaded for this."""
    if not any(cls.__name__ == "SSLError" for cls in type(error).__mro__):
        return None
    return getattr(error, "reason", None) or type(error).__name__
