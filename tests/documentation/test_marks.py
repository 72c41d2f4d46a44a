"""Marks of samples: few are left out, each with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT
from tests.support.samples import SIDES, pages, samples_of

from .counts import count

if TYPE_CHECKING:
    from tests.support.samples import Sample

COUNTS = count()


def test_few_samples_are_left_out() -> None:
    assert len(COUNTS.neither_run) <= 3
    assert len(COUNTS.all - COUNTS.typed - COUNTS.passages) <= 3


def test_what_is_left_out_has_a_reason() -> None:
    left_out = COUNTS.neither_run | (COUNTS.all - COUNTS.typed - COUNTS.passages)
    assert [str(sample) for sample in left_out if not all(sample.marks.values())] == []


@pytest.mark.parametrize("sample", sorted(COUNTS.passages, key=str), ids=str)
def test_a_passage_is_part_of_its_file(sample: Sample) -> None:
    assert sample.code in (ROOT / sample.marks["passage"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", pages())
def test_every_sample_is_there_for_both_sides(page: str) -> None:
    counts = {side: sum(sample.tab == side for sample in samples_of(page)) for side in SIDES}
    assert counts["Sync"] == counts["Async"]
