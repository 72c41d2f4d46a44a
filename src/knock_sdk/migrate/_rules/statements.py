"""Import statements, made of names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .._analysis.index import Index


class Made:
    """What the statements that are made import, so that none imports the same again."""

    def __init__(self, index: Index) -> None:
        """Look at what the source imports already."""
        self._index = index
        self._names: set[str] = set()

    def is_new(self, path: str, local: str, beside: cst.CSTNode | None = None) -> bool:
        """Return whether a name is not imported yet, and remember it.

        Args:
            path: what is imported, such as `knock_sdk.types.User`.
            local: the name that it gets.
            beside: the statement in whose place it is imported; None for the beginning of the module.
        """
        if any(each.target == path for each in self._index.module.bindings.get(local, ())):
            return False
        key = f"{path} as {local}"
        if key in self._names:
            return False
        at = None if beside is None else self._index.positions[id(beside)]
        if at is None or (at.scope is self._index.module and not at.blocks):  # whatever happens
            self._names.add(key)
        return True

    def statements(self, paths: Iterable[str], beside: cst.CSTNode | None = None) -> list[cst.BaseSmallStatement]:
        """Return statements that import what is new among paths, such as `httpx` and `pydantic.BaseModel`."""
        modules: list[cst.BaseSmallStatement] = []
        names: dict[str, list[cst.ImportAlias]] = {}
        for path in sorted(paths):
            package, _, name = path.rpartition(".")
            if not self.is_new(path, name, beside):
                continue
            if package:
                names.setdefault(package, []).append(cst.ImportAlias(cst.Name(name)))
            else:
                modules.append(cst.Import([cst.ImportAlias(cst.Name(name))]))
        return [*modules, *(import_from(package, aliases) for package, aliases in names.items())]


def import_from(package: str, aliases: Sequence[cst.ImportAlias]) -> cst.ImportFrom:
    """Return a statement that imports names from a module."""
    plain = [each.with_changes(comma=cst.MaybeSentinel.DEFAULT) for each in aliases]
    return cst.ImportFrom(cast("Any", cst.parse_expression(package)), plain)


def import_from_like(node: cst.ImportFrom, package: str, aliases: Sequence[cst.ImportAlias]) -> cst.ImportFrom:
    """Return a statement that imports names as another one does, whose brackets and lines stay."""
    *front, last = aliases
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    front = [each if isinstance(each.comma, cst.Comma) else each.with_changes(comma=comma) for each in front]
    old = cast("Sequence[cst.ImportAlias]", node.names)[-1]
    last = last.with_changes(comma=old.comma if node.lpar is not None else cst.MaybeSentinel.DEFAULT)
    return node.with_changes(module=cst.parse_expression(package), names=[*front, last])


def import_like(node: cst.Import, aliases: Sequence[cst.ImportAlias]) -> cst.Import:
    """Return a statement that imports modules as another one does."""
    return node.with_changes(names=[*aliases[:-1], aliases[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)])
