"""What a migration found and changed, as data."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - needed to evaluate the annotations
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Literal, TypeAlias

GUIDE = "docs/from-knockapi.md"
"""The guide, whose sections the findings name."""

Age: TypeAlias = Literal["0.5", "1.x"]
"""The versions of `knockapi` that a file was written for; both have calls that the other does not have."""

Part: TypeAlias = Literal["calls", "imports", "responses", "errors"]
"""What a place is: a call of a client, an import, something done with a response, or with an error."""


@dataclass(frozen=True)
class Finding:
    """A place that could not be decided, or that was changed and should be looked at.

    Attributes:
        path: the file, as it was named.
        line: the line before the migration, from 1; in a notebook, of the code of all its cells together.
        kind: what it is, such as `dynamic-arguments`; also the anchor of the section in the guide.
        message: what was found, and what to do.
        place: the section of the guide, such as `docs/from-knockapi.md#dynamic-arguments`.
    """

    path: str
    line: int
    kind: str
    message: str

    @property
    def place(self) -> str:
        """The section of the guide."""
        return f"{GUIDE}#{self.kind}"

    def __str__(self) -> str:
        """Return one line for terminals."""
        return f"{self.path}:{self.line}: {self.message} [{self.place}]"


@dataclass
class Counts:
    """Numbers of places, by what became of them.

    Attributes:
        changed: places that were migrated.
        right: places that work as they are.
        undecided: places that are listed, and unchanged.
    """

    changed: int = 0
    right: int = 0
    undecided: int = 0

    @property
    def total(self) -> int:
        """All places."""
        return self.changed + self.right + self.undecided

    def add(self, other: Counts) -> None:
        """Add the numbers of another part or file."""
        self.changed += other.changed
        self.right += other.right
        self.undecided += other.undecided


@dataclass(frozen=True)
class SourceMigration:
    """The migration of one source.

    Attributes:
        source: the text before.
        code: the text after; the same if nothing is to be changed.
        findings: what could not be decided, by line.
        counts: numbers of places, by what they are.
        age: the version that the source was written for; None if nothing in it tells.
    """

    source: str
    code: str
    findings: tuple[Finding, ...] = ()
    counts: Mapping[Part, Counts] = field(default_factory=dict[Part, Counts])
    age: Age | None = None

    @property
    def changed(self) -> bool:
        """Whether the text differs."""
        return self.code != self.source


@dataclass(frozen=True)
class FileMigration(SourceMigration):
    """The migration of one file.

    Attributes:
        path: the file, as it was named or found.
        written: whether the file has been changed.
    """

    path: str = ""
    written: bool = False

    @property
    def diff(self) -> str:
        """The difference as a unified diff, empty if there is none."""
        if not self.changed:
            return ""
        lines = unified_diff(
            self.source.splitlines(keepends=True),
            self.code.splitlines(keepends=True),
            f"a/{self.path.lstrip('/')}",
            f"b/{self.path.lstrip('/')}",
        )
        return "".join(
            line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines
        )


@dataclass(frozen=True)
class MigrationReport:
    """The migration of files.

    Attributes:
        files: those that use `knockapi`, or what another file makes with it, in the order of their paths.
        findings: what could not be decided, of these files and of others, such as one that cannot be parsed.
        looked_at: number of files that were read.
    """

    files: tuple[FileMigration, ...]
    findings: tuple[Finding, ...]
    looked_at: int

    @property
    def changed(self) -> tuple[FileMigration, ...]:
        """The files that differ."""
        return tuple(file for file in self.files if file.changed)

    @property
    def diff(self) -> str:
        """The difference of all files as a unified diff."""
        return "".join(file.diff for file in self.files)

    @property
    def summary(self) -> str:
        """One line: how many files, and what became of their places."""
        total = Counts()
        for counts in self.counts.values():
            total.add(counts)
        written = sum(file.written for file in self.files)
        files = f"{self.looked_at} file{'' if self.looked_at == 1 else 's'}"
        done = f"{written} written" if written else f"{len(self.changed)} to change"
        places = f"{total.changed} places {'changed' if written else 'to change'}"
        return f"{files}, {done}; {places}, {total.right} right as they are, {total.undecided} undecided"

    @property
    def counts(self) -> dict[Part, Counts]:
        """Numbers of places in all files, by what they are."""
        total: dict[Part, Counts] = {"calls": Counts(), "imports": Counts(), "responses": Counts(), "errors": Counts()}
        for file in self.files:
            for part, counts in file.counts.items():
                total[part].add(counts)
        return total
