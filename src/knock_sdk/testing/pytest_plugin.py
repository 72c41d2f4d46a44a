"""Fixtures for pytest, which finds them by itself where the client is installed.

::

    def test_welcome(knock, knock_simulator):
        register(knock, "jhammond")
        knock_simulator.assert_sent(to="jhammond", workflow="welcome")

A test that fails after it has used the simulator shows what was sent. pytest imports this module whenever it starts, so
that nothing is loaded before a fixture is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from pluggy import Result

    from knock_sdk import AsyncKnock, Knock
    from knock_sdk.testing import Simulator

_USED = pytest.StashKey["Simulator"]()


@pytest.fixture
def knock_simulator(request: pytest.FixtureRequest) -> Simulator:
    """A Knock environment in memory, empty for each test; declare workflows on it, and ask it what was sent.

    A fixture of the same name can prepare it for all tests of a folder: it takes `knock_simulator` and returns it.
    """
    from knock_sdk.testing import Simulator

    simulator = Simulator()
    request.node.stash[_USED] = simulator
    return simulator


@pytest.fixture
def knock(knock_simulator: Simulator) -> Generator[Knock, None, None]:
    """A client of the simulator."""
    with knock_simulator.client() as client:
        yield client


@pytest.fixture
def async_knock(knock_simulator: Simulator) -> AsyncKnock:
    """An asynchronous client of the simulator, for any plugin that runs asynchronous tests.

    It holds no connections, so that nothing is left when its event loop ends.
    """
    return knock_simulator.async_client()


@pytest.hookimpl(hookwrapper=True)  # the newer way is not known to every version of pytest that is in use
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Result[pytest.TestReport], None]:
    """Add what was sent to the report of a test that failed."""
    outcome = yield
    report = outcome.get_result()
    simulator = item.stash.get(_USED, None)
    if report.failed and simulator is not None and simulator.requests:
        report.sections.append(("knock", simulator.summary()))
