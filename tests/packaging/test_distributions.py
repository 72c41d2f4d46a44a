"""The wheel and the source distribution: what they contain, and what tools that judge them find."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_string
from typing import TYPE_CHECKING, NamedTuple

import pytest

from knock_sdk import __version__
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

SOURCE = ROOT / "src"
CODE = re.compile(r"```.*?```", re.DOTALL)
LINK = re.compile(r"""(?:\]\(|(?:href|src|srcset)=")([^)"\s]+)""")


class Distributions(NamedTuple):
    """What was built."""

    wheel: Path
    source: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Build both as a release does, without the network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    wheel, source = folder / f"knock_sdk-{__version__}-py3-none-any.whl", folder / f"knock_sdk-{__version__}.tar.gz"
    assert sorted(folder.iterdir()) == sorted([wheel, source])
    return Distributions(wheel, source)


@pytest.fixture(scope="module")
def metadata(built: Distributions) -> Message:
    with zipfile.ZipFile(built.wheel) as wheel:
        return message_from_string(wheel.read(f"knock_sdk-{__version__}.dist-info/METADATA").decode("utf-8"))


@pytest.mark.parametrize(
    "command",
    [["twine", "check", "--strict"], ["check_wheel_contents"], ["pyroma", "--min", "10"]],
    ids=["twine", "check-wheel-contents", "pyroma"],
)
def test_a_tool_finds_nothing(built: Distributions, command: list[str]) -> None:
    files = [built.source] if "pyroma" in command else [built.wheel] if "check_wheel_contents" in command else [*built]
    done = subprocess.run(
        [sys.executable, "-m", *command, *map(str, files)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_has_the_package_and_nothing_else(built: Distributions) -> None:
    package = {
        str(path.relative_to(SOURCE).as_posix())
        for path in (SOURCE / "knock_sdk").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    about = ["METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"]
    with zipfile.ZipFile(built.wheel) as wheel:
        assert set(wheel.namelist()) == package | {f"knock_sdk-{__version__}.dist-info/{name}" for name in about}
    assert "knock_sdk/py.typed" in package


def test_the_source_distribution_is_the_repository(built: Distributions) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("these are the files of a source distribution")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    files = {name for name in listed if (ROOT / name).exists()}
    with tarfile.open(built.source) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    assert names == files | {"PKG-INFO"}


def test_the_metadata_names_whom_to_ask_and_where_to_look(metadata: Message) -> None:
    assert re.fullmatch(r".+ <.+@.+>", metadata["Author-email"])
    labels = [url.partition(",")[0] for url in metadata.get_all("Project-URL") or []]
    assert labels == ["Documentation", "Repository", "Changelog", "Issues", "Security"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.10"


def test_links_of_the_readme_work_where_it_stands_alone(metadata: Message) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = str(metadata.get_payload())
    assert CODE.findall(shown) == CODE.findall(readme)
    targets, relative = LINK.findall(CODE.sub("", shown)), LINK.findall(CODE.sub("", readme))
    assert len(targets) == len(relative)
    moved = [(target, name) for target, name in zip(targets, relative, strict=True) if target != name]
    assert moved
    for target, name in moved:
        assert re.match(r"https://(github\.com|raw\.githubusercontent\.com)/", target)
        assert target.endswith(f"/v{__version__}/{name}")
        assert (ROOT / name.partition("#")[0]).exists(), name
        assert ("raw." in target) == name.endswith((".png", ".svg", ".gif", ".webp")), target
    assert all(target.startswith(("https://", "http://", "mailto:", "#")) for target in targets)
