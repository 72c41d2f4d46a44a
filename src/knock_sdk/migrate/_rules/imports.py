"""Statements that import from the vendor's package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import libcst as cst

from .._analysis.binder import dotted
from .._vendor.names import OURS, SAME_MODULES, THEIRS, advice, counterpart
from .statements import Made, import_from, import_from_like, import_like

if TYPE_CHECKING:
    from .._analysis.scopes import Binding
    from .draft import Draft
    from .names import Names, Uses

Statement = cst.Import | cst.ImportFrom


class Imports:
    """The statements of a source, each with what takes its place."""

    def __init__(self, draft: Draft, names: Names) -> None:
        """Prepare for the names that were collected."""
        self._draft = draft
        self._names = names
        self._index = draft.file.index
        self._made = Made(self._index)

    def decide(self) -> None:
        """Decide about all statements, and where what is needed besides is imported."""
        theirs = [node for node in self._index.imports if _is_theirs(node)]
        host = self._host(theirs)
        if host is None:
            self._insert()
        for node in theirs:
            needed = self._draft.needed if node is host else set[str]()
            if isinstance(node, cst.Import):
                self._import(node, set(needed))
            elif isinstance(node.names, cst.ImportStar):
                text = "import the names that are used, and run the command again: `*` hides what they are"
                self._draft.undecided("imports", node, "star-imports", text)
            else:
                self._from(node, set(needed))

    def _host(self, theirs: list[Statement]) -> Statement | None:
        """Return the statement beside which everything is imported that several rules need."""
        outer = [node for node in theirs if self._index.positions[id(node)].scope is self._index.module]
        plain = [node for node in outer if isinstance(node, cst.ImportFrom) and isinstance(node.module, cst.Name)]
        stars = [node for node in theirs if isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar)]
        return next((node for node in (*plain, *outer, *theirs) if node not in stars), None)

    def _insert(self) -> None:
        """Import what is needed in a source that imports nothing of the vendor's: after its first imports."""
        module = cst.ensure_type(self._index.module.node, cst.Module)
        before: cst.CSTNode | None = None
        for number, statement in enumerate(module.body):
            inner = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
            is_text = isinstance(inner, cst.Expr) and isinstance(inner.value, cst.SimpleString) and number == 0
            if not is_text and not isinstance(inner, cst.Import | cst.ImportFrom):
                break
            before = statement
        lines = [cst.SimpleStatementLine([each]) for each in self._made.statements(self._draft.needed)]
        if lines and before is not None:
            self._draft.change(before, lambda updated: cst.FlattenSentinel([updated, *lines]))
        elif lines:
            self._draft.change(module, lambda updated: updated.with_changes(body=[*lines, *updated.body]))

    # Names of a module

    def _from(self, node: cst.ImportFrom, elsewhere: set[str]) -> None:
        module = dotted(cast("cst.Attribute | cst.Name", node.module))
        kept: list[cst.ImportAlias] = []
        moved: dict[str, list[cst.ImportAlias]] = {}
        for alias in cast("list[cst.ImportAlias]", node.names):
            binding = self._index.imported[id(node)][alias.evaluated_alias or alias.evaluated_name]
            uses = self._names.uses[id(binding)]
            path = f"{module}.{alias.evaluated_name}"
            here = counterpart(path)
            elsewhere |= uses.elsewhere
            if uses.kept or (here is None and not self._is_dropped(uses, binding)):
                kept.append(alias)
                if not uses.kept:
                    self._without_counterpart(alias, path)
                continue
            self._draft.changed("imports")
            if here is not None and not self._is_dropped(uses, binding):
                self._move(alias, here, binding, moved, elsewhere)
        if moved or elsewhere or not kept:
            self._replace(node, module, kept, moved, elsewhere)

    def _without_counterpart(self, node: cst.CSTNode, path: str) -> None:
        self._draft.undecided("imports", node, "names-without-counterpart", f"`{path}`: {advice(path)}")

    def _is_dropped(self, uses: Uses, binding: Binding) -> bool:
        """Return whether nothing needs the import any more: other rules have replaced all its uses."""
        return self._names.is_used(binding) and not (uses.names or uses.remaining or uses.kept)

    def _move(
        self,
        alias: cst.ImportAlias,
        here: str,
        binding: Binding,
        moved: dict[str, list[cst.ImportAlias]],
        elsewhere: set[str],
    ) -> None:
        """Have a name imported from here: as another name, or as what an expression is made of."""
        uses = self._names.uses[id(binding)]
        package, _, new = here.rpartition(".")
        if not package or "[" in here:
            text = self._names.rendered(here, {}, elsewhere)
            for use in uses.names:
                self._draft.replace(use, text)
            return
        changed = alias.with_changes(name=cst.Name(new))
        if alias.asname is None and new != binding.name:
            if uses.names and not self._names.must_stay(binding) and self._names.is_free(new):
                for use in uses.names:
                    self._draft.change(use, lambda updated: updated.with_changes(value=new))
            else:
                changed = changed.with_changes(asname=cst.AsName(cst.Name(binding.name)))
        moved.setdefault(package, []).append(changed)

    def _replace(
        self,
        node: cst.ImportFrom,
        module: str,
        kept: list[cst.ImportAlias],
        moved: dict[str, list[cst.ImportAlias]],
        elsewhere: set[str],
    ) -> None:
        for path in sorted(path for path in elsewhere if path.rpartition(".")[0] in moved):  # in one statement
            package, _, name = path.rpartition(".")
            moved[package].append(cst.ImportAlias(cst.Name(name)))
            elsewhere.discard(path)
        statements: list[cst.BaseSmallStatement] = []
        if kept:
            statements.append(import_from_like(node, module, kept))
        for package, aliases in moved.items():
            new = [
                each
                for each in aliases
                if self._made.is_new(
                    f"{package}.{each.evaluated_name}", each.evaluated_alias or each.evaluated_name, node
                )
            ]
            if new:
                statements.append(import_from(package, new) if statements else import_from_like(node, package, new))
        added = self._made.statements(elsewhere, node)
        modules = [each for each in added if isinstance(each, cst.Import)]
        self._become(node, [*modules, *statements, *(each for each in added if each not in modules)])

    # Modules

    def _import(self, node: cst.Import, elsewhere: set[str]) -> None:
        aliases: list[cst.ImportAlias] = []
        for alias in node.names:
            if dotted(alias.name).partition(".")[0] == THEIRS:
                aliases += self._of_module(node, alias, elsewhere)
            else:
                aliases.append(alias)
        added = self._made.statements(elsewhere, node)
        modules = [each for each in added if isinstance(each, cst.Import)]
        own: list[cst.BaseSmallStatement] = [import_like(node, aliases)] if aliases else []
        self._become(node, [*modules, *own, *(each for each in added if each not in modules)])

    def _of_module(self, node: cst.Import, alias: cst.ImportAlias, elsewhere: set[str]) -> list[cst.ImportAlias]:
        """Return what is imported instead of a module: its counterpart, itself, or both."""
        path = dotted(alias.name)
        binding = self._index.imported[id(node)][alias.evaluated_alias or THEIRS]
        uses = self._names.uses[id(binding)]
        elsewhere |= uses.elsewhere
        here = SAME_MODULES.get(path) or counterpart(path) or (OURS if alias.asname is None else None)
        found: list[cst.ImportAlias] = []
        if uses.kept or here is None:
            found.append(alias)
            if not uses.kept and uses.remaining:
                self._without_counterpart(node, path)
        if here is not None and (uses.remaining or not uses.kept) and not self._is_dropped(uses, binding):
            found.append(alias.with_changes(name=cst.parse_expression(here)))
            self._draft.changed("imports")
            for use in uses.names if alias.asname is None else ():
                self._draft.replace(use, OURS)
        return found

    def _become(self, node: Statement, statements: list[cst.BaseSmallStatement]) -> None:
        """Have a statement replaced by others, each on a line of its own."""
        line = self._draft.parent(node)
        if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
            flat: Any = cst.FlattenSentinel(statements) if statements else cst.RemoveFromParent()
            self._draft.change(node, lambda _: flat)
            return
        if not statements:
            block = self._draft.parent(line)
            alone = isinstance(block, cst.IndentedBlock) and len(block.body) == 1
            self._draft.change(node, lambda _: cst.Pass() if alone else cst.RemoveFromParent())
            return

        def change(updated: cst.SimpleStatementLine) -> Any:
            first = updated.with_changes(body=[statements[0]])
            return cst.FlattenSentinel([first, *(cst.SimpleStatementLine([each]) for each in statements[1:])])

        self._draft.change(line, change)


def _is_theirs(node: Statement) -> bool:
    if isinstance(node, cst.Import):
        return any(dotted(alias.name).partition(".")[0] == THEIRS for alias in node.names)
    return node.module is not None and not node.relative and dotted(node.module).partition(".")[0] == THEIRS
