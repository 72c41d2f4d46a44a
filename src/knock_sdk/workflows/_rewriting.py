"""Generated models, rewritten in the terms of this package."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from ._names import IMPORTED

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISSING = "MISSING"
_REPLACED = ("__future__", "pydantic.experimental.missing_sentinel")
_ANYTHING: tuple[str, ...] = ("Any", "Any_aliased", "object", "object_aliased")
_WORD = re.compile(r"\w+")
_LINE = re.compile(r"[^\n]*\n?")
"""A line as Python counts them; `str.splitlines` would also end one at a form feed, or at U+2028."""


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

    Raises:
        ValueError: The module imports something else than the types of JSON, or defines a name twice.
    """
    tree = ast.parse(code)
    nullable = _nullable_aliases(tree)
    imports: dict[str, set[str]] = {}
    names: list[str] = []
    edits: list[_Edit] = []
    statements: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            imports.setdefault(node.module or "", set()).update(_imported(node))
            continue
        statements.append(node)
        if isinstance(node, ast.ClassDef):
            names.append(node.name)
            edits += _class_edits(node, code, nullable)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.append(node.targets[0].id)
            if node.targets[0].id == root and isinstance(node.value, ast.Call):
                edits.append(_Edit(node, _root_model(root, _text(code, node.value.args[1]))))
                imports.setdefault("pydantic", set()).add("RootModel")
    if len(set(names)) < len(names):
        raise ValueError(
            "gives the same name to two classes, which are made from the names of definitions and properties"
        )
    body = "\n\n\n".join(_edited(code, statement, edits) for statement in statements)
    used = set(_names_in(ast.parse(body)))
    imports["knock_sdk.workflows"] = {"Omittable", "WorkflowData"}
    kept = {module: {each for each in found if each.split()[-1] in used} for module, found in imports.items()}
    return Models({module: found for module, found in kept.items() if found}, names, body)


def _imported(node: ast.ImportFrom) -> Iterator[str]:
    """Yield what a statement imports, such as `date as date_aliased` for a model with a field `date`."""
    if node.module in _REPLACED:
        return
    for alias in node.names:
        if node.module not in IMPORTED or alias.name not in IMPORTED[node.module]:
            raise ValueError(f"needs {alias.name} of {node.module}, which typed workflows do not use")
        yield alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"


def _nullable_aliases(tree: ast.Module) -> set[str]:
    """Return the names of types that allow null."""
    hints = {
        node.targets[0].id: node.value.args[1]
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Call)
    }
    found: set[str] = set(_ANYTHING)
    while more := {name for name, hint in hints.items() if name not in found and _allows_null(hint, found)}:
        found |= more
    return found


def _allows_null(hint: ast.expr, nullable: set[str]) -> bool:
    """Return whether a type allows null, given the names of those that do."""
    if isinstance(hint, ast.Constant):
        if isinstance(hint.value, str):
            return _allows_null(ast.parse(hint.value, mode="eval").body, nullable)
        return hint.value is None
    if isinstance(hint, ast.Subscript) and isinstance(hint.value, ast.Name):
        parts = hint.slice.elts if isinstance(hint.slice, ast.Tuple) else [hint.slice]
        if hint.value.id == "Literal":
            return any(isinstance(part, ast.Constant) and part.value is None for part in parts)
        return hint.value.id == "Annotated" and _allows_null(parts[0], nullable)
    if isinstance(hint, ast.BinOp):
        return any(_allows_null(member, nullable) for member in _members(hint))
    return isinstance(hint, ast.Name) and hint.id in nullable


def _names_in(tree: ast.AST) -> Iterator[str]:
    """Yield the names in code, also those in text that is an argument, such as a type that refers to itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Call):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield from _WORD.findall(argument.value)


def _class_edits(node: ast.ClassDef, code: str, nullable: set[str]) -> Iterator[_Edit]:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and _is_missing(statement.value):
            hint, default = statement.annotation, statement.value
            if isinstance(hint, ast.Subscript) and isinstance(hint.slice, ast.Tuple):
                hint = hint.slice.elts[0]  # of Annotated
            members = [each for each in _members(hint) if not _is_missing(each)]
            joined = " | ".join(_text(code, each) for each in members)
            # A field that may be null is sent as null where it is given as None.
            takes_null = any(_allows_null(each, nullable) for each in members)
            yield _Edit(hint, joined if takes_null else f"Omittable[{joined}]")
            yield _Edit(default, "None") if default is not None else _Edit(hint, "")


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
    for line in _LINE.findall(code):
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
