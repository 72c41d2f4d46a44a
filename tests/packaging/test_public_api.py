"""The public API is the recorded one, and what would break users is recognized."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.packaging import breaking_changes, public_api
from tests.packaging.public_api import COMMAND, FILE, PublicAPI

if TYPE_CHECKING:
    from pathlib import Path

OLD = """
__all__ = ["Client", "Error", "gone"]
from ._client import Client
class Error(Exception):
    status: int = 0
def gone() -> None: ...
"""
CLIENT = """
from ._users import Users
TIMEOUT = 60.0
class Client:
    def __init__(self, timeout: float = TIMEOUT) -> None: ...
    @property
    def users(self) -> Users: ...
    def _hidden(self) -> None: ...
"""
USERS = """
class Users:
    def get(self, id: str, {options}) -> dict[str, str]: ...
    async def wait(self) -> None: ...
"""


def api_of(folder: Path, monkeypatch: pytest.MonkeyPatch, top: str, options: str) -> PublicAPI:
    """Read the API of a small package, in which users are reached and not exported."""
    package = folder / "src" / "knock_sdk"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(top)
    (package / "_client.py").write_text(CLIENT)
    (package / "_users.py").write_text(USERS.format(options=options))
    monkeypatch.setattr(public_api, "ROOT", folder)
    monkeypatch.setattr(public_api, "PLUGINS", [])
    return public_api.read_api()


def test_it_is_the_recorded_one() -> None:
    found = public_api.changes(FILE.read_text(encoding="utf-8"), public_api.render(public_api.read_api()))
    assert not found, "\n".join(
        [
            "The public API is not the recorded one:",
            *found[:50],
            *([f"… and {len(found) - 50} more lines"] if len(found) > 50 else []),
            f"If docs/versioning.md permits the change, record it and commit the file: {COMMAND}",
        ]
    )


def test_what_is_reached_is_recorded_and_what_is_private_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = public_api.render(api_of(tmp_path, monkeypatch, OLD, "*, strict: bool = False"))
    assert text.splitlines()[1:] == [
        "",
        "class knock_sdk.Client",
        "    def __init__(timeout: float = TIMEOUT) -> None",
        "    property users: Users",
        "",
        "class knock_sdk.Error: Exception",
        "    status: int = 0",
        "",
        "def knock_sdk.gone() -> None",
        "",
        "TIMEOUT = 60.0",
        "",
        "class Users",
        "    def get(id: str, *, strict: bool = False) -> dict[str, str]",
        "    async def wait() -> None",
        "",
    ]


def test_a_change_is_shown_with_its_class() -> None:
    old = "class knock_sdk.Client\n    timeout: float = 60\n    retries: int\n"
    new = "class knock_sdk.Client\n    timeout: float = 30\n    retries: int\n\ndef knock_sdk.new() -> None\n"
    assert public_api.changes(old, new) == [
        "-knock_sdk.Client: timeout: float = 60",
        "+knock_sdk.Client: timeout: float = 30",
        "+def knock_sdk.new() -> None",
    ]
    assert public_api.changes(new, new) == []


def test_what_breaks_is_found_in_what_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = api_of(tmp_path / "old", monkeypatch, OLD, "*, strict: bool = False")
    new = api_of(
        tmp_path / "new",
        monkeypatch,
        OLD.replace(', "gone"', "").replace("status: int = 0", "pass"),
        "*, region: str",
    )
    found = breaking_changes.breaking_changes(old, new)
    assert found[0] == "knock_sdk.gone: it can no longer be imported"
    assert "Users.get(strict): Parameter was removed" in found[1]
    assert "Users.get(region): Parameter was added as required" in found[2]
    assert "Error.status: Public object was removed" in found[3]
    assert len(found) == 4
    assert breaking_changes.breaking_changes(old, old) == []


def test_a_module_without_a_list_of_names_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="knock_sdk is public, and has no `__all__`"):
        api_of(tmp_path, monkeypatch, "class Client: ...\n", "")


@pytest.mark.parametrize(
    ("old", "new", "permitted"),
    [
        ("v0.1.0", "0.1.1", False),
        ("v0.1.0", "0.2.0", True),
        ("v0.9.3", "1.0.0", True),
        ("v1.4.0", "1.5.0", False),
        ("v1.4.0", "2.0.0", True),
    ],
)
def test_the_version_permits_a_break_or_not(old: str, new: str, *, permitted: bool) -> None:
    assert breaking_changes.permits_breaking(old, new) is permitted


def test_an_earlier_commit_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    present = api_of(tmp_path, monkeypatch, OLD, "*, strict: bool = False")
    git = ["git", "-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "The first version"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    (tmp_path / "src" / "knock_sdk" / "_users.py").write_text(USERS.format(options="*, region: str"))
    earlier = public_api.read_api("HEAD")
    assert public_api.render(earlier) == public_api.render(present)
    assert len(breaking_changes.breaking_changes(earlier, public_api.read_api())) == 2
