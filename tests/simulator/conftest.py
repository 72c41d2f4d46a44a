"""Fixtures: a simulator and a strict client, sync and async; every response is validated against the contract."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pydantic_core import from_json

from knock_sdk.testing import HTTPResponse, Simulator, application, environment
from knock_sdk.testing.background.bulk_operations import check_name

from .support.conformance import violations
from .support.pair import settled_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.testing import HTTPRequest, ReceivedRequest
    from knock_sdk.testing.http.exchange import ConnectionDropped
    from knock_sdk.testing.http.faults import FaultPlan
    from knock_sdk.testing.state.world import World


EXCLUDES_FIELDS = re.compile(r"[?&]exclude=")
"""Feed requests whose responses leave out required fields."""


def handle_and_validate(
    world: World, request: HTTPRequest, plan: FaultPlan = application.NO_FAULTS
) -> tuple[HTTPResponse | ConnectionDropped, ReceivedRequest]:
    """Handle a request as the application does; fail if the response violates the contract."""
    response, received = application.handle(world, request, plan)
    if received.fault is None and isinstance(response, HTTPResponse) and not EXCLUDES_FIELDS.search(request.target):
        found = list(violations(received.operation, response))
        assert not found, f"{request.method} {request.target} → {response.status}: {found}"
        if response.body.startswith(b'{"__typename":"BulkOperation"'):
            check_name(from_json(response.body)["name"])  # the list that declared failures are checked with is complete
    return response, received


@pytest.fixture(scope="package", autouse=True)
def _validate_responses() -> Iterator[None]:
    """Validate every response of every simulator."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "handle", handle_and_validate)
        yield


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture(params=["sync", "async"])
def knock(request: pytest.FixtureRequest, sim: Simulator) -> Iterator[Any]:
    with settled_client(sim, request.param) as client:
        yield client
