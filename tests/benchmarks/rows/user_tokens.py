"""User tokens: signing with a cached key, beside PyJWT with a key that is parsed once, and with one that is not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from knock_sdk.user_tokens import build_user_token_grant, sign_user_token

from ..measure import interleave, per_call
from ..row import OURS, Goal, Row

if TYPE_CHECKING:
    from ..row import Effort, Samples

PARSED, UNPARSED = "jwt.encode", "jwt.encode, key as text"
URI = "https://api.knock.app/v1/objects/$tenants/acme"


def user_token(effort: Effort) -> Samples:
    """Sign tokens with one grant and a key of 2,048 bits; the claims are the same."""
    import jwt
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from tests.support.signing_keys import PRIVATE

    parsed = load_pem_private_key(PRIVATE.encode(), None)

    def claims() -> dict[str, object]:
        now = int(time.time())
        return {"sub": "ana", "grants": {URI: {"slack/channels_read": []}}, "iat": now, "exp": now + 3600}

    def sign() -> str:
        grant = build_user_token_grant({"type": "tenant", "id": "acme"}, ["slack/channels_read"])
        return sign_user_token("ana", signing_key=PRIVATE, grants=[grant])

    def by_hand() -> str:
        return jwt.encode(claims(), parsed, algorithm="RS256")

    def by_text() -> str:
        return jwt.encode(claims(), PRIVATE, algorithm="RS256")

    subjects = {
        OURS: per_call(sign, effort.of(200, 50)),
        PARSED: per_call(by_hand, effort.of(200, 50)),
        UNPARSED: per_call(by_text, effort.of(4, 1)),
    }
    return interleave(effort, subjects, effort.of(25, 5))


ROWS = (
    Row(
        "user-token",
        "a user token: 2,000 a second",
        user_token,
        (Goal(OURS, None, 0.0005), Goal(OURS, PARSED, 1.25)),
        base=PARSED,
        needs=("pyjwt", "cryptography"),
        rate=True,
    ),
)
