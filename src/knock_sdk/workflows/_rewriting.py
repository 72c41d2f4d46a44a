"""Generated models, rewritten in the terms of this package."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISSING = "MISSING"
_WORD = re.compile(r"\w+")


class Models(NamedTuple):
    """The parts of a generated module."""

    imports: dict[str, set[str]]
    """Imported names, by module."""
    names: list[str]
    """The classes and type aliases that it defines."""
    body: str
    """Its code, without imports."""


class _Edit(NamedTuple):
    """Text that replaces a part of the code."""

    node: ast.expr | ast.stmt
    text: str


def rewrite(code: str, root: str) -> Models:
    """Return the parts of a module that datamodel-code-generator wrote.

    Fields that may be missing become `Omittable`, and the root a class if it is a type alias.
    """
    tree = ast.parse(code)
    imports: dict[str, set[str]] = {}
    names: list[str] = []
    edits: list[_Edit] = []
    statements: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            imports.setdefault(node.module or "", set()).update(alias.name for alias in node.names)
            continue
        statements.append(node)
        if isinstance(node, ast.ClassDef):
            names.append(node.name)
            edits += _class_edits(node, code)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.append(node.targets[0].id)
            if node.targets[0].id == root and isinstance(node.value, ast.Call):
                edits.append(_Edit(node, _root_model(root, _text(code, node.value.args[1]))))
                imports.setdefault("pydantic", set()).add("RootModel")
    body = "\n\n\n".join(_edited(code, statement, edits) for statement in statements)
    used = set(_names_in(ast.parse(body)))
    imports["knock_sdk.workflows"] = {"Omittable", "WorkflowData"}
    kept = {module: found & used for module, found in imports.items() if module != "__future__"}
    return Models({module: found for module, found in kept.items() if found}, names, body)


def _names_in(tree: ast.AST) -> Iterator[str]:
    """Yield the names in code, also those in text that is an argument, such as a type that refers to itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Call):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield from _WORD.findall(argument.value)


def _class_edits(node: ast.ClassDef, code: str) -> Iterator[_Edit]:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and _is_missing(statement.value):
            hint, default = statement.annotation, statement.value
            if isinstance(hint, ast.Subscript) and isinstance(hint.slice, ast.Tuple):
                hint = hint.slice.elts[0]  # of Annotated
            yield _Edit(hint, _omittable([_text(code, each) for each in _members(hint) if not _is_missing(each)]))
            yield _Edit(default, "None") if default is not None else _Edit(hint, "")


def _omittable(members: list[str]) -> str:
    """Return the type of a field that may be missing; one that may be null is sent as null instead."""
    joined = " | ".join(members)
    return joined if "None" in members else f"Omittable[{joined}]"


def _members(hint: ast.expr) -> Iterator[ast.expr]:
    if isinstance(hint, ast.BinOp):
        yield from _members(hint.left)
        yield from _members(hint.right)
    else:
        yield hint


def _is_missing(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Name) and node.id == _MISSING


def _root_model(name: str, hint: str) -> str:
    return f'class {name}(RootModel[{hint}]):\n    """The data of a trigger, as `root`."""'


def _text(code: str, node: ast.expr | ast.stmt) -> str:
    return ast.get_source_segment(code, node) or ""


def _edited(code: str, statement: ast.stmt, edits: list[_Edit]) -> str:
    """Return the code of a statement after the edits in it."""
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    source = code.encode()  # positions are in bytes

    def place(node: ast.expr | ast.stmt) -> tuple[int, int]:
        last = starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
        return starts[node.lineno - 1] + node.col_offset, last

    first, end = place(statement)
    result = source[first:end]
    inside = [each for each in edits if first <= place(each.node)[0] < end]
    for edit in sorted(inside, key=lambda each: place(each.node), reverse=True):
        start, stop = place(edit.node)
        result = result[: start - first] + edit.text.encode() + result[stop - first :]
    return result.decode()
