"""How many samples there are, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.samples import page_mark, pages, programs_of, runnable, samples_of, typed

if TYPE_CHECKING:
    from tests.support.samples import Sample


@dataclass(frozen=True)
class Counts:
    """The samples of the pages, the README and the docstrings."""

    all: frozenset[Sample]
    run: frozenset[Sample]
    """Run on the simulator, in order, by `test_samples_run.py`."""
    typed: frozenset[Sample]
    """Checked by mypy --strict in `test_samples_typed.py`; files too."""
    files: frozenset[Sample]
    """Files of recipes, which `tests/simulator/test_recipes.py` runs."""
    passages: frozenset[Sample]
    """Parts of programs, which `tests/engines` runs."""

    def __str__(self) -> str:
        return (
            f"{len(self.all)} samples: {len(self.run)} run on the simulator, {len(self.files)} are files of recipes "
            f"that run, {len(self.passages)} are passages of programs that run, {len(self.neither_run)} are not run; "
            f"{len(self.typed)} pass mypy --strict"
        )

    @property
    def neither_run(self) -> frozenset[Sample]:
        """Those that run nowhere."""
        return self.all - self.run - self.files - self.passages


def count() -> Counts:
    """Count the samples."""
    samples = [sample for page in pages() for sample in samples_of(page)]
    programs = [program for page in pages() for program in programs_of(page)]
    files = frozenset(sample for sample in samples if page_mark(sample.page) == "files")
    checked = frozenset(sample for each in programs if (found := typed(each)) for sample in found.samples)
    return Counts(
        all=frozenset(samples),
        run=frozenset(sample for each in programs if (found := runnable(each)) for sample in found.samples),
        typed=checked | files,
        files=files,
        passages=frozenset(sample for sample in samples if "passage" in sample.marks),
    )


if __name__ == "__main__":
    print(count())
