"""Reading events from the bodies of webhooks."""

from __future__ import annotations

import logging
from datetime import datetime  # noqa: TC003 - needed to evaluate the annotations
from functools import cache
from typing import cast, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json

from .._core.responses.lenient import build
from .._core.responses.model import models_by_type
from .._core.type_guards import is_object
from ..types.events import Event, UnknownEvent
from ._errors import WebhookPayloadError
from ._headers import WebhookHeaders  # noqa: TC001 - needed to evaluate the annotations
from ._secrets import WebhookSecret, hide
from ._signature import SIGNATURE_HEADER, TOLERANCE, Body, check_request, read_body

log = logging.getLogger("knock_sdk")

_warned: set[type[BaseModel]] = set()


def unwrap(
    body: Body,
    headers: WebhookHeaders,
    *,
    secret: WebhookSecret | None = None,
    tolerance: float | None = TOLERANCE,
    now: datetime | None = None,
    header: str = SIGNATURE_HEADER,
) -> Event:
    """Check the signature of a request that Knock sent to a webhook, and return its event.

    Knock repeats a request up to 8 times until the response has a status from 200 to 299, events have no ids, and their
    order is not guaranteed: handle one that comes twice, by its `type`, `data.id` and `created_at`, only once.

    Args:
        body: The raw body, as it was received: parsing and dumping it again would change it.
        headers: The request's headers: a mapping with names in any case and values that are text, bytes or lists of
            one, pairs of names and values, a WSGI environ, or the signature itself.
        secret: The secret of the webhook, from its page in Knock's dashboard; while it is being replaced, both. By
            default, that in `KNOCK_WEBHOOK_SECRET`.
        tolerance: Seconds that the signature may be older or newer than `now`, 0 or more; None for any age.
        now: The current time, with a time zone; by default, the system's.
        header: Name of the header with the signature.

    Returns:
        The event, as the class of its type: `MessageBounced` for `message.bounced`; an `UnknownEvent` for a type that
        this version does not know. Fields that it should have and has not read as None.

    Raises:
        MissingSignatureError: There is no such header, or it is empty.
        MalformedSignatureError: The header is not a signature.
        SignatureMismatchError: Another secret, body or time was signed.
        SignatureExpiredError: The signature is too old, or too new.
        WebhookPayloadError: The body is not an event.
        ConfigurationError: There is no secret.
        InvalidArgumentError: Another argument is invalid.
    """
    hidden = hide(secret)
    secret = None  # tracebacks may show local variables
    check_request(body, headers, hidden, tolerance=tolerance, now=now, header=header)
    return _parse(read_body(body))


def _parse(body: bytes) -> Event:
    try:
        raw = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise WebhookPayloadError(f"the body is not an event: it is not JSON ({error})") from None
    if not is_object(raw) or not isinstance(event_type := raw.get("type"), str):
        raise WebhookPayloadError("the body is not an event: it has no type; verify() checks requests of other kinds")
    if not is_object(raw.get("data")):
        raise WebhookPayloadError("the body is not an event: it has no data; verify() checks requests of other kinds")
    try:
        return _adapter().validate_python(raw)
    except ValidationError as error:
        model = _model_of(event_type)
        if model not in _warned:
            _warned.add(model)
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"][1:]))
            log.warning(
                "an event does not match %s and was read leniently: %s: %s", model.__name__, place, first["msg"]
            )
        return cast("Event", build(model, raw))


@cache
def _adapter() -> TypeAdapter[Event]:
    return TypeAdapter(Event)


def event_types() -> tuple[str, ...]:
    """Return the types of events that have a class."""
    return tuple(_models())


def _model_of(event_type: str) -> type[BaseModel]:
    """Return the class of an event's type."""
    return _models().get(event_type, UnknownEvent)


@cache
def _models() -> dict[str, type[BaseModel]]:
    return models_by_type(get_args(get_args(Event)[0])[:-1])
