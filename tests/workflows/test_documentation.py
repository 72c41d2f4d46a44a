"""`docs/workflows.md`: its tables are complete."""

from __future__ import annotations

import re
from typing import Any

import pytest

from knock_sdk import Knock
from knock_sdk.workflows import Workflow
from knock_sdk.workflows import __main__ as command
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")


def test_every_option_has_a_line(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    section = PAGE.split("## From the schemas at Knock")[1]
    assert set(re.findall(r"--[a-z][a-z-]+", section)) == options


def test_every_method_that_takes_a_workflow_is_named() -> None:
    import typing

    client = Knock(api_key="sk_test_1")
    groups = [name for name in dir(Knock) if not name.startswith("_") and hasattr(getattr(Knock, name), "attrname")]
    taking = {
        f"{group}.{name}"
        for group in groups
        for name in dir(getattr(client, group))
        if not name.startswith("_") and callable(method := getattr(getattr(client, group), name))
        if any(
            typing.get_origin(part) is Workflow
            for hint in typing.get_type_hints(method).values()
            for part in typing.get_args(hint)
        )
    }
    section = PAGE.split("## Types of data")[1].split("\n## ")[0]
    named = set(re.findall(r"`(\w+\.\w+)`", section)) - {"schedules.update", "typing_extensions"}
    assert taking | {"workflows.trigger_each"} == named  # which takes it within its items
