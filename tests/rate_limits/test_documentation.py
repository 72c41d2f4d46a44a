"""`docs/rate-limits.md`: its samples run as they stand, and its table says what the contract does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from knock_sdk._core.rate_limits.tiers import PER_SECOND
from knock_sdk._core.requests import operations
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "rate-limits.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {"__name__": "rate_limits"}
    exec(compile(example, "rate-limits.md", "exec"), names)
    printed = capsys.readouterr().out
    for shown in re.findall(r"# (\{200\}|3\.04 s)$", example, re.MULTILINE):
        assert shown in printed
    if "Table" in names:
        table = names["Table"]()
        waits = [table.ask("scope", 1.0, longest, 0.0) for longest in (0.0, 0.5, 5.0)]
        assert waits[0].wait == 0
        assert waits[1] is None
        assert waits[2].wait == pytest.approx(1.0, abs=0.2)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6


def test_the_table_has_every_tier() -> None:
    rows = re.findall(r"^\| (\d) \| ([\d,]+) \|", PAGE, re.MULTILINE)
    assert {int(tier): int(rate.replace(",", "")) for tier, rate in rows} == dict(PER_SECOND)
    tiers = {name: each.tier for name, each in vars(operations).items() if name.isupper()}
    assert set(tiers.values()) == set(PER_SECOND)
