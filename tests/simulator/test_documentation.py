"""`docs/simulator.md`: its tables are complete."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from knock_sdk.testing import __main__ as command
from knock_sdk.testing.declarations.faults import FaultControls
from knock_sdk.testing.server import control
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")


def test_every_endpoint_has_a_line() -> None:
    documented = re.findall(r"^\| `(GET|POST) /_simulator(/\w*)` \|", PAGE, re.MULTILINE)
    assert set(documented) == {(endpoint.verb, endpoint.path) for endpoint in control.ENDPOINTS}
    assert len(documented) == len(set(documented))


def test_every_option_has_a_line(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    section = PAGE.split("## On a port")[1].split("### ")[0]
    assert set(re.findall(r"--[a-z][a-z-]+", section)) == options


def test_every_fault_has_a_line() -> None:
    section = PAGE.split("### Faults")[1].split("### ")[0]
    faults = {name for name, _ in inspect.getmembers(FaultControls, inspect.isfunction) if name in vars(FaultControls)}
    assert {name for name in faults if not name.startswith("_")} <= set(re.findall(r"`sim\.(\w+)\(", section))
