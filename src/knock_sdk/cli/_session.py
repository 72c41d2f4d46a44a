"""What the options before a command choose, and the client that is made from them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..errors import ConfigurationError

if TYPE_CHECKING:
    import typer

    from .._async.client import AsyncKnock
    from .._sync.client import Knock

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
        from .._sync.client import Knock

        return Knock(**self._settings())

    def async_client(self) -> AsyncKnock:
        """Create an asynchronous client, with the same settings."""
        from .._async.client import AsyncKnock

        return AsyncKnock(**self._settings())

    def _settings(self) -> dict[str, Any]:
        base_url = self.base_url or os.environ.get("KNOCK_BASE_URL") or None
        key = None
        if not os.environ.get("KNOCK_API_KEY"):
            if not _is_local(base_url):
                raise ConfigurationError(
                    "there is no key: set KNOCK_API_KEY to the secret key of your environment, or KNOCK_BASE_URL to a"
                    " Knock on this machine"
                )
            key = _LOCAL_KEY
        return {"api_key": key, "base_url": base_url, "branch": self.branch, "timeout": self.timeout}


def session_of(context: typer.Context) -> Session:
    """Return what the options before the command chose."""
    session = context.find_object(Session)
    assert session is not None, "the callback of the application has set it"  # noqa: S101
    return session


def client_of(context: typer.Context) -> Knock:
    """Create a client as the options before a command say."""
    return session_of(context).client()


def _is_local(url: str | None) -> bool:
    from ipaddress import ip_address

    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False  # the client says what is wrong with it
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
