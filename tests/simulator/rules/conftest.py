"""Fixtures of the tests of rules: a client for which three users are identified."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def knock(knock: Any) -> Any:
    for name in ("ana", "ben", "cleo"):
        knock.users.update(
            name, name=name.title(), email=f"{name}@x.example", phone_number="+15550100", properties={"plan": "pro"}
        )
    return knock
