"""`docs/workflows.md`: its examples run as they stand, and its tables are complete."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import Knock
from knock_sdk.workflows import Workflow
from knock_sdk.workflows import __main__ as command
from tests.support.paths import ROOT

from .schemas import write_all

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
COMMAND = re.findall(r"```sh\npython -m knock_sdk.workflows (.*?)\n```", PAGE)
SCHEMA = {
    "type": "object",
    "required": ["title"],
    "properties": {"title": {"type": "string"}, "pageCount": {"type": "integer"}},
}


def test_examples_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    write_all(tmp_path / "knock", {"report-ready": SCHEMA})
    (tmp_path / "app").mkdir()
    (arguments,) = COMMAND
    assert command.main(arguments.split()) == 0
    app = ModuleType("app")
    app.__path__ = [str(tmp_path / "app")]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "app", app)
    names: dict[str, Any] = {"__name__": "workflows_page"}
    monkeypatch.setitem(sys.modules, "workflows_page", ModuleType("workflows_page"))
    assert len(EXAMPLES) == 3
    for example in EXAMPLES:
        # Their annotations are evaluated where they stand, as without this module's own future import.
        exec(compile(example, "workflows.md", "exec", dont_inherit=True), names)
    monkeypatch.delitem(sys.modules, "app.knock_workflows")
    assert "data.comment: must have at most 200 characters" in capsys.readouterr().out
    triggered = names["sim"].triggers
    assert triggered[-1].data == {"title": "Raptors", "pageCount": 3}
    assert triggered[1].request.json["recipients"][1]["$trigger_data"] == {"comment": "Life finds a way."}


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
