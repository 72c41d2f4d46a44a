"""Every sample passes mypy --strict, in one run."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

from .modules import modules
from .pages import write_workflows

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CACHE = ROOT / ".mypy_cache" / "samples"


def test_every_sample_passes_mypy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workflows(tmp_path, monkeypatch)  # a module that a page imports
    made = {module.name: module for module in modules()}
    for module in made.values():
        (tmp_path / f"{module.name}.py").write_text(module.text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--explicit-package-bases",
        "--no-error-summary",
        "--cache-dir",
        str(CACHE),
        ".",
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=280)
    said = re.sub(r"^(\w+)\.py", lambda name: made[name[1]].page, run.stdout, flags=re.MULTILINE)
    assert run.returncode == 0, said + run.stderr
    assert len(made) > 40
