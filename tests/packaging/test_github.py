"""What GitHub reads: workflows that run pinned actions with few rights, forms, and updates of dependencies."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from typing import Any

import pytest
import yaml

from tests.packaging.project import EXTRAS, PYTHONS
from tests.support.paths import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = [path for path in sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"]

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def load(name: str) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((GITHUB / "workflows" / name).read_text(encoding="utf-8"))
    return loaded


def test_zizmor_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=sysconfig.get_path("scripts")) or "zizmor"
    command = [zizmor, "--offline", "--persona", "auditor", "--no-progress", str(GITHUB)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("github-workflows", WORKFLOWS),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
        ("dependabot", [GITHUB / "dependabot.yml"]),
    ],
    ids=["workflows", "forms", "config", "dependabot"],
)
def test_files_have_the_form_that_github_documents(schema: str, paths: list[Any]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@each_workflow
def test_actions_are_pinned_by_a_commit_whose_version_is_said(path: Any) -> None:
    used = re.findall(r"uses: *(.+)", path.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_an_action_has_the_same_version_everywhere() -> None:
    used = {line for path in WORKFLOWS for line in re.findall(r"uses: *(.+)", path.read_text(encoding="utf-8"))}
    assert len(used) == len({line.partition("@")[0] for line in used})


@each_workflow
def test_each_job_has_its_own_rights_and_ends(path: Any) -> None:
    workflow = load(path.name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert job["timeout-minutes"] <= 40


def test_tests_run_on_each_python_and_smoke_tests_use_each_extra() -> None:
    workflow = load("ci.yml")
    jobs = workflow["jobs"]
    assert jobs["tests"]["strategy"]["matrix"]["python"] == PYTHONS
    assert jobs["smoke"]["strategy"]["matrix"]["python"] == [PYTHONS[0], PYTHONS[-1]]
    assert set(workflow["env"]["EXTRAS"].split(",")) == set(EXTRAS)


def test_a_release_is_built_once_and_published_without_a_password() -> None:
    text = (GITHUB / "workflows" / "release.yml").read_text(encoding="utf-8")
    jobs = load("release.yml")["jobs"]
    assert [job.get("needs") for job in jobs.values()] == [None, "build", "test", "attest", "publish"]
    assert text.count("hatchling build") == 1
    assert "secrets." not in text
    rights = {name: set(job["permissions"]) for name, job in jobs.items()}
    assert rights["publish"] == {"id-token"}
    assert rights["attest"] == {"id-token", "attestations"}
    assert jobs["announce"]["permissions"] == {"contents": "write"}
