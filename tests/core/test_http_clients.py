"""Checks of given HTTP clients."""

from __future__ import annotations

import httpx
import pytest

from knock_sdk._core.http_clients import check_client
from knock_sdk.errors import ConfigurationError


@pytest.mark.parametrize(("given", "kind"), [(httpx, "module"), (httpx.Client, "class"), (httpx.AsyncClient, "class")])
@pytest.mark.parametrize("wanted", ["Client", "AsyncClient"])
def test_what_has_a_method_stream_and_is_no_client_is_rejected(given: object, kind: str, wanted: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"not a {kind}; pass httpx\.{wanted}\(\)"):
        check_client(given, wanted)
