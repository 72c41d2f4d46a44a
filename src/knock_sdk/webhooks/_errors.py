"""Errors of webhooks: what is wrong with a signature or a body."""

from __future__ import annotations

from ..errors import KnockError


class WebhookError(KnockError):
    """A request is not an event from Knock: respond with 400, and do nothing else."""


class MissingSignatureError(WebhookError):
    """The request has no signature."""


class MalformedSignatureError(WebhookError):
    """The signature is not of the form `t=<milliseconds>,s=<base64>`."""


class SignatureExpiredError(WebhookError):
    """The signature is right, but older than the tolerance, or newer by more than it."""


class SignatureMismatchError(WebhookError):
    """The signature was made with another secret, or for another body or time."""


class WebhookPayloadError(WebhookError):
    """The signature is right, but the body is not an event."""
