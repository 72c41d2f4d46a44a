"""Where the names of a source are bound and used, and which binding a use can have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import libcst as cst
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

How: TypeAlias = Literal["value", "enter", "item", "caught", "parameter", "import", "function", "class", "unknown"]

_INLINE = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_BLOCKS = (cst.IndentedBlock, cst.SimpleStatementSuite)


@dataclass(eq=False, repr=False)
class Scope:
    """A module, class or function, or a comprehension, whose names belong to what is around it as well."""

    kind: Literal["module", "class", "function", "inline"]
    parent: Scope | None
    node: cst.CSTNode
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, Literal["global", "nonlocal"]] = field(default_factory=dict)
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    """Of a class: what its methods assign to attributes of `self`."""


@dataclass(frozen=True)
class Position:
    """Where a node stands: how far into the source, in which blocks of its function, and in which loops."""

    scope: Scope
    order: int
    blocks: tuple[int, ...]
    loops: tuple[int, ...]


@dataclass(eq=False, repr=False)
class Binding:
    """Something that gives a name a value."""

    name: str
    how: How
    at: Position
    node: cst.CSTNode | None = None
    """The expression, definition, parameter or annotation that says what the value is."""
    annotation: cst.BaseExpression | None = None
    target: str = ""
    """What an import names."""
    asynchronous: bool = False


class Index(cst.CSTVisitor):
    """Collects the scopes, the bindings, and the nodes that the rules look at, in the order of the source."""

    def __init__(self, package: Sequence[str] = ()) -> None:
        """Prepare for a module of a package, which relative imports refer to."""
        super().__init__()
        self.package = tuple(package)
        self.parents: dict[int, cst.CSTNode] = {}
        self.positions: dict[int, Position] = {}
        self.scopes: dict[int, Scope] = {}
        self.loop_ends: dict[int, int] = {}
        self.nodes: list[cst.CSTNode] = []
        self.imports: list[cst.Import | cst.ImportFrom] = []
        self.imported: dict[int, dict[str, Binding]] = {}
        """What each statement imports, by the names that it binds."""
        self.returned: dict[int, list[cst.BaseExpression]] = {}
        """What each function returns or yields."""
        self.generators: set[int] = set()
        self.module: Scope
        self._path: list[cst.CSTNode] = []
        self._scope: Scope | None = None
        self._blocks: list[tuple[int, ...]] = [()]
        self._loops: list[tuple[int, ...]] = [()]
        self._order = 0

    # The walk

    @override
    def on_visit(self, node: cst.CSTNode) -> bool:
        if self._path:
            self.parents[id(node)] = self._path[-1]
        self._path.append(node)
        if isinstance(node, cst.Module):
            self.module = self._push("module", node)
        elif isinstance(node, _INLINE):
            self._push("inline", node)
        elif isinstance(node, _BLOCKS):
            self._blocks[-1] = (*self._blocks[-1], self._next())
        elif isinstance(node, cst.Name | cst.Call | cst.Attribute | cst.Subscript | cst.SimpleString | cst.ExceptHandler):
            self.positions[id(node)] = self._here()
            self.nodes.append(node)
        elif isinstance(node, cst.Import | cst.ImportFrom):
            self.positions[id(node)] = self._here()
            self.imports.append(node)
            return False  # its names are none that are used
        elif isinstance(node, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            self.positions[id(node)] = self._here()
        return super().on_visit(node)

    @override
    def on_leave(self, original_node: cst.CSTNode) -> None:
        super().on_leave(original_node)
        self._path.pop()
        if isinstance(original_node, _INLINE):
            self._pop()
        elif isinstance(original_node, _BLOCKS):
            self._blocks[-1] = self._blocks[-1][:-1]

    @override
    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        super().on_visit_attribute(node, attribute)
        if attribute == "body" and isinstance(node, cst.FunctionDef | cst.Lambda):
            self._blocks.append(())
            self._loops.append(())
            self._push("function", node)
            self._bind_parameters(node.params)
        elif attribute == "body" and isinstance(node, cst.ClassDef):
            self._push("class", node)
        elif attribute == "body" and isinstance(node, cst.For):
            self._begin_loop()
            self._bind(node.target, "item", node.iter, asynchronous=node.asynchronous is not None)
        elif attribute == "test" and isinstance(node, cst.While):
            self._begin_loop()
        elif attribute == "body" and isinstance(node, cst.With):
            for item in node.items:
                if item.asname is not None:
                    self._bind(item.asname.name, "enter", item.item, asynchronous=node.asynchronous is not None)
        elif attribute == "body" and isinstance(node, cst.ExceptHandler) and node.name is not None:
            self._bind(node.name.name, "caught", node.type)

    @override
    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        super().on_leave_attribute(original_node, attribute)
        if attribute == "body" and isinstance(original_node, cst.FunctionDef | cst.Lambda):
            self._pop()
            self._blocks.pop()
            self._loops.pop()
        elif attribute == "body" and isinstance(original_node, cst.ClassDef):
            self._pop()
        elif attribute == "body" and isinstance(original_node, cst.For | cst.While):
            self.loop_ends[self._loops[-1][-1]] = self._next()
            self._loops[-1] = self._loops[-1][:-1]

    # What binds names, once its value has been passed

    def leave_Assign(self, original_node: cst.Assign) -> None:  # noqa: D102, N802
        for target in original_node.targets:
            self._bind(target.target, "value", original_node.value)

    def leave_AnnAssign(self, original_node: cst.AnnAssign) -> None:  # noqa: D102, N802
        annotation = original_node.annotation.annotation
        self._bind(original_node.target, "value", original_node.value, annotation=annotation)

    def leave_NamedExpr(self, original_node: cst.NamedExpr) -> None:  # noqa: D102, N802
        self._bind(original_node.target, "value", original_node.value)

    def leave_AugAssign(self, original_node: cst.AugAssign) -> None:  # noqa: D102, N802
        self._bind(original_node.target, "unknown", None)

    def leave_Del(self, original_node: cst.Del) -> None:  # noqa: D102, N802
        self._bind(original_node.target, "unknown", None)

    def leave_CompFor(self, original_node: cst.CompFor) -> None:  # noqa: D102, N802
        asynchronous = original_node.asynchronous is not None
        self._bind(original_node.target, "item", original_node.iter, asynchronous=asynchronous)

    def leave_MatchAs(self, original_node: cst.MatchAs) -> None:  # noqa: D102, N802
        if original_node.name is not None:
            self._bind(original_node.name, "unknown", None)

    def leave_MatchStar(self, original_node: cst.MatchStar) -> None:  # noqa: D102, N802
        if original_node.name is not None:
            self._bind(original_node.name, "unknown", None)

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:  # noqa: D102, N802
        self._add(Binding(original_node.name.value, "function", self._here(), original_node))

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:  # noqa: D102, N802
        self._add(Binding(original_node.name.value, "class", self._here(), original_node))

    def leave_Return(self, original_node: cst.Return) -> None:  # noqa: D102, N802
        self._return(original_node.value)

    def leave_Yield(self, original_node: cst.Yield) -> None:  # noqa: D102, N802
        self.generators.add(id(self._function().node))
        self._return(original_node.value if isinstance(original_node.value, cst.BaseExpression) else None)

    def visit_Global(self, node: cst.Global) -> None:  # noqa: D102, N802
        for item in node.names:
            self._current.elsewhere[item.name.value] = "global"

    def visit_Nonlocal(self, node: cst.Nonlocal) -> None:  # noqa: D102, N802
        for item in node.names:
            self._current.elsewhere[item.name.value] = "nonlocal"

    def leave_Import(self, original_node: cst.Import) -> None:  # noqa: D102, N802
        for alias in original_node.names:
            path = dotted(alias.name)
            if alias.asname is not None:
                self._import(original_node, cst.ensure_type(alias.asname.name, cst.Name).value, path)
            else:
                first = path.partition(".")[0]
                self._import(original_node, first, first)

    def leave_ImportFrom(self, original_node: cst.ImportFrom) -> None:  # noqa: D102, N802
        if isinstance(original_node.names, cst.ImportStar):
            return
        module = self.module_of(original_node)
        for alias in original_node.names:
            name = cast("cst.Name", alias.name).value
            bound = name if alias.asname is None else cst.ensure_type(alias.asname.name, cst.Name).value
            self._import(original_node, bound, f"{module}.{name}" if module else name)

    def _import(self, node: cst.Import | cst.ImportFrom, name: str, target: str) -> None:
        binding = Binding(name, "import", self._here(), target=target)
        self.imported.setdefault(id(node), {})[name] = binding
        self._add(binding)

    def module_of(self, node: cst.ImportFrom) -> str:
        """Return the module that a statement imports from; a relative one begins with the module's own package."""
        module = "" if node.module is None else dotted(node.module)
        level = len(node.relative)
        if not level:
            return module
        package = self.package[: len(self.package) - level + 1] if level > 1 else self.package
        return ".".join(("", *package, *([module] if module else [])))

    # Looking up

    def lookup(self, name: str, at: Position) -> list[Binding] | None:
        """Return the bindings that a use of a name can have; None if nothing in the source binds it."""
        scope: Scope | None = at.scope
        direct = True  # code that runs where it stands: the order of statements counts
        while scope is not None:
            if name in scope.bindings and not (scope.kind == "class" and not direct):
                found = scope.bindings[name]
                return self._reaching(found, at) if direct and scope.kind != "inline" else found
            if scope.kind == "function":
                direct = False
            scope = scope.parent
        return None

    def _reaching(self, bindings: list[Binding], at: Position) -> list[Binding]:
        """Return those of a scope's own bindings that can be the last ones before a place in the same scope."""
        found: list[Binding] = []
        outermost = len(at.loops)  # loops from here on are inside what decides
        for binding in reversed(bindings):
            if _body(binding.at.scope) is not _body(at.scope):  # by `global`, in a function that runs at any time
                found.append(binding)
                continue
            if binding.at.order > at.order:
                continue
            found.append(binding)
            if at.blocks[: len(binding.at.blocks)] == binding.at.blocks:
                outermost = len(binding.at.loops)
                break
        else:
            outermost = 0
        for loop in at.loops[outermost:]:  # the end of a turn reaches the next one
            found += [each for each in bindings if at.order < each.at.order <= self.loop_ends[loop]]
        return found or bindings

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield what a node is part of, from its parent to the module."""
        while (parent := self.parents.get(id(node))) is not None:
            yield parent
            node = parent

    # Helpers

    @property
    def _current(self) -> Scope:
        if self._scope is None:
            raise RuntimeError("a module is visited first")
        return self._scope

    def _next(self) -> int:
        self._order += 1
        return self._order

    def _function(self) -> Scope:
        return _body(self._current)

    def _return(self, value: cst.BaseExpression | None) -> None:
        if value is not None:
            self.returned.setdefault(id(self._function().node), []).append(value)

    def _here(self) -> Position:
        return Position(self._current, self._next(), self._blocks[-1], self._loops[-1])

    def _push(self, kind: Literal["module", "class", "function", "inline"], node: cst.CSTNode) -> Scope:
        self._scope = self.scopes[id(node)] = Scope(kind, self._scope, node)
        return self._scope

    def _pop(self) -> None:
        self._scope = self._current.parent

    def _begin_loop(self) -> None:
        self._loops[-1] = (*self._loops[-1], self._next())

    def _bind_parameters(self, parameters: cst.Parameters) -> None:
        plain = (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
        for parameter in plain:
            annotation = None if parameter.annotation is None else parameter.annotation.annotation
            self._add(Binding(parameter.name.value, "parameter", self._here(), parameter, annotation))
        for star in (parameters.star_arg, parameters.star_kwarg):
            if isinstance(star, cst.Param):
                self._add(Binding(star.name.value, "unknown", self._here()))

    def _bind(
        self,
        target: cst.CSTNode,
        how: How,
        value: cst.BaseExpression | None,
        *,
        annotation: cst.BaseExpression | None = None,
        asynchronous: bool = False,
    ) -> None:
        """Bind what a target names: a name, an attribute of `self`, or the parts of a tuple."""
        if isinstance(target, cst.Name):
            at = self._here()
            self._add(Binding(target.value, how, at, value, annotation, asynchronous=asynchronous))
        elif isinstance(target, cst.Attribute):
            self._bind_attribute(target, Binding(target.attr.value, how, self._here(), value, annotation))
        elif isinstance(target, cst.Tuple | cst.List):
            if how == "item" and len(target.elements) == 2 and (counted := _counted(value)) is not None:
                self._bind(target.elements[1].value, "item", counted)
                return
            values = value.elements if how == "value" and isinstance(value, cst.Tuple | cst.List) else None
            paired = values is not None and len(values) == len(target.elements)
            for number, element in enumerate(target.elements):
                one = values[number].value if values is not None and paired else None
                self._bind(element.value, "value" if one is not None else "unknown", one)
        elif isinstance(target, cst.StarredElement):
            self._bind(target.value, "unknown", None)

    def _bind_attribute(self, target: cst.Attribute, binding: Binding) -> None:
        """Store what a method assigns to an attribute of its first parameter, with the class."""
        method = self._function()
        owner = method.parent
        if owner is None or owner.kind != "class" or not isinstance(method.node, cst.FunctionDef):
            return
        parameters = (*method.node.params.posonly_params, *method.node.params.params)
        if parameters and isinstance(target.value, cst.Name) and target.value.value == parameters[0].name.value:
            owner.attributes.setdefault(binding.name, []).append(binding)

    def _add(self, binding: Binding) -> None:
        # What `:=` binds in a comprehension belongs to the function around it; targets of `for` do not.
        scope = _body(self._current) if binding.how == "value" else self._current
        where = scope.elsewhere.get(binding.name)
        if where == "global":
            scope = self.module
        elif where == "nonlocal":
            outer = scope.parent
            while outer is not None and (outer.kind == "class" or binding.name not in outer.bindings):
                outer = outer.parent
            scope = outer or scope
        scope.bindings.setdefault(binding.name, []).append(binding)


def _body(scope: Scope) -> Scope:
    """Return the scope whose code runs together with that of a comprehension."""
    while scope.kind == "inline" and scope.parent is not None:
        scope = scope.parent
    return scope


def _counted(value: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """Return what `enumerate(…)` counts."""
    if isinstance(value, cst.Call) and isinstance(value.func, cst.Name) and value.func.value == "enumerate" and value.args:
        return value.args[0].value
    return None


def dotted(node: cst.BaseExpression) -> str:
    """Return the text of a dotted name."""
    return f"{dotted(node.value)}.{node.attr.value}" if isinstance(node, cst.Attribute) else cst.ensure_type(node, cst.Name).value
