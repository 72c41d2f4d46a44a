"""Whole programs: what they become, that this is the end of it, and that they do the same as before."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from knock_sdk.migrate import migrate_source
from knock_sdk.testing import Simulator
from tests.support.paths import ROOT

from .samples import NEW, OLD, SAMPLES, Sample

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import ReceivedRequest

CHANNEL = "8209f26c-62a5-461d-95e2-a5716a26e652"
IDS = [sample.name for sample in SAMPLES]
# knockapi needs another package for its client of aiohttp.
NOT_RUN_BEFORE = {"an HTTP client that is not needed"}
WORKING = [sample for sample in SAMPLES if sample.works]


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_a_program_is_changed_and_what_is_left_is_listed(sample: Sample) -> None:
    migrated = migrate_source(sample.before, path="app.py")
    assert migrated.code == sample.after
    assert tuple(f"{finding.line} {finding.kind}" for finding in migrated.findings) == sample.findings
    assert migrated.changed == (sample.before != sample.after)
    ast.parse(migrated.code)


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_a_second_time_changes_nothing(sample: Sample) -> None:
    assert migrate_source(sample.after).code == sample.after


@pytest.mark.parametrize("sample", WORKING, ids=[sample.name for sample in WORKING])
def test_nothing_is_listed_the_second_time(sample: Sample) -> None:
    assert migrate_source(sample.after).findings == ()


def simulator() -> Simulator:
    sim = Simulator()
    sim.channel("push", type="push", channel_id=CHANNEL)
    sim.channel("feed", type="in_app_feed", channel_id="9e8d7c6b-5a4f-4e2d-8c0b-9a8b7c6d5e4f")
    sim.workflow("comment-created", channels=["in_app_feed"])
    sim.workflow("digest")
    client = sim.client()
    for user in ("ada", "bob", "cem", "dan", "x1", "x2", "7"):
        client.users.update(user, name=user)
        client.users.set_channel_data(user, CHANNEL, data={"tokens": ["t"]})
    for project in ("p1", "p2", "p3", "p9"):
        client.objects.set("projects", project, name=project)
    client.objects.set_channel_data("projects", "p1", CHANNEL, data={"tokens": ["t"]})
    client.tenants.set("acme", name="Acme")
    client.workflows.trigger("comment-created", recipients=["ada", "bob"], cancellation_key="c0")
    return sim


def described(request: ReceivedRequest) -> tuple[object, ...]:
    """Return what a request asks for, without what differs between equal ones."""
    target = urlsplit(request.target)
    body: Any = request.json if request.body else None
    return request.method, unquote(target.path), sorted(parse_qsl(target.query)), body or None


def run(code: str, name: str) -> list[tuple[object, ...]]:
    """Run a program with a simulator, and return what it asked for; every request must succeed, but that for nobody."""
    sim = simulator()
    start = len(sim.requests)
    with sim.intercept():
        exec(compile(code, name, "exec", dont_inherit=True), {"__name__": "__main__"})
    requests = sim.requests[start:]
    assert [each.target for each in requests if (each.status or 500) >= 400 and "nobody" not in each.target] == []
    return [described(request) for request in requests]


@pytest.mark.parametrize("sample", WORKING, ids=[sample.name for sample in WORKING])
def test_a_program_runs_afterwards(sample: Sample) -> None:
    asked = run(sample.after, sample.name)
    if sample in NEW and sample.name not in NOT_RUN_BEFORE:
        assert asked == run(sample.before, sample.name)


def test_the_programs_are_typed_afterwards(tmp_path: Path) -> None:
    for number, sample in enumerate(WORKING):
        (tmp_path / f"sample_{number}.py").write_text(sample.after, encoding="utf-8")
    cache = ROOT / ".mypy_cache" / "migrate"
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", f"--cache-dir={cache}", "."],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        text=True,
        timeout=300,
    )
    # The functions of programs for 0.5 have no annotations, and a page may have no information.
    ours = re.sub(r".*(\[(no-untyped-def|no-untyped-call)\]|\"PageInfo.*\[union-attr\])\n", "", checked.stdout)
    assert ours == ""


def test_the_samples_have_both_ages() -> None:
    assert len(OLD) > 20
    assert len(NEW) > 20
    assert {migrate_source(sample.before).age for sample in OLD} == {"0.5", None}
    assert {migrate_source(sample.before).age for sample in NEW} == {"1.x", None}
