"""Migration of code that uses `knockapi`, the vendor's client: its versions 0.5 and 1.x.

::

    report = migrate_paths(["app", "tests"])
    print(report.diff)
    for finding in report.findings:
        print(finding)

`python -m knock_sdk.migrate PATH…` does the same. It needs libcst: `pip install 'knock-sdk[migrate]'`.
`docs/from-knockapi.md` says what is changed, and what to do about each kind of finding.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from ..errors import ConfigurationError
from ._report import Age, Counts, FileMigration, Finding, MigrationReport, Part, SourceMigration

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

__all__ = [
    "Age",
    "Counts",
    "FileMigration",
    "Finding",
    "MigrationReport",
    "Part",
    "SourceMigration",
    "migrate_paths",
    "migrate_source",
]


def migrate_source(source: str, *, path: str = "<source>") -> SourceMigration:
    """Migrate one source.

    Args:
        source: Python code.
        path: The name of its file, for findings.

    Returns:
        The code after the migration, and what could not be decided. Code that cannot be parsed stays as it is, with a
        finding.

    Raises:
        ConfigurationError: libcst is not installed.
    """
    _require_libcst()
    from ._source import migrate_text

    return migrate_text(source, path)


def migrate_paths(paths: Iterable[str | os.PathLike[str]], *, write: bool = False) -> MigrationReport:
    """Migrate files, and what they import from each other.

    Args:
        paths: Files (`.py`, `.pyi`, `.pyw`, `.ipynb`), and folders, of which all such files are migrated except in
            hidden folders, virtual environments and `node_modules`. Name the whole project, so that clients that are
            imported from other files are known.
        write: Change the files. Each is replaced whole, with its encoding, its line endings and its mode.

    Returns:
        The difference, what could not be decided, and numbers of places.

    Raises:
        ConfigurationError: libcst is not installed.
        FileNotFoundError: A path does not exist.
        ValueError: A file that is named is no Python source.
    """
    _require_libcst()
    from ._paths import migrate

    return migrate(paths, write=write)


def _require_libcst() -> None:
    if find_spec("libcst") is None:
        raise ConfigurationError("the migration needs libcst: pip install 'knock-sdk[migrate]'")
