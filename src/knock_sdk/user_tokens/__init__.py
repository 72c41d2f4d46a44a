"""User tokens: what a client in a browser or an app sends beside a public key, where enhanced security is on.

```python
from knock_sdk.user_tokens import build_user_token_grant, sign_user_token

token = sign_user_token(
    "jhammond",  # the key is read from KNOCK_SIGNING_KEY
    expires_in=3600,
    grants=[build_user_token_grant({"type": "tenant", "id": "ingen"}, ["slack/channels_read"])],
)
```

It needs PyJWT with cryptography: `pip install 'knock-sdk[tokens]'`. They are imported with the first call.
"""

from __future__ import annotations

from ._grants import (
    GrantName,
    ObjectEntity,
    TenantEntity,
    TokenEntity,
    UserEntity,
    UserTokenGrant,
    build_user_token_grant,
)
from ._signing import sign_user_token

__all__ = [
    "GrantName",
    "ObjectEntity",
    "TenantEntity",
    "TokenEntity",
    "UserEntity",
    "UserTokenGrant",
    "build_user_token_grant",
    "sign_user_token",
]
