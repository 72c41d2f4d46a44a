"""The migration of files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ._analysis.project import Project, Source
from ._files.dependencies import look_for_dependencies
from ._files.notebooks import read_notebook, write_notebook
from ._files.texts import UnreadableError, decode, find_files, replace_file
from ._report import FileMigration, Finding, MigrationReport
from ._source import migrate_module
from ._vendor.names import THEIRS

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from ._files.texts import Text
    from ._report import Age


def migrate(paths: Iterable[str | os.PathLike[str]], *, write: bool) -> MigrationReport:
    """Migrate the files at paths; see `knock_sdk.migrate.migrate_paths`."""
    given = list(paths)
    texts, sources, findings = _read(given)
    project = Project(sources)
    findings += [_unreadable(path, line, problem) for path, (line, problem) in project.problems.items()]
    ages: set[Age] = set()
    for path in given:
        if Path(path).is_dir():
            listed, asked_for = look_for_dependencies(Path(path))
            findings += listed
            ages |= asked_for
    files: list[FileMigration] = []
    for migrated in _migrate(project, sources, ages):
        place = Path(migrated.path)
        file = _whole(migrated, place, texts[place])
        problem = _write(file, place, texts[place]) if write and file.changed else None
        if problem is not None:
            findings.append(problem)
        files.append(replace(file, written=write and file.changed and problem is None))
    findings += [finding for file in files for finding in file.findings]
    findings.sort(key=lambda finding: (finding.path, finding.line, finding.message))
    return MigrationReport(tuple(files), tuple(findings), len(texts))


def _read(given: list[str | os.PathLike[str]]) -> tuple[dict[Path, Text], list[Source], list[Finding]]:
    texts: dict[Path, Text] = {}
    sources: list[Source] = []
    findings: list[Finding] = []
    for path, root in find_files(given):
        try:
            content = path.read_bytes()
        except OSError as error:
            findings.append(_unreadable(path, 1, f"cannot be read: {error.strerror}"))
            continue
        try:
            text = decode(content)
            code = read_notebook(text.text) if path.suffix == ".ipynb" else text.text
        except UnreadableError as error:
            if THEIRS.encode() in content:
                findings.append(_unreadable(path, 1, f"{error}; it is left as it is"))
            continue
        texts[path] = text
        sources.append(_source(path, root, code))
    return texts, sources, findings


def _source(path: Path, root: Path, code: str) -> Source:
    parts = path.relative_to(root).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    return Source(path, parts[:-1] if is_package else parts, code, is_package)


def _migrate(project: Project, sources: list[Source], ages: set[Age]) -> list[FileMigration]:
    """Migrate all files; those that do not tell which version they were written for follow the others."""
    used = [source for source in sources if source.path in project.files]
    age: Age | None = next(iter(ages)) if len(ages) == 1 else None
    migrated = {source.path: _one(project, source, age) for source in used}
    votes: Counter[Age] = Counter(each.age for each in migrated.values() if each.age is not None)
    if age is None and len(votes) == 1:
        age = next(iter(votes))
        migrated |= {source.path: _one(project, source, age) for source in used if migrated[source.path].age is None}
    return [each for _, each in sorted(migrated.items()) if each.counts or each.findings]


def _one(project: Project, source: Source, age: Age | None) -> FileMigration:
    file, exported = project.files[source.path], project.exported[source.path]
    done = migrate_module(str(source.path), source.text, file, age=age, exported=exported)
    return FileMigration(done.source, done.code, done.findings, done.counts, done.age, path=str(source.path))


def _whole(file: FileMigration, path: Path, text: Text) -> FileMigration:
    """Return the migration of a whole file, of which a notebook's code is a part."""
    if path.suffix != ".ipynb":
        return file
    code = write_notebook(text.text, file.code) if file.changed else text.text
    return replace(file, source=text.text, code=code)


def _write(file: FileMigration, path: Path, text: Text) -> Finding | None:
    """Change a file; return a finding if that fails."""
    try:
        replace_file(path, file.code.encode(text.encoding))
    except (OSError, UnicodeEncodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        return _unreadable(path, 1, f"cannot be written: {problem}; it is left as it is")
    return None


def _unreadable(path: Path, line: int, problem: str) -> Finding:
    return Finding(str(path), line, "unreadable-files", problem)
