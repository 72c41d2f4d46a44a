"""Programs before and after the migration, from the texts beside this module.

A sample is a line `== name`, the program before, a line `->`, the program after, and a line `! line kind` for each
finding. A name that ends with `(listed)` is that of a program which does not work before its findings are solved.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Sample(NamedTuple):
    """A program for one of the versions of knockapi."""

    name: str
    before: str
    after: str
    findings: tuple[str, ...]

    @property
    def works(self) -> bool:
        """Whether the program after the migration can run."""
        return not self.name.endswith("(listed)")


def read_samples(file: str) -> list[Sample]:
    """Return the samples of a file."""
    text = (Path(__file__).parent / "samples" / file).read_text(encoding="utf-8")
    samples: list[Sample] = []
    for part in ("\n" + text).split("\n== ")[1:]:
        name, _, rest = part.partition("\n")
        before, _, after = rest.partition("\n->\n")
        lines = after.splitlines(keepends=True)
        findings = tuple(line[2:].strip() for line in lines if line.startswith("! "))
        code = "".join(line for line in lines if not line.startswith("! "))
        samples.append(Sample(name, before.strip("\n") + "\n", code.strip("\n") + "\n", findings))
    return samples


OLD = read_samples("old.txt")
NEW = read_samples("new.txt")
SAMPLES = [*OLD, *NEW]
