"""System errors: of the operating system, TLS, threads, event loops and missing modules."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from ...errors import KnockError
from ...errors._text import one_line
from ..signals import raised_by_a_handler

if TYPE_CHECKING:
    from typing import TypeGuard

_REFUSED = re.compile(r"ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|DECRYPT_ERROR)")
_BROKEN_OFF = frozenset({"SSLEOFError", "SSLZeroReturnError", "SSLSyscallError"})
"""TLS errors that say nothing about certificate or version: the connection ended."""
_LONGEST = 200


_SYSTEM_ERRORS = (OSError, RuntimeError, ImportError, ValueError)


def is_system_error(error: BaseException) -> TypeGuard[Exception]:
    """Return whether an error is one that the system raises while a connection is made or used.

    Others are mistakes in code, except for `RecursionError`, which is about the depth of the caller's own code, and for
    what a signal handler raises.
    """
    if not isinstance(error, _SYSTEM_ERRORS) or isinstance(error, (KnockError, RecursionError)):
        return False
    # A codec raises another error from it. An error that the caller is handling is none of its causes.
    return raised_by_a_handler(error, error.__context__ if error.__cause__ is None else None) is None


def is_permanent(error: BaseException) -> bool:
    """Return whether another attempt would meet the same error."""
    return isinstance(error, (ImportError, ValueError, NotImplementedError)) or is_refusal(error)


def describe(error: BaseException) -> str:
    """Return what went wrong, in the system's words."""
    if isinstance(error, UnicodeError):
        return "it is not a valid host name"
    if not isinstance(error, OSError):
        return ": ".join(filter(None, (type(error).__name__, one_line(str(error), _LONGEST))))
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
    """Return whether the server refused this client; in TLS 1.3, that arrives when the handshake seems over."""
    return _REFUSED.search(_tls_reason(error) or "") is not None


def _tls_reason(error: BaseException) -> str | None:
    """Return OpenSSL's name for an error; None if it is not about TLS, whose module need not be loaded for this."""
    if not any(cls.__name__ == "SSLError" for cls in type(error).__mro__):
        return None
    return getattr(error, "reason", None) or type(error).__name__
