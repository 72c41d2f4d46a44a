"""Given HTTP clients: whether they can be used, and whether they tell what they do."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import httpx
import pytest
import respx

from knock_sdk._core.http_libraries.http_clients import check_client, tells_all
from knock_sdk.errors import ConfigurationError


@pytest.mark.parametrize(("given", "kind"), [(httpx, "module"), (httpx.Client, "class"), (httpx.AsyncClient, "class")])
@pytest.mark.parametrize("wanted", ["Client", "AsyncClient"])
def test_what_has_a_method_stream_and_is_no_client_is_rejected(given: object, kind: str, wanted: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"not a {kind}; pass httpx\.{wanted}\(\)"):
        check_client(given, wanted)


LIBRARIES: list[Any] = [httpx]
if sys.version_info >= (3, 11):  # which httpx2 needs
    LIBRARIES.append(importlib.import_module("httpx2"))
MADE = [(library, name) for library in LIBRARIES for name in ("Client", "AsyncClient")]


class TestTelling:
    """Whether a client tells every step: if so, silence means that nothing was sent."""

    @pytest.mark.parametrize(("library", "name"), MADE)
    @pytest.mark.parametrize("options", [{}, {"proxy": "http://127.0.0.1:1"}, {"verify": False}])
    def test_clients_over_their_own_transports_do(self, library: Any, name: str, options: dict[str, Any]) -> None:
        assert tells_all(getattr(library, name)(**options))

    @pytest.mark.parametrize(("library", "name"), MADE)
    def test_others_may_not(self, library: Any, name: str) -> None:
        make = getattr(library, name)
        mock = library.MockTransport(lambda _: None)
        patched, subclass = make(), type("Own", (make,), {"stream": lambda *_: None})
        patched._transport.handle_request = patched._transport.handle_async_request = None
        for client in (make(transport=mock), make(mounts={"https://": mock}), patched, subclass(), object()):
            assert not tells_all(client)

    def test_none_does_while_it_is_mocked(self) -> None:
        client = httpx.Client()
        with respx.mock:
            assert not tells_all(client)
        assert tells_all(client)
