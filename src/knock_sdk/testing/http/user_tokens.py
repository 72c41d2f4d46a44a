"""User tokens in secure mode: verification of the signature and the claims."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._core.secret import Secret
from ..._core.type_guards import is_array, is_object
from ..state.json_text import parse_json
from .errors import Problem
from .signing_key import SecureMode, load_verifier, parse_public_key
from .token_grants import TokenGrants

if TYPE_CHECKING:
    from datetime import datetime

    from ..state.world import World
    from .exchange import HTTPRequest

HEADER = "x-knock-user-token"

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
"""Three parts in base64url without padding (RFC 7515, section 7.1). PyJWT skips other characters."""


class UserToken(NamedTuple):
    """What a valid token says."""

    user_id: str
    grants: TokenGrants


def read_user_token(world: World, request: HTTPRequest) -> UserToken | None:
    """Return the token of a request with a public key, as `check_user_token` does.

    Raises:
        Problem: The token is missing or not valid.
    """
    return check_user_token(world, request.header(HEADER))


def check_user_token(world: World, token: str | None) -> UserToken | None:
    """Return what a token says that came with a public key; None if the simulator is not in secure mode.

    A claim that is null counts as absent.

    Knock documents the codes, and the cause of `missing_user_token`. That every other problem is `invalid_user_token`
    is a guess.

    Raises:
        Problem: The token is missing or not valid.
    """
    public_key = world.of(SecureMode).public_key
    if public_key is None:
        return None
    if not token:
        raise Problem(
            "missing_user_token",
            "This environment requires a user token in the header X-Knock-User-Token when a public API key is used.",
        )
    claims = _verify(token, public_key)
    _check_times(claims, world.clock.now)
    user_id, explicit = claims.get("sub"), claims.get("explicit_grants")
    if not isinstance(user_id, str) or not user_id:
        raise invalid_token("has no user id in the claim sub")
    if not isinstance(explicit, bool | None):
        raise invalid_token("has a claim explicit_grants that is neither true nor false")
    return UserToken(user_id, TokenGrants(user_id, _read_grants(claims.get("grants")), explicit=bool(explicit)))


def invalid_token(problem: str) -> Problem:
    """Return the error for a token that is not valid, or not for the user that a request addresses."""
    return Problem("invalid_user_token", f"The user token {problem}.")


def _verify(token: str, public_key: str) -> dict[str, Any]:
    """Return the claims of a token whose signature is right."""
    if not _COMPACT.fullmatch(token):
        raise invalid_token("is malformed")
    jws = load_verifier()
    from jwt import InvalidAlgorithmError, InvalidSignatureError, PyJWTError

    # PyJWT checks the signature alone: the times are compared with the simulator's clock, which PyJWT does not know.
    try:
        payload: bytes = jws.decode(token, parse_public_key(Secret(public_key)), algorithms=["RS256"])
    except InvalidAlgorithmError:
        raise invalid_token("is not signed with RS256") from None
    except InvalidSignatureError:
        raise invalid_token("is not signed with the key of this environment") from None
    except (PyJWTError, RecursionError):  # the latter for a header that is nested deeply
        raise invalid_token("is malformed") from None
    try:
        claims: Any = parse_json(payload)
    except ValueError:
        claims = None
    if not is_object(claims):
        raise invalid_token("has no JSON object with claims")
    return claims


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    """Compare `exp` and `nbf` with the clock, without tolerance; `iat` and further claims are not read.

    Knock documents neither a tolerance nor `nbf`, nor whether a token without `exp` expires: guesses.
    """
    for name in ("exp", "nbf"):
        if isinstance(moment := claims.get(name), bool) or not isinstance(moment, int | float | None):
            raise invalid_token(f"has a claim {name} that is not a number of seconds")
    seconds = now.timestamp()
    if (expires_at := claims.get("exp")) is not None and seconds >= expires_at:
        raise invalid_token(f"has expired; the simulator's time is {now.isoformat()}")
    if (begins_at := claims.get("nbf")) is not None and seconds < begins_at:
        raise invalid_token(f"is not valid yet; the simulator's time is {now.isoformat()}")


def _read_grants(claim: Any) -> dict[str, dict[str, Any]]:
    if claim is None:
        return {}
    if not is_object(claim):
        raise invalid_token("has a claim grants that is not an object")
    for names in claim.values():
        if not is_object(names) or not all(is_array(value) for value in names.values()):
            raise invalid_token("has a claim grants without lists by URI and name")
    return claim
