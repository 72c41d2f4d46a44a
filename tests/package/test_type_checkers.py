"""Type checkers on `tests/typing` and on examples: what they must accept, and each line that they must refuse.

Lines to refuse are marked with a comment, `# refused`. `# refused except by ty` and `# accepted except by mypy, ty` are
for lines that a checker judges wrongly; a comment above shows with how little code it does.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = ROOT / "tests" / "typing"
CHECKERS: dict[str, list[str]] = {
    "mypy": [
        "-m",
        "mypy",
        "--strict",
        "--explicit-package-bases",
        "--no-error-summary",
        "--cache-dir",
        str(ROOT / ".mypy_cache" / "typing"),
        ".",
    ],
    "pyright": ["-m", "pyright", "--pythonpath", sys.executable],
    "pyrefly": [
        "-m",
        "pyrefly",
        "check",
        "--preset=strict",
        "--output-format=min-text",
        f"--python-interpreter-path={sys.executable}",
        ".",
    ],
    "ty": ["-m", "ty", "check", f"--python={sys.prefix}", "--output-format=concise", "."],
}
DOCUMENTED = ["observability"]
"""Pages of the documentation whose examples are samples too."""
MARK = re.compile(r"# (?P<verdict>refused|accepted)(?: except by (?P<others>[\w, ]+))?$")
ERROR = re.compile(r"(?P<file>[\w/.-]+\.py):(?P<line>\d+)\b.*", re.IGNORECASE)


class Statement(NamedTuple):
    """A statement of a sample, and whether a checker must refuse it."""

    file: str
    first: int
    last: int
    refused_by: frozenset[str]


def statements() -> list[Statement]:
    """Return the statements of the samples that are marked."""
    found = []
    for path in sorted(SAMPLES.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
        for number, line in enumerate(source.splitlines(), start=1):
            if (mark := MARK.search(line)) is None:
                continue
            others = frozenset((mark["others"] or "").split(", ")) & CHECKERS.keys()
            by = CHECKERS.keys() - others if mark["verdict"] == "refused" else others
            around = [node for node in nodes if node.lineno <= number <= (node.end_lineno or 0)]
            node = min(around, key=lambda node: (node.end_lineno or 0) - node.lineno)
            found.append(Statement(str(path.relative_to(SAMPLES)), node.lineno, node.end_lineno or 0, frozenset(by)))
    return found


STATEMENTS = statements()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the samples to where no settings of this project apply."""
    copied = tmp_path_factory.mktemp("samples") / "typing_samples"
    shutil.copytree(SAMPLES, copied, ignore=shutil.ignore_patterns("__pycache__"))
    for page in DOCUMENTED:
        examples = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / f"{page}.md").read_text("utf-8"), re.DOTALL)
        (copied / f"documented_{page}.py").write_text("\n".join(examples), encoding="utf-8")
    settings = {"strict": ["."], "pythonVersion": "3.10", "reportUnusedExpression": False}
    (copied / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    return copied


def check(checker: str, folder: Path) -> dict[tuple[str, int], str]:
    """Return what a checker reports, by file and line."""
    run = subprocess.run(
        [sys.executable, *CHECKERS[checker]], cwd=folder, capture_output=True, text=True, check=False, timeout=280
    )
    assert run.returncode == 1, run.stdout + run.stderr  # it found errors, and did not fail
    reported: dict[tuple[str, int], str] = {}
    for line in run.stdout.splitlines():
        if re.search(r"\berror\b", line, re.IGNORECASE) and (found := ERROR.search(line)):
            file = found["file"].removeprefix(f"{folder}/").removeprefix("./")
            reported.setdefault((file, int(found["line"])), line.strip())
    return reported


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_checker_refuses_the_marked_lines_and_no_other(checker: str, folder: Path) -> None:
    reported = check(checker, folder)
    accepted = [
        f"{each.file}:{each.first}"
        for each in STATEMENTS
        if checker in each.refused_by
        and not any((each.file, line) in reported for line in range(each.first, each.last + 1))
    ]
    expected = {
        (each.file, line)
        for each in STATEMENTS
        if checker in each.refused_by
        for line in range(each.first, each.last + 1)
    }
    assert accepted == [], "accepts what it must refuse"
    assert [text for place, text in reported.items() if place not in expected] == []


def test_editors_show_short_names(tmp_path: Path) -> None:
    """Pyright shows types in editors as it prints them here."""
    (tmp_path / "sample.py").write_text(
        "from knock_sdk import Knock\n"
        "def show(client: Knock) -> None:\n"
        "    reveal_type(client.objects.set)\n"
        "    reveal_type(client.messages.list)\n",
        encoding="utf-8",
    )
    command = [sys.executable, *CHECKERS["pyright"], "sample.py"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=280)
    assert "locale: str | NotGiven | None = NOT_GIVEN" in run.stdout
    assert "inserted_at: TimeRange | None = None" in run.stdout
    assert "Literal[NotGiven" not in run.stdout


def test_the_marks_are_found() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SAMPLES.rglob("*.py"))
    assert len(STATEMENTS) == len(re.findall(r"# (?:refused|accepted)\b", text)) > 50
    assert {name for each in STATEMENTS for name in each.refused_by} == set(CHECKERS)
