"""Tests of steps whose fields have a wrong type: they are refused when the workflow is declared."""

from __future__ import annotations

from typing import Any

import pytest

from knock_sdk.testing import Fetch, Send, Simulator, UpdateAudience, UpdateData, UpdateUser

WRONG: Any = [1]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (UpdateData(WRONG), "data"),
        (UpdateUser(WRONG), "properties"),
        (UpdateAudience(WRONG), "audience"),
        (UpdateUser("{}", WRONG), "user"),
        (Fetch(WRONG), "url"),
        (Fetch("https://a.example", headers=WRONG), "headers"),
        (Fetch("https://a.example", query=WRONG), "query"),
        (Fetch("https://a.example", "post", body=WRONG), "body"),
        (Send("push", overrides=WRONG), "overrides"),
    ],
)
def test_a_wrong_type_is_refused(step: Any, field: str) -> None:
    sim = Simulator()
    sim.audience("pro")
    with pytest.raises(TypeError, match=rf"{field}: takes .*, not list"):
        sim.workflow("w", steps=[step])
