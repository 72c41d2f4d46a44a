"""The connection library: httpcore, or its successor httpcore2, which has the same names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

if TYPE_CHECKING:
    import httpcore


class Library(Protocol):
    """The names of the library that the engine uses."""

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


def load_library(name: Literal["httpcore", "httpcore2"]) -> Library:
    """Import a connection library by its name."""
    return cast("Library", import_module(name))
