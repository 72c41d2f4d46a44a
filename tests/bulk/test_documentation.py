"""`docs/bulk.md`: its tables are complete."""

from __future__ import annotations

import inspect
import re
from typing import Any

from knock_sdk import Knock
from knock_sdk._core.rate_limits.tiers import PER_SECOND
from knock_sdk._core.requests import operations
from knock_sdk.bulk import BulkReport
from knock_sdk.testing import Simulator
from tests.support.methods import methods_of
from tests.support.paths import ROOT

from .methods import METHODS

PAGE = (ROOT / "docs" / "bulk.md").read_text(encoding="utf-8")


def test_every_method_has_a_line_with_its_limits() -> None:
    section = PAGE.split("## Methods")[1].split("They take the arguments")[0]
    rows = [row.split("|")[1:5] for row in section.splitlines() if row.startswith("| `")]
    documented: dict[str, tuple[str, str, str]] = {}
    for names, items, rate, repeated in rows:
        group = ""
        for name in re.findall(r"`([\w.]+)`", names):
            group = name.rpartition(".")[0] or group
            documented[name if not name.startswith(".") else group + name] = (
                items.strip(),
                rate.strip(),
                repeated.strip(),
            )
    sim = Simulator()
    by_name: dict[str, Any] = {each.name: each for each in vars(operations).values() if hasattr(each, "repeat")}
    repeats = {"never": "never", "keyed": "with an idempotency key"}
    others = {f"messages.batch.{name}_many" for name in ("unarchive", "mark_as_unread", "mark_as_seen")}
    others |= {f"messages.batch.mark_as_{name}_many" for name in ("unseen", "interacted")}
    for method in METHODS:
        if method.many in others:
            continue
        method.prepare(sim)
        method.call_limited(sim.client(), [method.item(0)])
        operation = by_name[str(sim.requests[-1].operation)]
        expected = (f"{method.limit:,}", f"{PER_SECOND[operation.tier]:,}", repeats.get(operation.repeat, "yes"))
        assert documented.pop(method.many) == expected, method.many
    assert documented.keys() == {"workflows.trigger_each"}


def test_every_attribute_of_a_report_has_a_line() -> None:
    section = PAGE.split("## The report")[1].split("\n## ")[0]
    documented = set(re.findall(r"`([a-z_]+)`", section))
    attributes = set(BulkReport.__annotations__) | {
        name for name, _ in inspect.getmembers(BulkReport) if not name.startswith("_")
    }
    assert attributes - {"job", "raise_for_failures", "to_dict"} <= documented
    assert "`to_dict()`" in section
    assert "raise_for_failures()" in section


def test_every_own_keyword_has_a_line() -> None:
    section = PAGE.split("They take the arguments")[1].split("\n\nA request has")[0]
    keywords = set(re.findall(r"`([a-z_]+)`", section.split("|---|---|")[1]))
    client = Knock(api_key="sk_test_1")
    many = set(inspect.signature(client.users.bulk.identify_many).parameters) - {"users", "options"}
    assert keywords == many | {"timeout", "extra_headers", "extra_query", "extra_body"}
    assert sum(name.endswith("_many") for name in methods_of(client)) == len(METHODS)
