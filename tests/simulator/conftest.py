"""A simulator and a client of either kind for each test; every answer is held against the contract."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import HTTPResponse, Simulator, application, environment

from .support.conformance import problems
from .support.pair import settled_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.testing import HTTPRequest, ReceivedRequest
    from knock_sdk.testing.http.exchange import ConnectionDropped
    from knock_sdk.testing.http.faults import FaultPlan
    from knock_sdk.testing.state.world import World


ASKS_FOR_LESS = re.compile(r"[?&]exclude=")
"""Queries of a feed whose answers lack what they would have to have otherwise."""


def checked(
    world: World, request: HTTPRequest, plan: FaultPlan = application.NO_FAULTS
) -> tuple[HTTPResponse | ConnectionDropped, ReceivedRequest]:
    """Answer as the application does; an answer that the contract does not know is a failure."""
    response, received = application.handle(world, request, plan)
    if received.fault is None and isinstance(response, HTTPResponse) and not ASKS_FOR_LESS.search(request.target):
        found = list(problems(received.operation, response))
        assert not found, f"{request.method} {request.target} → {response.status}: {found}"
    return response, received


@pytest.fixture(scope="package", autouse=True)
def answers_conform() -> Iterator[None]:
    """Put the check between the simulator and its application."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "handle", checked)
        yield


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture(params=["sync", "async"])
def knock(request: pytest.FixtureRequest, sim: Simulator) -> Iterator[Any]:
    with settled_client(sim, request.param) as client:
        yield client
