"""Dependencies: what is imported is declared, with the same bounds everywhere, and each extra is tried."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain

import pytest
from packaging.requirements import Requirement

from tests.packaging.project import EXTRAS, PROJECT, PYTHONS
from tests.packaging.smoke import USES
from tests.support.paths import ROOT

# Measured or run only where somebody has installed them.
OPTIONAL = ["aiohttp", "niquests", "pycurl", "pyreqwest", "pyspark", "ray", "schemathesis", "stripe"]
# Modules beside the program that imports them.
BESIDE = ["_quickstart_data", "_quickstart_report", "celery_import", "django_app", "knock_import", "smoke"]


def run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pyproject_is_valid() -> None:
    run("validate_pyproject", "pyproject.toml")


def test_what_the_package_imports_is_declared() -> None:
    run("deptry", ".")


def test_what_tests_generators_and_examples_import_is_declared() -> None:
    ours = ["knock_sdk", "codegen", "tests", *BESIDE]
    run(
        *("deptry", "tests", "codegen", "examples", "--exclude", "node_modules"),
        *("--ignore", "DEP002,DEP004", "--per-rule-ignores", f"DEP001={'|'.join(OPTIONAL)}"),
        *(argument for name in ours for argument in ("--known-first-party", name)),
    )


def test_each_extra_is_tried() -> None:
    assert {"base", *EXTRAS} <= set(USES)


@pytest.mark.parametrize("extra", EXTRAS)
def test_tests_have_what_an_extra_has(extra: str) -> None:
    developed = {Requirement(text).name: Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]}
    fixed = "datamodel-code-generator"
    for requirement in map(Requirement, EXTRAS[extra]):
        if requirement.marker is None and requirement.name != fixed:
            assert str(developed[requirement.name]) == str(requirement)


def test_each_dependency_has_a_lower_bound() -> None:
    for text in chain(PROJECT["dependencies"], *EXTRAS.values()):
        requirement = Requirement(text)
        bounds = [each.operator for each in requirement.specifier]
        assert ">=" in bounds or requirement.name == "tzdata", text  # whose newest version is always the right one


def test_the_supported_pythons_are_the_same_everywhere() -> None:
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"for version in {' '.join(PYTHONS)}; do" in ci
    policy = (ROOT / "docs" / "versioning.md").read_text(encoding="utf-8")
    assert f"at present {PYTHONS[0]} to {PYTHONS[-1]}" in policy
