"""Fixtures: the address of a simulator that is served on a port, and a client for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knock_sdk import Knock
from tests.simulator.support.pair import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.testing import Simulator


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with sim.serve() as address:
        yield address


@pytest.fixture
def client(url: str) -> Iterator[Knock]:
    with Knock(api_key=KEY, base_url=url, strict=True, max_retries=0) as made:
        yield made
