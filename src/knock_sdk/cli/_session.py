"""What the options before a command choose, and the client that is made from them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .. import Knock
from ..errors import ConfigurationError

if TYPE_CHECKING:
    import typer

_LOCAL_KEY = "sk_test"
"""What a Knock on this machine gets where no key is set; it takes any."""


@dataclass(frozen=True)
class Session:
    """The options that come before the name of a command."""

    base_url: str | None
    branch: str | None
    timeout: float

    def client(self) -> Knock:
        """Create a client.

        Raises:
            ConfigurationError: There is no key, or a setting is malformed.
        """
        base_url = self.base_url or os.environ.get("KNOCK_BASE_URL") or None
        key = None
        if not os.environ.get("KNOCK_API_KEY"):
            if not _is_local(base_url):
                raise ConfigurationError(
                    "there is no key: set KNOCK_API_KEY to the secret key of your environment, or KNOCK_BASE_URL to a"
                    " Knock on this machine"
                )
            key = _LOCAL_KEY
        return Knock(api_key=key, base_url=base_url, branch=self.branch, timeout=self.timeout)


def client_of(context: typer.Context) -> Knock:
    """Create a client as the options before a command say."""
    session = context.find_object(Session)
    assert session is not None, "the callback of the application has set it"  # noqa: S101
    return session.client()


def _is_local(url: str | None) -> bool:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False  # the client says what is wrong with it
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
