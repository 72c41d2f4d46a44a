"""Fixtures of the wire tests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from .caller import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("sync", "asyncio", "trio")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's proxies, certificates and Knock settings out."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("KNOCK_", "SSL_CERT_")):
            monkeypatch.delenv(name)


@pytest.fixture(params=KINDS)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Carries calls out on the sync client, and on the async one with asyncio and with trio."""
    with Caller(request.param) as made:
        yield made
