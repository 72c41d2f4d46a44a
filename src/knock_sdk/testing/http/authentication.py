"""API keys: which operations each kind of key may call."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .contract_data import load_contract
from .errors import Problem
from .user_tokens import read_user_token

if TYPE_CHECKING:
    from ..._core.requests.operation import Operation
    from ..state.world import World
    from .exchange import HTTPRequest
    from .user_tokens import UserToken

_KEY = re.compile(r"(sk|pk)_[\x21-\x7e]+")
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)


@cache
def public_operations() -> frozenset[str]:
    """Return the ids of the operations that accept a public key; all others require a secret key."""
    return frozenset(name for name, entry in load_contract()["operations"].items() if entry.get("public"))


def key_of(request: HTTPRequest) -> str | None:
    """Return the API key of a request; None if it is missing or malformed."""
    matched = _BEARER.fullmatch(request.header("authorization") or "")
    return matched[1] if matched and _KEY.fullmatch(matched[1]) else None


def is_public_key(key: str) -> bool:
    """Return whether a text is a public API key."""
    matched = _KEY.fullmatch(key)
    return matched is not None and matched[1] == "pk"


def check_key(world: World, request: HTTPRequest, operation: Operation) -> UserToken | None:
    """Check that a request has a key which the operation accepts, and return the user token that limits it, if any.

    Any key of the right form is valid: `sk_…` is a secret key, `pk_…` a public one. In secure mode, a public key needs
    a user token; a token beside a secret key is not read, which is a guess.

    Raises:
        Problem: The key is missing or malformed, or is public while the operation requires a secret one; or the user
            token is missing or not valid.
    """
    key = key_of(request)
    if key is None:
        raise Problem(
            "api_key_missing", "The API key is missing or malformed. Send the header Authorization: Bearer sk_… or pk_…"
        )
    if not key.startswith("pk_"):
        return None
    if operation.name not in public_operations():
        raise Problem("incorrect_token_type", f"{operation.method} {operation.path} requires a secret key (sk_…).")
    return read_user_token(world, request)
