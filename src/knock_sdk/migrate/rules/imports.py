"""Statements that import from the vendor's package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import libcst as cst

from ..analysis.index import dotted
from ..vendor.names import OURS, SAME_MODULES, THEIRS, advice, counterpart

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ..analysis.index import Binding
    from .draft import Draft
    from .names import Names, Uses


class Imports:
    """The statements of a source, each with what takes its place."""

    def __init__(self, draft: Draft, names: Names) -> None:
        """Prepare for the names that were collected."""
        self._draft = draft
        self._names = names
        self._index = draft.file.index

    def decide(self) -> None:
        """Decide about all statements, and where what is needed besides is imported."""
        theirs = [node for node in self._index.imports if self._is_theirs(node)]
        host = self._host(theirs)
        for node in theirs:
            if isinstance(node, cst.Import):
                self._import(node, host=node is host)
            elif isinstance(node.names, cst.ImportStar):
                text = "import the names that are used, and run the command again: `*` hides what they are"
                self._draft.undecided("imports", node, "star-imports", text)
            else:
                self._from(node, list(node.names), host=node is host)

    def _host(self, theirs: list[cst.Import | cst.ImportFrom]) -> cst.Import | cst.ImportFrom | None:
        """Return the statement beside which everything is imported that several rules need."""
        outer = [node for node in theirs if self._index.positions[id(node)].scope is self._index.module]
        plain = [
            node
            for node in outer
            if isinstance(node, cst.ImportFrom) and isinstance(node.module, cst.Name) and _is_list(node)
        ]
        return next(iter((*plain, *outer, *theirs)), None)

    def _is_theirs(self, node: cst.Import | cst.ImportFrom) -> bool:
        if isinstance(node, cst.Import):
            return any(dotted(alias.name).partition(".")[0] == THEIRS for alias in node.names)
        return node.module is not None and not node.relative and dotted(node.module).partition(".")[0] == THEIRS

    # from knockapi import …

    def _from(self, node: cst.ImportFrom, aliases: list[cst.ImportAlias], *, host: bool) -> None:
        module = dotted(cast("cst.Attribute | cst.Name", node.module))
        bindings = self._index.imported[id(node)]
        kept: list[cst.ImportAlias] = []
        moved: dict[str, list[cst.ImportAlias]] = {}
        elsewhere: set[str] = set()
        for alias in aliases:
            name = cast("cst.Name", alias.name).value
            local = name if alias.asname is None else cast("cst.Name", alias.asname.name).value
            binding = bindings[local]
            uses = self._names.uses[id(binding)]
            elsewhere |= uses.elsewhere
            path = f"{module}.{name}"
            here = counterpart(path)
            if uses.kept or (here is None and not self._is_dropped(uses, binding)):
                kept.append(alias)
                if not uses.kept:
                    self._draft.undecided("imports", alias, "names-without-counterpart", f"`{path}`: {advice(path)}")
                continue
            self._draft.changed("imports")
            if here is None or self._is_dropped(uses, binding):
                continue
            if "[" in here:
                self._expression(here, uses, elsewhere)
                continue
            package, _, new = here.rpartition(".")
            moved.setdefault(package, []).append(self._alias(alias, new, binding, uses))
        if host:
            elsewhere |= self._draft.needed
        if not moved and not elsewhere and len(kept) == len(aliases):
            return
        self._replace(node, kept, moved, elsewhere)

    def _is_dropped(self, uses: Uses, binding: Binding) -> bool:
        """Return whether nothing needs the import any more: other rules have replaced all its uses."""
        used = any(
            isinstance(each, cst.Name) and each.value == binding.name and self._names.binding_of(each) is binding
            for each in self._index.nodes
        )
        return used and not uses.names and not uses.remaining and not uses.kept

    def _expression(self, here: str, uses: Uses, elsewhere: set[str]) -> None:
        text = self._names.rendered(here, {}, elsewhere)
        for use in uses.names:
            self._draft.replace(use, text)

    def _alias(self, alias: cst.ImportAlias, new: str, binding: Binding, uses: Uses) -> cst.ImportAlias:
        changed = alias.with_changes(name=cst.Name(new))
        if alias.asname is not None or new == binding.name:
            return changed
        if not uses.names or self._names.must_stay(binding) or not self._names.is_free(new):
            return changed.with_changes(asname=cst.AsName(cst.Name(binding.name)))
        for use in uses.names:
            self._draft.change(use, lambda updated: updated.with_changes(value=new))
        return changed

    def _replace(
        self,
        node: cst.ImportFrom,
        kept: list[cst.ImportAlias],
        moved: dict[str, list[cst.ImportAlias]],
        elsewhere: Collection[str],
    ) -> None:
        modules: list[str] = []
        for path in sorted(elsewhere):
            package, _, name = path.rpartition(".")
            if not package:
                modules.append(name)
                continue
            moved.setdefault(package, []).append(cst.ImportAlias(cst.Name(name)))
        statements: list[cst.BaseSmallStatement] = []
        if kept:
            statements.append(node.with_changes(names=_names(kept, node)))
        for package, aliases in moved.items():
            wanted = [each for each in _unique(aliases) if not self._is_imported(package, each)]
            if not wanted:
                continue
            if not statements:
                changed = node.with_changes(module=cst.parse_expression(package), names=_names(wanted, node))
                statements.append(changed)
            else:
                statements.append(cst.ImportFrom(cast("Any", cst.parse_expression(package)), _plain(wanted)))
        statements = [
            *(_module(name) for name in modules if not self._is_imported_module(name)),
            *statements,
        ]
        self._become(node, statements)

    def _is_imported(self, package: str, alias: cst.ImportAlias) -> bool:
        """Return whether the source imports a name already."""
        local = alias.evaluated_alias or alias.evaluated_name
        bindings = self._index.module.bindings.get(local, ())
        return any(each.target == f"{package}.{alias.evaluated_name}" for each in bindings)

    def _is_imported_module(self, name: str) -> bool:
        return any(each.target == name for each in self._index.module.bindings.get(name, ()))

    # import knockapi

    def _import(self, node: cst.Import, *, host: bool) -> None:
        bindings = self._index.imported[id(node)]
        aliases: list[cst.ImportAlias] = []
        elsewhere: set[str] = set(self._draft.needed) if host else set()
        for alias in node.names:
            path = dotted(alias.name)
            if path.partition(".")[0] != THEIRS:
                aliases.append(alias)
                continue
            local = THEIRS if alias.asname is None else cast("cst.Name", alias.asname.name).value
            uses = self._names.uses[id(bindings[local])]
            elsewhere |= uses.elsewhere
            here = SAME_MODULES.get(path) or counterpart(path)
            if alias.asname is None and here is None:
                here = OURS
            if uses.kept or here is None:
                aliases.append(alias)
                if not uses.kept and uses.remaining:
                    text = f"`{path}`: {advice(path)}"
                    self._draft.undecided("imports", node, "names-without-counterpart", text)
            if here is not None and (uses.remaining or not uses.kept) and not self._is_dropped(uses, bindings[local]):
                aliases.append(alias.with_changes(name=cst.parse_expression(here)))
                self._rename_module(uses, here, alias)
                self._draft.changed("imports")
        statements: list[cst.BaseSmallStatement] = []
        if aliases:
            statements.append(node.with_changes(names=_without_last_comma(aliases)))
        for path in sorted(elsewhere):
            package, _, name = path.rpartition(".")
            if not package and not self._is_imported_module(name):
                statements.insert(0, _module(name))
            elif package and not self._is_imported(package, cst.ImportAlias(cst.Name(name))):
                statements.append(cst.ImportFrom(cast("Any", cst.parse_expression(package)), [cst.ImportAlias(cst.Name(name))]))
        self._become(node, statements)

    def _rename_module(self, uses: Uses, here: str, alias: cst.ImportAlias) -> None:
        if alias.asname is None:
            for use in uses.names:
                self._draft.replace(use, here.partition(".")[0])

    def _become(self, node: cst.Import | cst.ImportFrom, statements: list[cst.BaseSmallStatement]) -> None:
        """Have a statement replaced by others, each on a line of its own."""
        line = cast("cst.SimpleStatementLine", self._draft.parent(node))
        block = self._draft.parent(line)
        if len(line.body) > 1 or not isinstance(line, cst.SimpleStatementLine):
            flat: Any = cst.FlattenSentinel(statements) if statements else cst.RemoveFromParent()
            self._draft.change(node, lambda _: flat)
            return
        if not statements:
            alone = isinstance(block, cst.IndentedBlock) and len(block.body) == 1
            self._draft.change(node, lambda _: cst.Pass() if alone else cst.RemoveFromParent())
            return

        def change(updated: cst.SimpleStatementLine) -> Any:
            first = updated.with_changes(body=[statements[0]])
            rest = [cst.SimpleStatementLine([each]) for each in statements[1:]]
            return cst.FlattenSentinel([first, *rest]) if rest else first

        self._draft.change(line, change)


def _is_list(node: cst.ImportFrom) -> bool:
    return not isinstance(node.names, cst.ImportStar)


def _module(name: str) -> cst.Import:
    return cst.Import([cst.ImportAlias(cast("Any", cst.parse_expression(name)))])


def _unique(aliases: Iterable[cst.ImportAlias]) -> list[cst.ImportAlias]:
    seen: set[tuple[str, str | None]] = set()
    unique: list[cst.ImportAlias] = []
    for alias in aliases:
        key = (alias.evaluated_name, alias.evaluated_alias)
        if key not in seen:
            seen.add(key)
            unique.append(alias)
    return unique


def _names(aliases: list[cst.ImportAlias], node: cst.ImportFrom) -> list[cst.ImportAlias]:
    """Return the names for a statement whose brackets stay."""
    *front, last = aliases
    front = [
        each if isinstance(each.comma, cst.Comma) else each.with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
        for each in front
    ]
    old = cast("list[cst.ImportAlias]", list(cast("Any", node.names)))[-1]
    return [*front, last.with_changes(comma=old.comma if node.lpar is not None else cst.MaybeSentinel.DEFAULT)]


def _plain(aliases: list[cst.ImportAlias]) -> list[cst.ImportAlias]:
    return [each.with_changes(comma=cst.MaybeSentinel.DEFAULT) for each in aliases]


def _without_last_comma(aliases: list[cst.ImportAlias]) -> list[cst.ImportAlias]:
    return [*aliases[:-1], aliases[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]
