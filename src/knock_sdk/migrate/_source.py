"""The migration of one source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from ._report import Finding, SourceMigration
from .analysis.inference import Inference
from .analysis.parsing import parse
from .rules.age import age_of
from .rules.decisions import decide
from .rules.draft import Draft
from .rules.imports import Imports
from .rules.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection

    from ._report import Age


def migrate_text(source: str, path: str) -> SourceMigration:
    """Return the migration of one source on its own."""
    parsed = parse(source)
    if isinstance(parsed, cst.Module):
        return migrate_module(path, source, Inference(parsed))
    line, problem = parsed
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
    found = age_of(file)
    draft = Draft(file, found or age)
    decide(draft)
    names = Names(draft, exported)
    names.collect()
    Imports(draft, names).decide()
    module = cst.ensure_type(file.index.module.node, cst.Module)
    code = draft.apply(module).code if draft.changes else source
    return SourceMigration(source, code, _findings(path, module, draft), dict(draft.counts), found)


def _findings(path: str, module: cst.Module, draft: Draft) -> tuple[Finding, ...]:
    if not draft.findings:
        return ()
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    found = {Finding(path, positions[node].start.line, kind, message) for node, kind, message in draft.findings}
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.message)))
