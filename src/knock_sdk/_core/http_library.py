"""The library that speaks HTTP on a connection: httpcore, or its successor, whose names are the same."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

if TYPE_CHECKING:
    import httpcore


class Library(Protocol):
    """What the engine uses of it."""

    AsyncHTTPConnection: type[httpcore.AsyncHTTPConnection]
    HTTPConnection: type[httpcore.HTTPConnection]
    Origin: type[httpcore.Origin]
    Request: type[httpcore.Request]
    URL: type[httpcore.URL]
    LocalProtocolError: type[httpcore.LocalProtocolError]
    NetworkError: type[httpcore.NetworkError]
    ProtocolError: type[httpcore.ProtocolError]
    RemoteProtocolError: type[httpcore.RemoteProtocolError]
    TimeoutException: type[httpcore.TimeoutException]


def library(name: Literal["httpcore", "httpcore2"]) -> Library:
    """Return the library of this name."""
    return cast("Library", import_module(name))
