"""Fixtures of all tests."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the machine's proxies, certificates and Knock settings from the environment."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("KNOCK_", "SSL_CERT_")):
            monkeypatch.delenv(name)
