"""Fixtures of all tests, and how hypothesis draws examples."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

for name, derandomize in (("same", True), ("random", False)):
    # Neither a deadline nor a check of how fast examples are drawn: a busy machine is no failure.
    settings.register_profile(
        name,
        derandomize=derandomize,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("same")  # the same examples in each run; `--hypothesis-profile=random` takes others


def pytest_configure() -> None:
    """Have Ctrl-C reach the programs that tests start, also where a shell runs the tests in the background.

    Such a shell has them ignore SIGINT, and what they start inherits that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the machine's proxies, certificates and Knock settings from the environment."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("KNOCK_", "SSL_CERT_")):
            monkeypatch.delenv(name)
