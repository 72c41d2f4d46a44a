"""Signatures of webhooks: `t=<milliseconds>,s=<base64 of HMAC-SHA256 over "t.body">`."""

from __future__ import annotations

import os
import time
from base64 import b64encode
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from hmac import compare_digest, digest
from math import isfinite
from typing import Any, TypeAlias

from .._core.secret import SecretBytes
from .._core.type_guards import is_array, is_items
from ..errors import ConfigurationError, InvalidArgumentError
from ._errors import MalformedSignatureError, SignatureExpiredError, SignatureMismatchError
from ._headers import WebhookHeaders, find_signature

Body: TypeAlias = bytes | bytearray | memoryview | str
"""The raw body of a request; text is encoded as UTF-8."""

WebhookSecret: TypeAlias = str | bytes | Sequence[str | bytes]
"""The secret of a webhook; several while it is being replaced."""

VARIABLE = "KNOCK_WEBHOOK_SECRET"
"""The environment variable with the secret."""

HEADER = "x-knock-signature"
TOLERANCE = 300.0
_clock: ContextVar[datetime | None] = ContextVar("knock_sdk.webhooks.clock", default=None)
_MOST_DIGITS = 15
"""Digits of the milliseconds until the year 9999."""


def verify(
    body: Body,
    headers: WebhookHeaders,
    *,
    secret: WebhookSecret | None = None,
    tolerance: float | None = TOLERANCE,
    now: datetime | None = None,
    header: str = HEADER,
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
        ConfigurationError: There is no secret.
        InvalidArgumentError: Another argument is invalid.
    """
    # Tracebacks may show local variables: from here on, none holds a secret in the clear.
    secret = hide(secret)
    content = read_body(body)
    limit = _check_tolerance(tolerance)
    moment = _milliseconds(_clock.get()) if now is None else _milliseconds(_check_moment("now", now))
    signed_at, signatures = _parse(find_signature(headers, header), header)
    message = b"%b.%b" % (signed_at, content)
    keys = _keys_of(secret)
    if not any(_matches(key, message, signature) for key in keys for signature in signatures):
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
        at: When it is signed, with a time zone; by default, now.

    Returns:
        The header `x-knock-signature`, by its name.

    Raises:
        ConfigurationError: The secret is empty.
        InvalidArgumentError: An argument is invalid.
    """
    (key,) = _check_keys([hide(secret)])
    secret = ""
    content = read_body(body)
    moment = _milliseconds(_clock.get()) if at is None else _milliseconds(_check_moment("at", at))
    signed_at = str(int(moment)).encode("ascii")
    return {HEADER: f"t={signed_at.decode('ascii')},s={_signature(key, signed_at + b'.' + content).decode('ascii')}"}


@contextmanager
def clock_at(moment: datetime) -> Generator[None, None, None]:
    """Take a moment for the current time while a block runs, as the simulator's time is for the handlers it calls."""
    token = _clock.set(moment)
    try:
        yield
    finally:
        _clock.reset(token)


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
        return body.tobytes()
    raise InvalidArgumentError(
        "body", f"takes the raw body of the request, bytes or text, not {type(body).__name__}; pass it before parsing"
    )


def hide(secret: object) -> Any:
    """Return secrets in a form that is hidden wherever values are shown; other values stay, to be refused later."""
    if isinstance(secret, str):
        return SecretBytes(secret.encode("utf-8", "surrogatepass"))
    if isinstance(secret, bytes):
        return SecretBytes(secret)
    return [hide(each) for each in secret] if is_items(secret) else secret


def _keys_of(hidden: object) -> list[SecretBytes]:
    if hidden is None and (hidden := hide(os.environ.get(VARIABLE))) is None:
        raise ConfigurationError(f"secret: is missing; pass the webhook's secret, or set {VARIABLE}")
    return _check_keys(hidden if is_array(hidden) else [hidden])


def _check_keys(keys: list[Any]) -> list[SecretBytes]:
    if not keys:
        raise ConfigurationError("secret: the list is empty; pass the webhook's secret")
    for key in keys:
        if not isinstance(key, SecretBytes):
            raise InvalidArgumentError("secret", f"takes a text, or a list of texts, not {type(key).__name__}")
        if not key.strip():
            raise ConfigurationError("secret: is empty; pass the webhook's secret from its page in Knock's dashboard")
    return keys


def _parse(value: bytes, header: str) -> tuple[bytes, list[bytes]]:
    """Return the time, as it was signed, and the signatures, of which there may be several."""
    parts = [part.strip().partition(b"=") for part in value.split(b",")]
    times = [text for name, _, text in parts if name == b"t"]
    signatures = [text for name, _, text in parts if name == b"s"]
    if len(times) != 1 or not signatures:
        raise MalformedSignatureError(f"the header {header} must have the form t=<milliseconds>,s=<base64>")
    if not times[0].isdigit() or len(times[0]) > _MOST_DIGITS:
        raise MalformedSignatureError(f"the header {header}: t must be a number of milliseconds")
    return times[0], signatures


def _matches(key: SecretBytes, message: bytes, signature: bytes) -> bool:
    return compare_digest(_signature(key, message), signature)


def _signature(key: SecretBytes, message: bytes) -> bytes:
    return b64encode(digest(key, message, "sha256"))


def _check_tolerance(tolerance: object) -> float | None:
    """Return a tolerance in milliseconds."""
    if tolerance is None:
        return None
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float):
        kind = type(tolerance).__name__
        raise InvalidArgumentError("tolerance", f"takes a number of seconds, or None for any age, not {kind}")
    if not isfinite(tolerance) or tolerance < 0:
        raise InvalidArgumentError("tolerance", "must be 0 seconds or more; None accepts any age")
    return tolerance * 1000


def _check_moment(name: str, moment: object) -> datetime:
    if not isinstance(moment, datetime):
        raise InvalidArgumentError(name, f"takes a datetime, not {type(moment).__name__}")
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise InvalidArgumentError(name, "must have a time zone, such as datetime.now(timezone.utc)")
    return moment


def _milliseconds(moment: datetime | None) -> float:
    return (time.time() if moment is None else moment.timestamp()) * 1000
