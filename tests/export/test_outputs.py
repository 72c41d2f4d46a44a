"""Outputs that exist already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knock_sdk import (
    InvalidArgumentError,
    KnockError,
)
from tests.export.support import SIDES, Pages, interrupt, lines, names_in, run, users

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("side", SIDES)
def test_an_output_that_exists_is_kept(side: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("mine", encoding="utf-8")
    pages = Pages(users(2))
    for resume in (True, False):
        with pytest.raises(InvalidArgumentError, match=r"^path: .* exists already: .*overwrite=True") as caught:
            run(side, pages, "users", path, resume=resume)
        assert caught.value.argument == "path"
    assert pages.targets == []
    assert path.read_text(encoding="utf-8") == "mine"
    assert names_in(tmp_path) == ["out"]
    run(side, pages, "users", path, overwrite=True)
    assert lines(path) == ["u0", "u1"]


def test_an_output_is_replaced_at_the_end_only(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("mine", encoding="utf-8")
    interrupt("sync", path, overwrite=True)
    assert path.read_text(encoding="utf-8") == "mine"
    assert run("sync", Pages(users(6)), "users", path, overwrite=True).earlier_items == 4
    assert len(lines(path)) == 6


def test_an_output_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "out"
    pages = Pages(users(4))
    pages.before = lambda number: path.write_text("mine", encoding="utf-8") and None  # type: ignore[func-returns-value]
    with pytest.raises(KnockError, match="was made by another program meanwhile"):
        run("sync", pages, "users", path)
    assert path.read_text(encoding="utf-8") == "mine"
    path.unlink()
    again = Pages([])
    assert run("sync", again, "users", path).earlier_items == 4
    assert again.targets == []
