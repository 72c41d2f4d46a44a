"""Signatures of webhooks: `t=<milliseconds>,s=<base64 of HMAC-SHA256 over "t.body">`."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime  # noqa: TC003 - needed to evaluate the annotations
from hmac import compare_digest, digest
from typing import TYPE_CHECKING, TypeAlias

from .._core.values.moments import check_moment
from ..errors import InvalidArgumentError
from ._clock import milliseconds
from ._errors import MalformedSignatureError, SignatureExpiredError, SignatureMismatchError
from ._headers import WebhookHeaders, find_signature
from ._secrets import Hidden, WebhookSecret, check, hide

if TYPE_CHECKING:
    from .._core.secret import SecretBytes

Body: TypeAlias = bytes | bytearray | memoryview | str
"""The raw body of a request; text is encoded as UTF-8."""

SIGNATURE_HEADER = "x-knock-signature"
TOLERANCE = 300.0
_MOST_DIGITS = 15
"""Digits of the milliseconds until the year 9999."""
_LONGEST_TOLERANCE = 1e12
_MOST_SIGNATURES = 16
"""Signatures in a header. Knock sends one; a limit, since anyone can send any number."""


def verify(
    body: Body,
    headers: WebhookHeaders,
    *,
    secret: WebhookSecret | None = None,
    tolerance: float | None = TOLERANCE,
    now: datetime | None = None,
    header: str = SIGNATURE_HEADER,
) -> None:
    """Check that a request was signed with the secret, lately; `unwrap` does this too, and reads the event.

    For requests whose body is not an event: those of a webhook channel, with `header="x-webhook-signature"`, and of an
    HTTP fetch step.

    Args:
        body: The raw body, as it was received: parsing and dumping it again would change it.
        headers: The request's headers: a mapping with names in any case and values that are text, bytes or lists of
            one, pairs of names and values, a WSGI environ, or the signature itself.
        secret: The secret of the webhook, from its page in Knock's dashboard; while it is being replaced, both. By
            default, that in `KNOCK_WEBHOOK_SECRET`.
        tolerance: Seconds that the signature may be older or newer than `now`, 0 or more; None for any age.
        now: The current time, with a time zone; by default, the system's.
        header: Name of the header with the signature.

    Raises:
        MissingSignatureError: There is no such header, or it is empty.
        MalformedSignatureError: The header is not a signature.
        SignatureMismatchError: Another secret, body or time was signed.
        SignatureExpiredError: The signature is too old, or too new.
        ConfigurationError: There is no secret, or it is empty.
        InvalidArgumentError: Another argument is invalid.
    """
    hidden = hide(secret)
    secret = None  # tracebacks may show local variables
    check_request(body, headers, hidden, tolerance=tolerance, now=now, header=header)


def check_request(
    body: object, headers: object, hidden: Hidden, *, tolerance: object, now: object, header: object
) -> None:
    """Check the signature of a request, as `verify` says."""
    content = read_body(body)
    limit = _check_tolerance(tolerance)
    moment = milliseconds(None if now is None else check_moment("now", now))
    keys = check(hidden)
    signed_at, signatures = _parse(find_signature(headers, header), header)
    message = b"%b.%b" % (signed_at, content)
    if not any(_matches(key, message, signatures) for key in keys):
        raise SignatureMismatchError(
            "the signature does not match the body: check that the secret is that of this webhook, and that the body is"
            " the raw one, before any parsing"
        )
    if limit is not None and abs(age := moment - int(signed_at)) > limit:
        when = f"{age / 1000:.0f} s ago" if age > 0 else f"{-age / 1000:.0f} s in the future"
        raise SignatureExpiredError(
            f"the request was signed {when}, and the tolerance is {limit / 1000:g} s: check the clock of this machine;"
            " a request that is sent again by somebody else looks like this too"
        )


def sign(body: Body, *, secret: str | bytes, at: datetime | None = None) -> dict[str, str]:
    """Sign a body as Knock does, for tests of a handler.

    Args:
        body: The body of the request.
        secret: The secret that the handler has.
        at: When it is signed, with a time zone, 1970 or later; by default, now.

    Returns:
        The header `x-knock-signature`, by its name.

    Raises:
        ConfigurationError: The secret is empty.
        InvalidArgumentError: An argument is invalid.
    """
    hidden = hide([secret])
    secret = ""  # tracebacks may show local variables
    (key,) = check(hidden)
    content = read_body(body)
    signed_at = milliseconds(None if at is None else check_moment("at", at))
    if signed_at < 0:
        raise InvalidArgumentError("at", "must be in 1970 or later")
    signature = _signature(key, b"%d.%b" % (signed_at, content)).decode("ascii")
    return {SIGNATURE_HEADER: f"t={signed_at},s={signature}"}


def read_body(body: object) -> bytes:
    """Return a body as bytes.

    Raises:
        InvalidArgumentError: It is something else, such as parsed JSON.
    """
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, bytearray):
        return bytes(body)
    if isinstance(body, memoryview):
        try:
            return body.tobytes()
        except ValueError:
            raise InvalidArgumentError("body", "is a memoryview that was released") from None
    raise InvalidArgumentError(
        "body", f"takes the raw body of the request, bytes or text, not {type(body).__name__}; pass it before parsing"
    )


def _parse(value: bytes, header: object) -> tuple[bytes, list[bytes]]:
    """Return the time, as it was signed, and the signatures, of which there may be several."""
    parts = [part.partition(b"=") for part in value.split(b",", _MOST_SIGNATURES + 2)]
    times = [text for name, _, text in parts if name == b"t"]
    signatures = [text for name, _, text in parts if name == b"s"]
    complete = all(name and separator for name, separator, _ in parts)
    if not complete or len(times) != 1 or not 0 < len(signatures) <= _MOST_SIGNATURES:
        raise MalformedSignatureError(f"the header {header} must have the form t=<milliseconds>,s=<base64>")
    if not times[0].isdigit() or len(times[0]) > _MOST_DIGITS:
        raise MalformedSignatureError(f"the header {header}: t must be a number of milliseconds")
    return times[0], signatures


def _matches(key: SecretBytes, message: bytes, signatures: list[bytes]) -> bool:
    expected = _signature(key, message)
    return any(compare_digest(expected, signature) for signature in signatures)


def _signature(key: SecretBytes, message: bytes) -> bytes:
    return b64encode(digest(key, message, "sha256"))


def _check_tolerance(tolerance: object) -> float | None:
    """Return a tolerance in milliseconds."""
    if tolerance is None:
        return None
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float):
        kind = type(tolerance).__name__
        raise InvalidArgumentError("tolerance", f"takes a number of seconds, or None for any age, not {kind}")
    if not 0 <= tolerance <= _LONGEST_TOLERANCE:
        raise InvalidArgumentError("tolerance", "must be from 0 to 1e12 seconds; None accepts any age")
    return tolerance * 1000
