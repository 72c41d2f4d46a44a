"""Signing: from a user's id and the arguments to a token."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from uuid import uuid4

from .._core.requests.options import check_flags
from .._core.secret import hide
from .._core.values.argument_types import Items  # noqa: TC001 - needed to evaluate the annotations
from .._core.values.body import encode_body
from .._core.values.moments import check_moment
from .._core.wire.url import check_segment
from ..errors import InvalidArgumentError
from ._grants import UserTokenGrant, merge_grants
from ._keys import find_key, load_jws

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SECOND = timedelta(seconds=1)
_LAST = (datetime.max.replace(tzinfo=timezone.utc) - _EPOCH) // _SECOND
"""The last second of the year 9999."""


def sign_user_token(
    user_id: str,
    *,
    signing_key: str | bytes | None = None,
    expires_in: float | timedelta = 3600,
    grants: UserTokenGrant | Items[UserTokenGrant] | None = None,
    explicit_grants: bool = False,
    jti: bool = False,
    now: datetime | None = None,
) -> str:
    r"""Sign a token with which a client in a browser or an app acts for a user, beside a public key.

    The server calls this for the user who has logged in, and the client sends the result as `user_token`. The token is
    a JWT, signed with RS256. Its claims are those of `signUserToken` in Knock's Node client for the same input: `sub`,
    `grants` if there are any, `iat` and `exp`; also `jti` and `explicit_grants` if requested. See "Authentication with
    enhanced security enabled" in Knock's documentation.

    Args:
        user_id: Id of the user; the token is valid for this user only.
        signing_key: Private half of the environment's RSA key, from the dashboard, in PEM form (PKCS#8 or PKCS#1) or
            base64 of it; at least 2,048 bits. `Simulator(signing_key=…)` takes the public half. If None,
            `KNOCK_SIGNING_KEY`. The two characters `\n` count as a line break.
        expires_in: Seconds until the token expires, or a duration: whole seconds, at least one, and to the year 9999 at
            most.
        grants: What `build_user_token_grant` returns, or a list of that. Grants on the same entity are merged.
        explicit_grants: Whether the token allows only what is granted; a token without grants then allows nothing (that
            is a guess, since Knock does not document it). By default, grants add to what every token allows. Knock's
            documentation has this claim, and its Node client cannot set it.
        jti: Whether the token gets a random id. Without it, two calls in the same second return the same token.
        now: Time of signing, with a time zone; by default the current time. Fractions of a second are dropped.

    Returns:
        The token.

    Raises:
        ConfigurationError: The key is missing, malformed, encrypted, public, weak, or not for RSA; or PyJWT is not
            installed: `pip install 'knock-sdk[tokens]'`. Neither the error nor its traceback shows the key.
        InvalidArgumentError: Another argument is invalid.
    """
    # Tracebacks may show local variables: from here on none holds the key in the clear.
    hidden = hide(signing_key)
    del signing_key
    check_segment("user_id", user_id)
    check_flags(explicit_grants=explicit_grants, jti=jti)
    issued_at = int(time.time()) if now is None else (check_moment("now", now) - _EPOCH) // _SECOND
    expires_at = issued_at + _whole_seconds(expires_in)
    if expires_at > _LAST:
        raise InvalidArgumentError("expires_in", "leads to a time after the year 9999")
    claims: dict[str, object] = {"sub": user_id}
    if grants is not None:
        claims["grants"] = merge_grants(grants)
    claims.update(iat=issued_at, exp=expires_at)
    if jti:
        claims["jti"] = str(uuid4())
    if explicit_grants:
        claims["explicit_grants"] = True
    jws = load_jws()
    return jws.encode(encode_body(claims), find_key(hidden), "RS256")


def _whole_seconds(wait: object) -> int:
    if isinstance(wait, timedelta):
        seconds, rest = divmod(wait, _SECOND)
        is_whole = not rest
    elif isinstance(wait, int | float) and not isinstance(wait, bool):
        is_whole = isinstance(wait, int) or wait.is_integer()
        seconds = int(wait) if is_whole else 0
    else:
        raise InvalidArgumentError(
            "expires_in", f"must be a number of seconds or a timedelta, not {type(wait).__name__}"
        )
    if not is_whole or seconds < 1:
        raise InvalidArgumentError("expires_in", "must be a whole number of seconds, 1 or more")
    return seconds
