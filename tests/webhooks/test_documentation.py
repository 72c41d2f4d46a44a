"""`docs/webhooks.md`: its tables name every event and error."""

from __future__ import annotations

import re

from codegen.contract.document import load
from knock_sdk import webhooks
from tests.support.paths import CONTRACT_FILE, ROOT

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_every_event_is_listed() -> None:
    table = PAGE.split("| types |")[1].split("\n\n")[0]
    listed = set()
    for row in table.splitlines():
        entity = ""
        for name in re.findall(r"`([\w.]+)`", row.split("|")[1] if row.startswith("|") else ""):
            entity = name.rpartition(".")[0] or entity
            listed.add(f"{entity}.{name.rpartition('.')[2]}")
    assert listed == set(load(CONTRACT_FILE).webhooks)


def test_every_error_is_listed() -> None:
    table = PAGE.split("## Errors")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    errors = {name for name in webhooks.__all__ if name.endswith("Error") and not name.startswith("Workflow")}
    assert documented == errors - {"WebhookError"}
