"""Every sample of the pages, the README and the docstrings runs on a simulator, in order, as it stands."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.samples import SIDES, pages, programs_of, runnable

from .pages import CHECKS, prepare
from .stage import Stage, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.samples import Program

PROGRAMS = [found for page in pages() for program in programs_of(page) if (found := runnable(program)) is not None]


def pairs() -> Iterator[tuple[Program, ...]]:
    """Yield each program with the one that does the same with the other client, if its page has tabs."""
    for page in pages():
        own = [program for program in PROGRAMS if program.page == page]
        sides = [[program for program in own if program.side == side] for side in SIDES]
        yield from ((program,) for program in own if not program.side)
        yield from zip(*sides, strict=True)


@pytest.mark.parametrize("programs", list(pairs()), ids=lambda programs: str(programs[0]))
def test_programs_run_and_both_clients_send_the_same(
    programs: tuple[Program, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    for program in programs:
        folder = tmp_path / (program.side or "program")
        folder.mkdir()
        with ExitStack() as exits:
            stage = Stage(folder, monkeypatch, exits)
            prepare(program, stage)
            run(program, stage)
            if (check := CHECKS.get(program.page)) is not None:
                check(program, stage)
            sent.append(stage.requests)
    assert all(requests == sent[0] for requests in sent)
