"""Values as pages show them: tokens and keys in them are left out."""

from __future__ import annotations

from typing import Any

from ...._core.type_guards import is_array, is_object

HIDDEN = "(hidden)"
_SECRET = frozenset(
    {
        "apikey",
        "authorization",
        "cookie",
        "incomingwebhook",
        "privatekey",
        "proxyauthorization",
        "secretkey",
        "setcookie",
        "signingkey",
        "tokens",
        "xapikey",
    }
)
"""Names without hyphens and underscores, so that `api_key`, `api-key` and `apiKey` are one."""
_SECRET_ENDS = ("password", "secret", "token")
"""Ends of such names, as in `access_token` and `clientSecret`."""
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
    plain = name.lower().replace("-", "").replace("_", "")
    return plain in _SECRET or plain.endswith(_SECRET_ENDS)
