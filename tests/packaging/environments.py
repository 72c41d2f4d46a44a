"""Virtual environments in which the slow checks install and use the package."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SMOKE = ROOT / "tests" / "packaging" / "smoke.py"
_WINDOWS = sys.platform == "win32"


class CheckError(Exception):
    """A check has found something."""


def run(*command: str | Path, folder: Path = ROOT, **variables: str) -> str:
    """Run a command that must succeed, and return its output."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**environment, "UV_PYTHON_DOWNLOADS": "never", **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise CheckError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def find_python(version: str) -> str | None:
    """Return the path of an interpreter such as `3.12`, also where pyenv has it; None if there is none."""
    try:
        return run(f"python{version}", "-c", "import sys; print(sys.executable)", PYENV_VERSION=version).strip()
    except (CheckError, OSError):
        return None


class VirtualEnvironment(NamedTuple):
    """A virtual environment."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, python: str = sys.executable) -> VirtualEnvironment:
        """Make an empty one."""
        run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", python, folder)
        return cls(folder)

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / ("Scripts/python.exe" if _WINDOWS else "bin/python")

    def install(self, *arguments: str | Path) -> None:
        """Install distributions, whose dependencies must agree."""
        uv = [sys.executable, "-m", "uv", "pip"]
        run(*uv, "install", "--quiet", "--python", self.python, *arguments)
        run(*uv, "check", "--quiet", "--python", self.python)

    def use(self, *extras: str) -> str:
        """Use the package and extras, away from the sources, and return what was said at the end."""
        return run(self.python, SMOKE, *extras, folder=self.folder).splitlines()[-1]
