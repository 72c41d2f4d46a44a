"""`docs/rate-limits.md`: its table says what the contract does."""

from __future__ import annotations

import re

from knock_sdk._core.rate_limits.tiers import PER_SECOND
from knock_sdk._core.requests import operations
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "rate-limits.md").read_text(encoding="utf-8")


def test_the_table_has_every_tier() -> None:
    rows = re.findall(r"^\| (\d) \| ([\d,]+) \|", PAGE, re.MULTILINE)
    assert {int(tier): int(rate.replace(",", "")) for tier, rate in rows} == dict(PER_SECOND)
    tiers = {name: each.tier for name, each in vars(operations).items() if name.isupper()}
    assert set(tiers.values()) == set(PER_SECOND)
