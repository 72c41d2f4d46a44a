"""The migration of files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ._report import Age, FileMigration, Finding, MigrationReport
from ._source import migrate_module
from .analysis.inference import Inference
from .analysis.project import Project, Source
from .files.dependencies import look_for_dependencies
from .files.notebooks import read_notebook, write_notebook
from .files.texts import UnreadableError, decode, find_files, replace_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from .files.texts import Text


def migrate(paths: Iterable[str | os.PathLike[str]], *, write: bool) -> MigrationReport:
    """Migrate the files at paths; see `knock_sdk.migrate.migrate_paths`."""
    given = list(paths)
    texts: dict[Path, Text] = {}
    sources: list[Source] = []
    findings: list[Finding] = []
    for file, root in find_files(given):
        try:
            text = decode(file.read_bytes())
            code = read_notebook(text.text) if file.suffix == ".ipynb" else text.text
        except (UnreadableError, OSError) as error:
            if isinstance(error, OSError) or b"knockapi" in file.read_bytes():
                problem = str(error) if isinstance(error, UnreadableError) else error.strerror
                findings.append(Finding(str(file), 1, "unreadable-files", f"{problem}; it is left as it is"))
            continue
        texts[file] = text
        sources.append(_named(file, root, code))
    project = Project(sources)
    project.load()
    findings += [
        Finding(str(path), 1, "unreadable-files", f"{problem}; it is left as it is")
        for path, problem in project.problems.items()
        if problem
    ]
    ages: set[Age] = set()
    for path in given:
        if Path(path).is_dir():
            listed, asked_for = look_for_dependencies(Path(path))
            findings += listed
            ages |= asked_for
    files = _migrate(project, {source.path: source.text for source in sources}, ages)
    done: list[FileMigration] = []
    for file in files:
        path = Path(file.path)
        whole = replace(file, source=texts[path].text, code=_whole(path, texts[path], file))
        written, problem = _write(path, texts[path], whole) if write and whole.changed else (False, None)
        if problem is not None:
            findings.append(problem)
        done.append(replace(whole, written=written))
    everything = [*findings, *(finding for file in done for finding in file.findings)]
    everything.sort(key=lambda finding: (finding.path, finding.line, finding.message))
    return MigrationReport(tuple(done), tuple(everything), len(texts))


def _named(file: Path, root: Path, code: str) -> Source:
    parts = list(file.relative_to(root).with_suffix("").parts)
    is_package = parts[-1] == "__init__"
    return Source(file, tuple(parts[:-1] if is_package else parts), code, is_package)


def _migrate(project: Project, texts: dict[Path, str], ages: set[Age]) -> list[FileMigration]:
    """Migrate all files twice, if only the first time shows which version the project was written for."""
    age: Age | None = ages.pop() if len(ages) == 1 else None
    first = {path: _one(project, path, texts[path], age) for path in sorted(project.files)}
    votes = Counter(each.age for each in first.values() if each.age is not None)
    if age is None and len(votes) == 1:
        (age,) = votes
        first |= {
            path: _one(project, path, texts[path], age) for path, each in first.items() if each.age is None
        }
    return [each for each in first.values() if each.counts or each.findings or each.changed]


def _one(project: Project, path: Path, text: str, age: Age | None) -> FileMigration:
    file: Inference = project.files[path]
    migrated = migrate_module(
        str(path), text, project.modules[path], file, age=age, exported=project.exported[path]
    )
    return FileMigration(
        migrated.source, migrated.code, migrated.findings, migrated.counts, migrated.age, path=str(path)
    )


def _whole(path: Path, text: Text, file: FileMigration) -> str:
    if path.suffix != ".ipynb":
        return file.code
    return write_notebook(text.text, file.code) if file.changed else text.text


def _write(path: Path, text: Text, file: FileMigration) -> tuple[bool, Finding | None]:
    try:
        replace_file(path, file.code.encode(text.encoding))
    except (OSError, UnicodeEncodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return False, Finding(str(path), 1, "unreadable-files", f"cannot be written: {reason}; it is left as it is")
    return True, None
