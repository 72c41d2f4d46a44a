"""What holds for every call that fails in a proxy."""

from __future__ import annotations

import logging
import pickle
import re
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError

from .caller import KEY

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    from .caller import Caller

    Certified = Callable[[str], ssl.SSLContext]
    """Return the context of a server with a certificate for a host, which clients trust."""

HOST = "api.knock.example"
"""A host that does not exist, so that only a proxy can lead to it."""
TOKEN = "token.canary.2718281828"
USERNAME, PASSWORD = "user-canary", "password-canary"
LOGIN = f"{USERNAME}:{PASSWORD}@"
AS_BASIC = "dXNlci1jYW5hcnk6cGFzc3dvcmQtY2FuYXJ5"
CANARY = "canary"
"""What proxies say, and a part of every secret."""


def fail_to_create(
    caller: Caller,
    caplog: pytest.LogCaptureFixture,
    problem: str = "",
    *,
    base_url: str = f"https://{HOST}",
    secrets: Sequence[str] = (CANARY, KEY, TOKEN, AS_BASIC),
    **options: Any,
) -> APIConnectionError:
    """Make a request that must not be sent twice, which fails before it is sent; return the error.

    The text matches `problem`; neither the error nor the log shows a secret or a byte of the proxy's.
    """
    client = caller.client(base_url, user_token=TOKEN, allow_http=True, **options)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(APIConnectionError, match=problem) as caught:
        caller(client.schedules.create, recipients=["u1"], workflow="flow")
    error = caught.value
    assert not error.sent
    own = error.__traceback__
    assert own is not None
    shown = traceback.TracebackException(type(error), error, own.tb_next, capture_locals=True)
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error)
    text = "\n".join(["".join(shown.format(chain=True)), repr(error), repr(vars(copy)), caplog.text])
    assert "outgoing = " in text  # the local variables are there
    assert not [secret for secret in secrets if re.search(re.escape(secret), text, re.IGNORECASE)]
    return error
