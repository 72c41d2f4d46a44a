"""API keys: which requests they open the door to."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .contract_data import data
from .errors import Problem

if TYPE_CHECKING:
    from ..._core.operation import Operation
    from .exchange import HTTPRequest

_KEY = re.compile(r"(sk|pk)_[\x21-\x7e]+")
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)


@cache
def public_operations() -> frozenset[str]:
    """Return the ids of the operations that a public key may call; all others are for the secret key alone."""
    return frozenset(name for name, described in data()["operations"].items() if described.get("public"))


def check_key(request: HTTPRequest, operation: Operation) -> None:
    """Refuse a request without a key, or with one that the operation is not open to.

    Any key of the right form is taken: `sk_…` for the secret one, `pk_…` for the public one. User tokens are not read.

    Raises:
        Problem: The key is missing, malformed, or public where the secret one is due.
    """
    matched = _BEARER.fullmatch(request.header("authorization") or "")
    key = _KEY.fullmatch(matched[1]) if matched else None
    if key is None:
        raise Problem("api_key_missing", "Send a key: Authorization: Bearer sk_… or pk_…")
    if key[1] == "pk" and operation.name not in public_operations():
        raise Problem("incorrect_token_type", f"{operation.method} {operation.path} takes the secret key only.")
