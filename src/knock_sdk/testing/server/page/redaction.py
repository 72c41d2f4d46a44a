"""Values as pages show them: tokens and keys in them are left out."""

from __future__ import annotations

from typing import Any

from ...._core.type_guards import is_array, is_object

HIDDEN = "(hidden)"
_SECRET = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "authorization",
        "client_secret",
        "cookie",
        "incoming_webhook",
        "password",
        "private_key",
        "proxy-authorization",
        "refresh_token",
        "secret",
        "set-cookie",
        "signing_key",
        "signing_secret",
        "token",
        "tokens",
        "user_token",
        "x-api-key",
        "x-knock-user-token",
    }
)
_DEEPEST = 60


def redact(value: Any, depth: int = 0) -> Any:
    """Return a JSON value in which what has the name of a secret, such as `access_token`, is hidden."""
    if depth > _DEEPEST:
        return "(too deep to be shown)"
    if is_object(value):
        return {
            name: HIDDEN if inner and is_secret(name) else redact(inner, depth + 1) for name, inner in value.items()
        }
    if is_array(value):
        return [redact(inner, depth + 1) for inner in value]
    return value


def is_secret(name: str) -> bool:
    """Return whether a field or header of this name holds a secret."""
    return name.lower() in _SECRET
