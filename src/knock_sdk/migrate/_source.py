"""The migration of one source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from ._analysis.inference import Inference, read
from ._analysis.parsing import TOO_DEEP
from ._report import Finding, SourceMigration
from ._rules.age import age_of, is_ours
from ._rules.decisions import decide
from ._rules.draft import Draft
from ._rules.imports import Imports
from ._rules.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection

    from ._report import Age


def migrate_text(source: str, path: str) -> SourceMigration:
    """Return the migration of one source on its own."""
    file = read(source)
    if isinstance(file, Inference):
        return migrate_module(path, source, file)
    line, problem = file
    return SourceMigration(source, source, (Finding(path, line, "unreadable-files", problem),))


def migrate_module(
    path: str, source: str, file: Inference, *, age: Age | None = None, exported: Collection[str] = ()
) -> SourceMigration:
    """Return the migration of a module.

    Args:
        path: the file, for findings.
        source: its text.
        file: what its expressions are.
        age: the version that the project was written for, for a source that does not tell.
        exported: names that other files import from this one.
    """
    try:
        return _migrate(path, source, file, age, exported)
    except RecursionError:
        return SourceMigration(source, source, (Finding(path, 1, "unreadable-files", TOO_DEEP),))


def _migrate(path: str, source: str, file: Inference, age: Age | None, exported: Collection[str]) -> SourceMigration:
    found = age_of(file)
    draft = Draft(file, None if is_ours(file) else found or age)
    decide(draft)
    names = Names(draft, exported)
    names.collect()
    Imports(draft, names).decide()
    module = cst.ensure_type(file.index.module.node, cst.Module)
    code = source
    if draft.changes:
        rest = source.removeprefix(module.code)  # libcst leaves out the end of a last line that ends with CR
        code = draft.apply(module).code + (rest if len(rest) < len(source) else "")
    return SourceMigration(source, code, _findings(path, module, draft), dict(draft.counts), found)


def _findings(path: str, module: cst.Module, draft: Draft) -> tuple[Finding, ...]:
    if not draft.findings:
        return ()
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    found = {Finding(path, positions[node].start.line, kind, message) for node, kind, message in draft.findings}
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.message)))
