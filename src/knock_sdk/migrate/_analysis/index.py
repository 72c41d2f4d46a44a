"""Where the names of a source are bound and used."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import libcst as cst
from typing_extensions import override

from .binder import Binder, dotted
from .scopes import Binding, Position, lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Sets of classes, since `isinstance` takes long for nodes, and there are many.
_INLINE = {cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp}
_BLOCKS = {cst.IndentedBlock, cst.SimpleStatementSuite}
_LOOKED_AT = {cst.Name, cst.Call, cst.Attribute, cst.Subscript, cst.SimpleString, cst.ExceptHandler}
_IMPORTS = {cst.Import, cst.ImportFrom}
_DEFINITIONS = {cst.FunctionDef, cst.ClassDef, cst.Lambda}
_FORM = {
    *(cst.SimpleWhitespace, cst.ParenthesizedWhitespace, cst.TrailingWhitespace, cst.EmptyLine, cst.Newline),
    *(cst.Comma, cst.Dot, cst.Colon, cst.AssignEqual, cst.Semicolon, cst.LeftParen, cst.RightParen),
    *(cst.LeftSquareBracket, cst.RightSquareBracket, cst.LeftCurlyBrace, cst.RightCurlyBrace),
}
"""What says nothing about names."""


class Index(Binder):
    """Collects the scopes, the bindings, and the nodes that the rules look at, in the order of the source."""

    def __init__(self, package: Sequence[str] = ()) -> None:
        """Prepare for a module of a package, which relative imports refer to."""
        super().__init__()
        self.parents: dict[int, cst.CSTNode] = {}
        self.positions: dict[int, Position] = {}
        self.nodes: list[cst.CSTNode] = []
        self.annotated: list[cst.AnnAssign] = []
        self.imports: list[cst.Import | cst.ImportFrom] = []
        self.imported: dict[int, dict[str, Binding]] = {}
        """What each statement imports, by the names that it binds."""
        self.returned: dict[int, list[cst.BaseExpression]] = {}
        """What each function returns or yields."""
        self.generators: set[int] = set()
        self._package = tuple(package)
        self._path: list[cst.CSTNode] = []

    def lookup(self, name: str, at: Position) -> list[Binding] | None:
        """Return the bindings that a use of a name can have; None if nothing in the source binds it."""
        return lookup(name, at, self.loop_ends)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield what a node is part of, from its parent to the module."""
        while (parent := self.parents.get(id(node))) is not None:
            yield parent
            node = parent

    # The walk

    @override
    def on_visit(self, node: cst.CSTNode) -> bool:
        kind = type(node)
        if self._path:
            self.parents[id(node)] = self._path[-1]
        self._path.append(node)
        if kind in _LOOKED_AT:
            self.positions[id(node)] = self.here()
            self.nodes.append(node)
            return True
        return kind not in _FORM and self._begin(node, kind)

    def _begin(self, node: cst.CSTNode, kind: type[cst.CSTNode]) -> bool:
        """Begin what a node begins, and return whether its parts are looked at."""
        if kind is cst.Module:
            self.module = self.push("module", node)
        elif kind in _INLINE:
            self.push("inline", node)
        elif kind in _BLOCKS:
            self.begin_block()
        elif kind in _DEFINITIONS:
            self.positions[id(node)] = self.here()
        elif kind in _IMPORTS:
            self.positions[id(node)] = self.here()
            self.imports.append(cast("cst.Import | cst.ImportFrom", node))
            return False  # its names are none that are used
        return super().on_visit(node)

    @override
    def on_leave(self, original_node: cst.CSTNode) -> None:
        self._path.pop()
        kind = type(original_node)
        if kind in _FORM or kind in _LOOKED_AT:
            return
        super().on_leave(original_node)
        if kind in _INLINE:
            self.pop()
        elif kind in _BLOCKS:
            self.end_block()

    @override
    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        if attribute == "test" and isinstance(node, cst.While):
            self.begin_loop()
        if attribute != "body":
            return
        if isinstance(node, cst.FunctionDef | cst.Lambda):
            self.begin_function(node)
        elif isinstance(node, cst.ClassDef):
            self.push("class", node)
        elif isinstance(node, cst.For):
            self.begin_loop()
            self.bind(node.target, "item", node.iter)
        elif isinstance(node, cst.With):
            for item in node.items:
                if item.asname is not None:
                    self.bind(item.asname.name, "enter", item.item)
        elif isinstance(node, cst.ExceptHandler) and node.name is not None:
            self.bind(node.name.name, "caught", node.type)

    @override
    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        if attribute != "body":
            return
        if isinstance(original_node, cst.FunctionDef | cst.Lambda):
            self.end_function()
        elif isinstance(original_node, cst.ClassDef):
            self.pop()
        elif isinstance(original_node, cst.For | cst.While):
            self.end_loop()

    # What binds names, once its value has been passed

    def leave_Assign(self, original_node: cst.Assign) -> None:  # noqa: N802
        for target in original_node.targets:
            self.bind(target.target, "value", original_node.value)

    def leave_AnnAssign(self, original_node: cst.AnnAssign) -> None:  # noqa: N802
        self.annotated.append(original_node)
        self.bind(original_node.target, "value", original_node.value, original_node.annotation.annotation)

    def leave_NamedExpr(self, original_node: cst.NamedExpr) -> None:  # noqa: N802
        self.bind(original_node.target, "value", original_node.value)

    def leave_AugAssign(self, original_node: cst.AugAssign) -> None:  # noqa: N802
        self.bind(original_node.target, "unknown")

    def leave_Del(self, original_node: cst.Del) -> None:  # noqa: N802
        self.bind(original_node.target, "unknown")

    def leave_CompFor(self, original_node: cst.CompFor) -> None:  # noqa: N802
        self.bind(original_node.target, "item", original_node.iter)

    def leave_MatchAs(self, original_node: cst.MatchAs) -> None:  # noqa: N802
        if original_node.name is not None:
            self.bind(original_node.name, "unknown")

    def leave_MatchStar(self, original_node: cst.MatchStar) -> None:  # noqa: N802
        if original_node.name is not None:
            self.bind(original_node.name, "unknown")

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:  # noqa: N802
        self.add(Binding(original_node.name.value, "function", self.here(), original_node))

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:  # noqa: N802
        self.add(Binding(original_node.name.value, "class", self.here(), original_node))

    def leave_Return(self, original_node: cst.Return) -> None:  # noqa: N802
        self._return(original_node.value)

    def leave_Yield(self, original_node: cst.Yield) -> None:  # noqa: N802
        self.generators.add(id(self.current.body.node))
        self._return(original_node.value)

    def visit_Global(self, node: cst.Global) -> None:  # noqa: N802
        self.current.elsewhere |= dict.fromkeys((item.name.value for item in node.names), "global")

    def visit_Nonlocal(self, node: cst.Nonlocal) -> None:  # noqa: N802
        self.current.elsewhere |= dict.fromkeys((item.name.value for item in node.names), "nonlocal")

    def leave_Import(self, original_node: cst.Import) -> None:  # noqa: N802
        for alias in original_node.names:
            path = dotted(alias.name)
            if alias.evaluated_alias is None:
                path = path.partition(".")[0]
            self._import(original_node, alias.evaluated_alias or path, path)

    def leave_ImportFrom(self, original_node: cst.ImportFrom) -> None:  # noqa: N802
        if isinstance(original_node.names, cst.ImportStar):
            return
        module = self._module_of(original_node)
        for alias in original_node.names:
            name = alias.evaluated_name
            self._import(original_node, alias.evaluated_alias or name, f"{module}.{name}" if module else name)

    def _module_of(self, node: cst.ImportFrom) -> str:
        """Return the module that a statement imports from; that of a relative import begins with a dot."""
        module = "" if node.module is None else dotted(node.module)
        if not node.relative:
            return module
        package = self._package[: len(self._package) - len(node.relative) + 1]
        return ".".join(("", *package, *([module] if module else [])))

    def _import(self, node: cst.Import | cst.ImportFrom, name: str, target: str) -> None:
        binding = Binding(name, "import", self.here(), target=target)
        self.imported.setdefault(id(node), {})[name] = binding
        self.add(binding)

    def _return(self, value: object) -> None:
        if isinstance(value, cst.BaseExpression):
            self.returned.setdefault(id(self.current.body.node), []).append(value)
