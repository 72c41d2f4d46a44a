"""The environment of processes that tests start."""

from __future__ import annotations

import os

from .paths import ROOT


def plain_environment() -> dict[str, str]:
    """Return the environment without the proxies and the settings of Knock and Python."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KNOCK_", "PYTHON")) and not name.lower().endswith("_proxy")
    }
    return {**inherited, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
