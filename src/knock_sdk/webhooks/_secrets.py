"""The secrets of webhooks, hidden wherever values are shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeAlias

from .._core.secret import SecretBytes
from .._core.type_guards import is_items
from ..errors import ConfigurationError, InvalidArgumentError

WebhookSecret: TypeAlias = str | bytes | Sequence[str | bytes]
"""The secret of a webhook; several while it is being replaced."""

Hidden: TypeAlias = list[SecretBytes | type[object]]
"""Secrets, and the types of the values that are none."""

VARIABLE = "KNOCK_WEBHOOK_SECRET"
"""The environment variable with the secret."""


def hide(secret: object) -> Hidden:
    """Return secrets in a form that can stand in local variables, which tracebacks may show; no check is made."""
    if secret is None:
        secret = os.environ.get(VARIABLE)
        return [] if secret is None else [_hide_one(secret)]
    if not isinstance(secret, str | bytes) and is_items(secret):
        return [_hide_one(each) for each in secret]
    return [_hide_one(secret)]


def check(hidden: Hidden) -> list[SecretBytes]:
    """Return hidden secrets, of which there must be one at least.

    Raises:
        ConfigurationError: There is none, or one is empty, or has white space around it.
        InvalidArgumentError: One is of another type.
    """
    keys: list[SecretBytes] = []
    for each in hidden:
        if not isinstance(each, SecretBytes):
            raise InvalidArgumentError("secret", f"takes a text, or a list of texts, not {each.__name__}")
        if not each.strip():
            raise ConfigurationError("secret: is empty; pass the webhook's secret from its page in Knock's dashboard")
        if each != each.strip():
            raise ConfigurationError("secret: has white space around it, such as the line break of a file; remove that")
        keys.append(each)
    if not keys:
        raise ConfigurationError(f"secret: is missing; pass the webhook's secret, or set {VARIABLE}")
    return keys


def _hide_one(secret: object) -> SecretBytes | type[object]:
    if isinstance(secret, str):
        return SecretBytes(secret.encode("utf-8", "surrogatepass"))
    return SecretBytes(secret) if isinstance(secret, bytes | bytearray) else type(secret)
