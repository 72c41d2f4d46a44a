"""What every test here needs."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a branch or base URL of the developer's own out of the requests."""
    for name in os.environ:
        if name.startswith("KNOCK_"):
            monkeypatch.delenv(name)
