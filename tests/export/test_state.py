"""The state between two runs: what it has, and which one is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import (
    InternalServerError,
)
from knock_sdk.export import ExportStateError
from tests.export.support import SIDES, Pages, failing_at, interrupt, run, users

if TYPE_CHECKING:
    from pathlib import Path


OTHER: list[tuple[str, dict[str, Any], str]] = [
    ("users", {"format": "csv"}, 'format is "jsonl" there and "csv" here'),
    ("users", {"order": "desc"}, r'filters.order is absent there and \["desc"\] here'),
    ("users", {"settings": {"branch": "b"}}, 'branch is absent there and "b" here'),
    ("users", {"settings": {"base_url": "https://knock.example"}}, 'base_url is "https://api.knock.app" there'),
    ("users", {"settings": {"default_query": {"x": "1"}}}, r"filters.x is absent there"),
    ("tenants", {}, 'list is "users" there and "tenants" here'),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("name", "named", "difference"), OTHER)
def test_the_state_of_another_export_is_refused(
    side: str, name: str, named: Any, difference: str, tmp_path: Path
) -> None:
    interrupt(side, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    pages = Pages([])
    with pytest.raises(ExportStateError, match=f"belongs to another export: .*{difference}"):
        run(side, pages, name, tmp_path / "out", **named)
    assert pages.targets == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_collection_is_another_export(tmp_path: Path) -> None:
    pages = Pages(users(4))
    pages.before = failing_at(2)
    with pytest.raises(InternalServerError):
        run("sync", pages, "objects", "a", tmp_path / "out", page_size=2)
    with pytest.raises(ExportStateError, match='collection is "a" there and "b" here'):
        run("sync", Pages([]), "objects", "b", tmp_path / "out")


DAMAGED: list[tuple[bytes, str]] = [
    (b"", "is damaged: it is not JSON"),
    (b"\xff\xfe", "is damaged: it is not JSON"),
    (b"[" * 100_000, "is damaged: it is not JSON"),
    (b"[]", "is damaged: it: "),
    (b"{}", "is damaged: export: Field required"),
    (b'{"version": 2, "anything": 1}', "has version 2, and this version of knock-sdk reads 1"),
]


@pytest.mark.parametrize(("content", "problem"), DAMAGED)
def test_a_damaged_state_is_refused(content: bytes, problem: str, tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    (tmp_path / "out.resume").write_bytes(content)
    refused(tmp_path / "out", problem)


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"length": -1}, "a length is negative"),
    ({"length": "5"}, "length: Input should be a valid integer"),
    ({"length": 10**9}, r"out.part: has 292 bytes, and out.resume says that it had 1,000,000,000"),
    ({"phase": "done"}, "phase: Input should be"),
    ({"cursor": 5}, "cursor: Input should be a valid string"),
    ({"more": 5}, "more: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("change", "problem"), CHANGES)
def test_a_state_that_does_not_fit_is_refused(change: dict[str, Any], problem: str, tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    state = json.loads((tmp_path / "out.resume").read_bytes())
    (tmp_path / "out.resume").write_text(json.dumps({**state, **change}), encoding="utf-8")
    refused(tmp_path / "out", problem)


def test_a_part_without_a_state_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out.part").write_text("of a download", encoding="utf-8")
    refused(tmp_path / "out", "out.part: exists, but out.resume, which says what it has, does not")


def test_a_state_without_its_part_is_refused(tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    (tmp_path / "out.part").unlink()
    refused(tmp_path / "out", "out.part: has 0 bytes")


def test_a_complete_state_without_its_output_is_refused(tmp_path: Path) -> None:
    interrupt("sync", tmp_path / "out")
    state = json.loads((tmp_path / "out.resume").read_bytes())
    (tmp_path / "out.resume").write_text(json.dumps({**state, "phase": "ready"}), encoding="utf-8")
    (tmp_path / "out.part").unlink()
    refused(tmp_path / "out", "out.part: is missing")


def refused(path: Path, problem: str) -> None:
    pages = Pages([])
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    with pytest.raises(ExportStateError, match=problem) as caught:
        run("sync", pages, "users", path)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before
    assert "resume=False" in str(caught.value)
    assert caught.value.path.startswith(str(path))
    assert pages.targets == []
    assert run("sync", Pages(users(1)), "users", path, resume=False).items == 1


def test_the_state_has_no_key(tmp_path: Path) -> None:
    key = "sk_test_canary_1234567890"
    interrupt("sync", tmp_path / "out", settings={"api_key": key, "user_token": "canary.token.abc"})
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"canary" not in content
    assert json.loads((tmp_path / "out.resume").read_bytes()) == {
        "version": 1,
        "export": {
            "list": "users",
            "collection": None,
            "filters": {},
            "format": "jsonl",
            "escape_formulas": None,
            "base_url": "https://api.knock.app",
            "branch": None,
        },
        "phase": "listing",
        "cursor": "4",
        "length": 292,
        "items": 4,
    }
