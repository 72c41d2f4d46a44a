"""The package where it is no folder of files: in a zip archive, and in what PyInstaller makes."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import zipfile
from pathlib import Path

from knock_sdk import _pyinstaller
from tests.support.paths import ROOT

PACKAGE = ROOT / "src" / "knock_sdk"
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import knock_sdk
from knock_sdk.testing import Simulator

assert knock_sdk.__file__.startswith(sys.argv[1])
simulator = Simulator()
simulator.workflow("welcome", templates={"in_app_feed": {"markdown_body": "Hi **{{ recipient.name }}**"}})
client = simulator.client()
client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana"}])
simulator.assert_sent(to="ana", contains="<strong>Ana</strong>")
with simulator.serve() as url, simulator.intercept():
    assert knock_sdk.Knock(base_url=url).users.get("ana").name == knock_sdk.Knock().users.get("ana").name == "Ana"
print("done")
"""


def data_files() -> set[Path]:
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    return {path for path in files if path.suffix != ".py" and path.name != "py.typed"}


def test_in_a_zip_archive(tmp_path: Path) -> None:
    archive = tmp_path / "knock.zip"
    with zipfile.ZipFile(archive, "w") as written:
        for path in PACKAGE.rglob("*"):
            if "__pycache__" not in path.parts:
                written.write(path, path.relative_to(PACKAGE.parent))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(archive)], capture_output=True, check=False, text=True, env=environment
    )
    assert done.stdout == "done\n", done.stderr


def test_pyinstaller_is_told_of_every_data_file() -> None:
    (folder,) = _pyinstaller.hook_dirs()
    told = runpy.run_path(str(Path(folder) / "hook-knock_sdk.py"))["datas"]
    assert {Path(source) for source, _ in told} == data_files()
    for source, target in told:
        assert Path(source) == ROOT / "src" / target / Path(source).name
    assert data_files()


def test_the_hook_is_registered() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.pyinstaller40]\nhook-dirs = "knock_sdk._pyinstaller:hook_dirs"\n' in project
