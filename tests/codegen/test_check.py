"""`python -m codegen`: the generated files are up to date, and every difference is reported."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from codegen.__main__ import CONTRACT, main, make
from codegen.check import FOLDERS, PACKAGE, compare, install
from codegen.generators import types
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST = {
    "docs/reference": "methods/users.md",
    "src/knock_sdk/testing/contract": "older_operations.py",
    "src/knock_sdk/_sync": "resources/users.py",
    "src/knock_sdk/export/_sync": "lists.py",
}
"""The file to change in folders without a users.py."""
GENERATED = [
    *(f"{folder}/{FIRST.get(folder, 'users.py')}" for folder in FOLDERS),
    "src/knock_sdk/_core/requests/operations.py",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate all files from the repository's sources."""
    folder = tmp_path_factory.mktemp("made")
    assert make(ROOT, folder) == []
    return folder


@pytest.fixture(scope="module")
def sources(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the repository's sources, with generated files that are up to date."""
    folder = tmp_path_factory.mktemp("sources")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "openapi", folder / "openapi")
    shutil.copytree(ROOT / "examples" / "reference", folder / "examples" / "reference")
    assert list(install(made, folder)) == []
    assert list(compare(made, folder)) == []
    return folder


@pytest.fixture
def root(sources: Path, tmp_path: Path) -> Path:
    """Copy these sources."""
    return shutil.copytree(sources, tmp_path, dirs_exist_ok=True)


@pytest.fixture
def copied_models(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command copy the models, which take the longest, from `made`: they depend on the contract alone."""

    def generate(_: object, package: Path) -> None:
        for name in ("types", "params"):
            shutil.copytree(made / PACKAGE / name, package / name)

    monkeypatch.setattr(types, "generate", generate)


def test_the_generated_files_of_the_repository_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["--check"]), capsys.readouterr().out) == (0, "generated files are up to date\n")


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (lambda text: text.replace(b"import", b"imporT", 1), b"imporT"),
        (lambda text: text + b"\n\ndef rogue() -> None: ...\n", b"-def rogue() -> None: ..."),
        (lambda text: text.replace(b"\n", b"\r\n"), b"line endings differ"),
        (lambda text: text[:-1], b"line endings differ"),
        (lambda text: b"\xff" + text, b"\xef\xbf\xbd"),
    ],
)
def test_a_changed_file_is_reported(
    made: Path, root: Path, name: str, change: Callable[[bytes], bytes], shown: bytes
) -> None:
    (root / name).write_bytes(change((root / name).read_bytes()))
    (finding,) = compare(made, root)
    assert finding.startswith(f"{name}: differs from what is generated\n")
    assert shown.decode() in finding
    assert len(finding.split("\n")) <= 8


@pytest.mark.parametrize("name", GENERATED)
def test_a_missing_file_is_reported(made: Path, root: Path, name: str) -> None:
    (root / name).unlink()
    assert list(compare(made, root)) == [f"{name}: missing"]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("orphan", ["rogue.py", "inner/rogue.py", ".hidden", "notes.txt", "__init__.pyi"])
def test_an_orphan_is_reported(made: Path, root: Path, folder: str, orphan: str) -> None:
    (root / folder / orphan).parent.mkdir(exist_ok=True)
    (root / folder / orphan).write_bytes(b"")
    assert list(compare(made, root)) == [f"{folder}/{orphan}: an orphan: nothing generates it"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_caches_are_not_reported(made: Path, root: Path, folder: str) -> None:
    (root / folder / "__pycache__").mkdir()
    (root / folder / "__pycache__" / "users.cpython-311.pyc").write_bytes(b"")
    assert list(compare(made, root)) == []


def test_install_restores_generated_files_and_leaves_others(made: Path, root: Path) -> None:
    changed, missing, stale, foreign, by_hand = (
        root / "src/knock_sdk" / name
        for name in ("_sync/pages.py", "types/users.py", "_sync/gone.py", "types/mine.py", "_sync/_concurrency.py")
    )
    before = {path: path.read_bytes() for path in (changed, missing, by_hand)}
    changed.write_bytes(b"")
    missing.unlink()
    stale.write_text("# Derived from src/knock_sdk/_async/gone.py by `python -m codegen`; do not edit.\n")
    foreign.write_text("kept = True\n")
    assert [finding.split(":")[0] for finding in install(made, root)] == ["src/knock_sdk/types/mine.py"]
    assert {path: path.read_bytes() for path in before} == before
    assert not stale.exists()
    assert foreign.read_text() == "kept = True\n"


def test_the_command_checks_and_writes_the_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    users = root / "src/knock_sdk/_sync/resources/users.py"
    users.unlink()
    assert (main(["--check"], root), capsys.readouterr().out) == (
        1,
        "src/knock_sdk/_sync/resources/users.py: missing\n",
    )
    assert (main([], root), capsys.readouterr().out) == (0, "written\n")
    assert users.is_file()


@pytest.mark.parametrize(
    ("name", "change", "finding"),
    [
        (
            CONTRACT,
            ("'#/components/schemas/ListUsersResponse'", "'#/nowhere'"),
            f"{CONTRACT}: #/nowhere refers to nothing",
        ),
        (CONTRACT, ("openapi:", "openapi: ["), f"{CONTRACT}: "),
        (
            "src/knock_sdk/_async/client.py",
            ("MAX_CONNECTIONS_ASYNC", "MAX_CONNECTIONS"),
            "`MAX_CONNECTIONS_ASYNC` applies nowhere",
        ),
        ("src/knock_sdk/_async/resources/users.py", ("async def get", "async def get("), "users.py: not valid Python"),
        (
            "src/knock_sdk/_async/_concurrency.py",
            ("async def resolve", "async def dissolve"),
            "_sync/_concurrency.py: lacks dissolve",
        ),
        (
            "src/knock_sdk/_async/engines/watched.py",
            ("def watched", "def kept"),
            "_sync/engines/watched.py: lacks kept",
        ),
    ],
)
@pytest.mark.usefixtures("copied_models")
def test_an_error_in_the_sources_is_reported(
    root: Path, capsys: pytest.CaptureFixture[str], name: str, change: tuple[str, str], finding: str
) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert change[0] in text
    (root / name).write_text(text.replace(*change), encoding="utf-8")
    assert main(["--check"], root) == 1
    assert finding in capsys.readouterr().out


@pytest.mark.usefixtures("copied_models")
def test_nothing_is_written_if_the_sources_have_an_error(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages, derived = root / "src/knock_sdk/_async/pages.py", root / "src/knock_sdk/_sync"
    pages.write_text(pages.read_text(encoding="utf-8") + "import anyio\n", encoding="utf-8")
    (derived / "resources/users.py").unlink()
    assert main([], root) == 1
    assert "no rule for `anyio`" in capsys.readouterr().out
    assert not (derived / "resources/users.py").exists()


def test_a_missing_contract_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / CONTRACT).unlink()
    assert main(["--check"], root) == 1
    assert capsys.readouterr().out.startswith(f"{CONTRACT}: ")


@pytest.mark.parametrize(
    "arguments", [["drift"], ["--check", "drift", "x"], ["--wrong"], ["nothing"], ["drift", "a", "b"]]
)
def test_invalid_arguments_exit_with_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m codegen" in capsys.readouterr().err
