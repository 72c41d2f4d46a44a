"""The workflows of the quickstart, in a simulator that is served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


def declare_workflows(sim: Simulator) -> None:
    """Declare what the quickstart says must exist in an account."""
    text = (ROOT / "examples" / "data" / "workflows.json").read_text(encoding="utf-8")
    for row in json.loads(text):
        sim.workflow(**row)
