"""The tests beside the applications: each runs in a copy of its folder, as if it were a project of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .programs import FOLDER, copy, run

if TYPE_CHECKING:
    from pathlib import Path

# Starlette wants httpx2, which Python 3.10 does not have.
PYTEST = ["-W", "ignore:Using `httpx`", "-m", "pytest", "-p", "knock_sdk.testing.pytest_plugin", "-p", "anyio"]
TESTS = {"fastapi_app": 11, "flask_app": 8, "celery_app": 6, "preferences_page": 10}
"""Number of tests of each application."""


@pytest.mark.parametrize("name", TESTS)
def test_the_tests_of_an_application_pass(name: str, tmp_path: Path) -> None:
    copy(name, tmp_path)
    done = run(*PYTEST, name, folder=tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f" {TESTS[name]} passed in " in done.stdout


def test_the_tests_of_the_django_project_pass(tmp_path: Path) -> None:
    done = run("manage.py", "test", folder=copy("django_app", tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^Ran 11 tests in .*\n\nOK$", done.stderr, re.MULTILINE)


def test_the_django_project_has_all_migrations(tmp_path: Path) -> None:
    done = run("manage.py", "makemigrations", "--check", "--dry-run", folder=copy("django_app", tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_application_with_tests_is_listed() -> None:
    assert {path.parent.name for path in FOLDER.glob("*/test_*.py")} == TESTS.keys()
