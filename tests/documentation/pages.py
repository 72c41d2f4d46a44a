"""What single pages need before they run, and what is to be seen afterwards."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timezone
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from knock_sdk.testing import Simulator
from knock_sdk.workflows import __main__ as workflows_command
from tests.support.samples import read
from tests.support.signing_keys import PUBLIC, claims_of
from tests.workflows.schemas import write_all

from .applications import check_errors, check_production
from .world import furnish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.support.samples import Program

    from .stage import Stage

FURNISHED = ("docs/domains/", "docs/reference/")
"""Pages whose samples find what `world.furnish` makes."""
SERVED = "http://127.0.0.1:8400"


def prepare_local_knock(program: Program, stage: Stage) -> None:
    stage.replaced[SERVED] = stage.exits.enter_context(stage.sim.serve())


def prepare_user_tokens(program: Program, stage: Stage) -> None:
    (stage.folder / "public.pem").write_text(PUBLIC, encoding="ascii")
    stage.sim = Simulator(signing_key=PUBLIC, now=datetime.now(timezone.utc))
    if SERVED in program.samples[-1].code:
        stage.replaced[SERVED] = stage.exits.enter_context(stage.sim.serve())


def write_workflows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the module that `docs/workflows.md` imports, with the command that stands there."""
    schema = {
        "type": "object",
        "required": ["title"],
        "properties": {"title": {"type": "string"}, "pageCount": {"type": "integer"}},
    }
    write_all(folder / "knock", {"report-ready": schema})
    (folder / "app").mkdir()
    (arguments,) = re.findall(r"```sh\npython -m knock_sdk.workflows (.*?)\n```", read("docs/workflows.md"))
    monkeypatch.chdir(folder)
    assert workflows_command.main(arguments.split()) == 0


def prepare_workflows(program: Program, stage: Stage) -> None:
    write_workflows(stage.folder, stage.monkeypatch)
    app = ModuleType("app")
    app.__path__ = [str(stage.folder / "app")]  # type: ignore[attr-defined]
    stage.monkeypatch.setitem(sys.modules, "app", app)
    stage.exits.callback(sys.modules.pop, "app.knock_workflows", None)


def check_readme(program: Program, stage: Stage) -> None:
    assert "team\n" in stage.printed  # the plan of a recipient that a trigger has stored
    assert "jhammond {'comment': 'Spared no expense.'}" in stage.printed
    assert "404 resource_missing The user 'nobody' does not exist" in stage.printed
    assert stage.printed.endswith("2500 []\n")  # the import
    assert stage.names["receive"](b"{}", {}) == 400


def check_bulk(program: Program, stage: Stage) -> None:
    table = read(program.page).split("```\nusers.bulk.identify_many\n")[1].split("```")[0]
    described = [re.split(r"  +", line.strip())[0] for line in table.splitlines()]
    shown = [re.split(r"  +", line.strip())[0] for line in stage.printed.splitlines()[1:7]]
    assert described == shown
    assert "2 of 2, 0 failed" in stage.printed
    assert len((stage.folder / "failures.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def check_export(program: Program, stage: Stage) -> None:
    assert "users.jsonl: 1 item, " in stage.printed
    assert "1 users, " in stage.printed
    assert "John Hammond\n" in stage.printed
    assert "timestamp[us, tz=UTC]" in stage.printed
    assert "'properties': '{\"plan\":\"pro\"}'" in stage.printed
    assert sorted(path.name for path in stage.folder.iterdir()) == [
        *("bounced.csv", "nightly.jsonl", "projects.jsonl", "users.csv", "users.jsonl", "users.parquet"),
    ]


def check_local_knock(program: Program, stage: Stage) -> None:
    messages = list(stage.names["client"].messages.list())
    stage.names["client"].close()
    assert [message.recipient for message in messages] == ["ana"]


def check_rate_limits(program: Program, stage: Stage) -> None:
    for shown in re.findall(r"# (\{200\}|3\.04 s)$", program.samples[-1].code, re.MULTILINE):
        assert shown in stage.printed
    if "Table" in stage.names:
        table = stage.names["Table"]()
        waits = [table.ask("scope", 1.0, longest, 0.0) for longest in (0.0, 0.5, 5.0)]
        assert waits[0].wait == 0
        assert waits[1] is None
        assert waits[2].wait == pytest.approx(1.0, abs=0.2)


def check_user_tokens(program: Program, stage: Stage) -> None:
    assert [request.status for request in stage.sim.requests] == ([200, 200] if stage.replaced else [])
    if "token" in stage.names:
        assert claims_of(stage.names["token"])["sub"] == "jhammond"


def check_workflows(program: Program, stage: Stage) -> None:
    assert "data.comment: must have at most 200 characters" in stage.printed
    triggered = stage.names["sim"].triggers
    assert triggered[-1].data == {"title": "Raptors", "pageCount": 3}
    assert triggered[1].request.json["recipients"][1]["$trigger_data"] == {"comment": "Life finds a way."}


def prepare(program: Program, stage: Stage) -> None:
    """Do what a program's page needs before it runs."""
    if program.page.startswith(FURNISHED):
        furnish(stage.sim)
        stage.earlier = len(stage.sim.requests)
    if (preparation := PREPARATIONS.get(program.page)) is not None:
        preparation(program, stage)


PREPARATIONS: Mapping[str, Callable[[Program, Stage], None]] = {
    "docs/local-knock.md": prepare_local_knock,
    "docs/user-tokens.md": prepare_user_tokens,
    "docs/workflows.md": prepare_workflows,
}
"""What is done before a program of a page runs."""

CHECKS: Mapping[str, Callable[[Program, Stage], None]] = {
    "README.md": check_readme,
    "docs/bulk.md": check_bulk,
    "docs/errors.md": check_errors,
    "docs/export.md": check_export,
    "docs/local-knock.md": check_local_knock,
    "docs/production.md": check_production,
    "docs/rate-limits.md": check_rate_limits,
    "docs/user-tokens.md": check_user_tokens,
    "docs/workflows.md": check_workflows,
}
"""What is looked at when a program of a page has run."""
