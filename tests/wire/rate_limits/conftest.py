"""Fixtures of the tests of rate limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk._core.rate_limits.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_lines() -> Iterator[None]:
    """Begin without lines: a later server may have the port of an earlier one."""
    SYSTEM_CLOCK.lines.clear()
    yield
    SYSTEM_CLOCK.lines.clear()


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Fail where a call waits for its turn; the list collects how long it would have waited, in seconds."""
    waits: list[float] = []

    def note(seconds: float, _: object) -> Any:
        waits.append(seconds)
        raise RuntimeError("waits for its turn")

    monkeypatch.setattr("knock_sdk._sync._turns.sleep", note)
    monkeypatch.setattr("knock_sdk._async._turns.sleep", note)
    return waits
