"""The client libraries that the rows are run against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "sk_test_canary_4f1c9a"


class Subject(NamedTuple):
    """A client library; both have the same methods, so that a row is written once.

    Attributes:
        name: name of the distribution.
        make: class of the synchronous client.
        make_async: class of the asynchronous client.
        error: base class of the errors.
        ours: whether this project is the library.
    """

    name: str
    make: Callable[..., Any]
    make_async: Callable[..., Any]
    error: type[Exception]
    ours: bool

    def client(self, url: str, **settings: Any) -> Any:
        """Return a synchronous client."""
        return self.make(**{"api_key": KEY, "base_url": url, **settings})

    def async_client(self, url: str, **settings: Any) -> Any:
        """Return an asynchronous client."""
        return self.make_async(**{"api_key": KEY, "base_url": url, **settings})


def ours() -> Subject:
    """Return knock-sdk."""
    from knock_sdk import AsyncKnock, Knock, KnockError

    return Subject("knock-sdk", Knock, AsyncKnock, KnockError, ours=True)


def ours_by_anyio() -> Subject:
    """Return knock-sdk as it is where no event loop can watch sockets, such as on Windows: waiting through anyio."""
    from knock_sdk._async.engines import connector

    connector.watched = lambda stream: stream
    return ours()._replace(name="knock-sdk-anyio")


def peer() -> Subject:
    """Return the vendor's client."""
    from knockapi import AsyncKnock, Knock, KnockError

    return Subject("knockapi", Knock, AsyncKnock, KnockError, ours=False)


SUBJECTS: dict[str, Callable[[], Subject]] = {
    "knock-sdk": ours,
    "knock-sdk-anyio": ours_by_anyio,
    "knockapi": peer,
}
