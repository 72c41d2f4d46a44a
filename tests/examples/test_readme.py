"""The table of the examples: it lists all of them, and its links lead somewhere."""

from __future__ import annotations

import re

from .programs import FOLDER

PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
LINKS = set(re.findall(r"\]\(([\w./]+)\)", PAGE))


def test_every_example_is_listed() -> None:
    there = {path.name for path in FOLDER.iterdir() if not path.name.startswith(("_", "."))}
    assert {link.partition("/")[0] for link in LINKS} - {".."} == there - {"README.md", "data"}


def test_links_lead_somewhere() -> None:
    for link in LINKS:
        assert (FOLDER / link).exists(), link


def test_every_program_says_how_to_run_it() -> None:
    programs = [path for path in FOLDER.glob("*.py") if not path.name.startswith("_")]
    applications = [FOLDER / link / "__init__.py" for link in LINKS if (FOLDER / link / "__init__.py").exists()]
    for path in [*programs, *applications, FOLDER / "django_app" / "manage.py"]:
        docstring = path.read_text(encoding="utf-8").split('"""')[1]
        assert "KNOCK_API_KEY" in docstring or "quickstart.py explains" in docstring, path
        assert re.search(r"python |uvicorn |gunicorn |celery |flask ", docstring), path
