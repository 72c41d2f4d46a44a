"""Fixtures for pytest, which loads them wherever the client is installed.

```python
from knock_sdk import Knock
from knock_sdk.testing import Simulator


def test_welcome(knock: Knock, knock_simulator: Simulator) -> None:
    knock.workflows.trigger("welcome", recipients=[{"id": "jhammond"}])
    knock_simulator.assert_sent(to="jhammond", workflow="welcome")
```

The report of a test that fails shows what its simulators sent, also those of fixtures with other names and scopes.
pytest imports this module at every start; therefore the client and the simulator are imported only when a fixture is
used.
"""

from __future__ import annotations

import sys
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from pluggy import Result

    from knock_sdk import AsyncKnock, Knock
    from knock_sdk.testing import Simulator

# Not a stash: versions of pytest without it must be able to load this plugin too.
_used: WeakKeyDictionary[pytest.Item, Simulator] = WeakKeyDictionary()


@pytest.fixture
def knock_simulator(request: pytest.FixtureRequest) -> Simulator:
    """A simulated Knock environment, new for each test: declare workflows on it, and check what was sent.

    To prepare it for all tests of a folder, override it in `conftest.py` with a fixture of the same name, which takes
    `knock_simulator` and returns it. A fixture of the same name with a wider scope returns a `Simulator()` of its own.
    """
    from knock_sdk.testing import Simulator

    simulator = Simulator()
    _used[request.node] = simulator
    return simulator


@pytest.fixture
def knock(knock_simulator: Simulator) -> Generator[Knock, None, None]:
    """A client of the simulator."""
    with knock_simulator.client() as client:
        yield client


@pytest.fixture
def async_knock(request: pytest.FixtureRequest, knock_simulator: Simulator) -> AsyncKnock:
    """An asynchronous client of the simulator, for any plugin that runs asynchronous tests.

    Two such plugins are that of anyio, which is installed with knock-sdk, and pytest-asyncio. The client opens no
    connections, so it need not be closed before its event loop ends.
    """
    if _is_left_unrun(request.node):
        pytest.fail(
            "async_knock: no pytest plugin runs this asynchronous test; mark it with @pytest.mark.anyio, or install"
            " pytest-asyncio and mark it with @pytest.mark.asyncio",
            pytrace=False,
        )
    return knock_simulator.async_client()


@pytest.fixture
def intercepted_knock(knock_simulator: Simulator) -> Generator[Simulator, None, None]:
    """The simulator, which the clients that the application makes by itself reach while the test runs.

    See `Simulator.intercept` for which clients these are.
    """
    with knock_simulator.intercept():
        yield knock_simulator


def _is_left_unrun(item: pytest.Item) -> bool:
    """Return whether a test is asynchronous and no plugin is going to run it."""
    if type(item) is not pytest.Function or not iscoroutinefunction(getattr(item, "function", None)):
        return False  # pytest-asyncio has a class of its own for tests that it runs
    if "anyio_backend" in item.fixturenames or item.get_closest_marker("asyncio") is not None:
        return False
    # Any other plugin that calls tests may run this one.
    calls = item.ihook.pytest_pyfunc_call.get_hookimpls()
    return {call.function.__module__.partition(".")[0] for call in calls} <= {"_pytest", "anyio", "pytest_asyncio"}


@pytest.hookimpl(hookwrapper=True)  # not every pytest in use supports `wrapper=True`
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Result[pytest.TestReport], None]:
    """Add the simulator's summary to the report of a test that failed."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        report.sections += [("knock", simulator.summary()) for simulator in _simulators_of(item) if simulator.requests]


def _simulators_of(item: pytest.Item) -> list[Simulator]:
    """Return the simulators of a test: the values of its fixtures, and attributes of its class and instance."""
    module = sys.modules.get("knock_sdk.testing.simulator")
    if module is None:
        return []
    values: list[object] = [_used.get(item), *(getattr(item, "funcargs", None) or {}).values()]
    instance = getattr(item, "instance", None)
    for holder in () if instance is None else (instance, *type(instance).__mro__):
        values += getattr(holder, "__dict__", {}).values()
    kind: type[Simulator] = module.Simulator
    found = {id(value): value for value in values if isinstance(value, kind)}
    return list(found.values())
