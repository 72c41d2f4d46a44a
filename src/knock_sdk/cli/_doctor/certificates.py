"""TLS and certificates: what was agreed on, and what is wrong with a certificate that is refused."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ..._core.outcome import Failure
from ..._core.wire.tls import tls_context
from .findings import ok, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..._core.deadline import Deadline
    from ..._sync.engines.stream import Stream
    from .findings import Finding

_SOON = timedelta(days=14)
_ADVICE = {
    "expired": "The server needs a new certificate. If it is not that of Knock, something between intercepts TLS; also"
    " check the clock of this machine.",
    "not yet valid": "Check the clock of this machine.",
    "self-signed": "Something between may intercept TLS. If that is meant to be, set SSL_CERT_FILE to a file with its"
    " certificate authority.",
    "unable to get": "Something between may intercept TLS. If that is meant to be, set SSL_CERT_FILE to a file with its"
    " certificate authority.",
    "mismatch": "The certificate is for another host: check KNOCK_BASE_URL, or a captive portal answers.",
}
"""What to do, by words in OpenSSL's reason."""


def authorities(environ: Mapping[str, str]) -> str:
    """Return whose certificates are trusted."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if value := environ.get(name):
            return f"{name}={value}"
    import certifi

    return f"certifi ({certifi.where()})"


def start(stream: Stream, host: str, deadline: Deadline) -> None:
    """Begin TLS as the client does.

    Raises:
        Failure: The server's certificate is refused, or TLS fails.
        ConfigurationError: The certificates to trust cannot be read.
    """
    try:
        stream.start_tls(tls_context(), host.removesuffix("."), deadline)
    except BaseException:
        stream.close()
        raise


def describe(stream: Stream, seconds: float, trusted: str) -> Finding:
    """Return the finding about a connection that is secure."""
    sock: Any = stream.sock
    certificate: dict[str, Any] = sock.getpeercert() or {}
    issuer = _name_of(certificate.get("issuer", ()))
    expires = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), timezone.utc)
    version = str(sock.version())
    text = (
        f"{version}, in {seconds * 1000:,.0f} ms; issued by {issuer}, valid until {expires:%Y-%m-%d};"
        f" trusted: {trusted}"
    )
    details = {
        "version": version,
        "cipher": sock.cipher()[0],
        "issuer": issuer,
        "expires": expires.isoformat(),
        "authorities": trusted,
        "seconds": round(seconds, 4),
        "used": True,
    }
    if expires - datetime.now(timezone.utc) < _SOON:
        return warning("tls", text, "The server's certificate expires soon: it needs a new one.", **details)
    return ok("tls", text, **details)


def look_at(connect: Callable[[], Stream], host: str, deadline: Deadline) -> str | None:
    """Return what a certificate says that is refused; None if it cannot be read, for which cryptography is needed."""
    try:
        from cryptography import x509
    except ImportError:
        return None
    # Nothing is sent over this connection.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        stream = connect()
        try:
            stream.start_tls(context, host.removesuffix("."), deadline)
            sock: Any = stream.sock
            found = x509.load_der_x509_certificate(sock.getpeercert(True))
        finally:
            stream.close()
    except (Failure, ValueError):
        return None
    subject, issuer = found.subject.rfc4514_string(), found.issuer.rfc4514_string()
    by = "itself" if subject == issuer else issuer
    return f"{subject or 'no name'}, issued by {by}, valid until {found.not_valid_after_utc:%Y-%m-%d}"


def advice(failure: str) -> str:
    """Return what to do about a failure of TLS."""
    for words, text in _ADVICE.items():
        if words in failure:
            return text
    return "Check that the URL and its port are right: the server may not speak TLS, or only an old version of it."


def _name_of(name: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    """Return the name of an authority, as Python has it in a certificate."""
    fields = {key: value for part in name for key, value in part}
    return fields.get("organizationName") or fields.get("commonName") or "nobody"
