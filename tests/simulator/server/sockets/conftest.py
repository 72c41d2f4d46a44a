"""Fixtures: a socket of a served simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .phoenix import Socket, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.testing import Simulator


@pytest.fixture
def socket(url: str) -> Iterator[Socket]:
    with opened(url) as made:
        yield made


@pytest.fixture
def topic(sim: Simulator) -> str:
    """The topic of a user's feed."""
    return f"feeds:{sim.channel('in_app_feed').id}:ana"
