"""What the expressions of a source are."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin

import libcst as cst

from .._vendor.names import MODEL_ATTRIBUTES, OURS, PAGE_ATTRIBUTES, THEIRS
from .._vendor.old_methods import OLD_RESOURCES
from .annotations import of_class, value_of_annotation
from .client_methods import resources
from .definitions import attribute_of_class
from .index import Index
from .parameters import value_of_parameter
from .parsing import TOO_DEEP, parse
from .results import value_of_call
from .shapes import attribute_of, field_of, is_page, item_of, list_of
from .values import Caught, Class, Client, Data, Function, Instance, Member, Nothing, Pending, Symbol, Value, agreed

if TYPE_CHECKING:
    from .scopes import Binding, Position

_RAW: Mapping[str, Literal["raw", "streaming"]] = {"with_raw_response": "raw", "with_streaming_response": "streaming"}
_NAMES_OF_BUILTINS = frozenset(dir(builtins))


class Surroundings(NamedTuple):
    """What a source can have from other files."""

    package: tuple[str, ...] = ()
    """The package that relative imports refer to."""
    resolve: Callable[[str], Value] = lambda _: None
    """What an import from another file of the project names; None if it is not of the project."""
    fixture: Callable[[str], Value] = lambda _: None
    """What a fixture of another file returns."""
    is_shared: Callable[[str], bool] = lambda _: False
    """Whether another file may use a name of this one."""


class Inference:
    """The expressions of one source, and what they are as far as that concerns a client."""

    def __init__(self, module: cst.Module, project: Surroundings) -> None:
        """Index a module."""
        self.index = Index(project.package)
        module.visit(self.index)
        self._project = project
        self._values: dict[int, Value] = {}
        self._busy: set[int] = set()
        self._definitions: dict[int, Function | Class] = {}
        self._calls: dict[str, list[cst.Call]] | None = None

    def value(self, node: cst.CSTNode) -> Value:
        """Return what an expression is."""
        return self._once(node, self._infer)

    def bound(self, binding: Binding) -> Value:
        """Return what a binding gives its name."""
        return self._once(binding, self._infer_binding)

    def _once(self, key: Any, infer: Callable[[Any], Value]) -> Value:
        """Return a value that is inferred once; nothing is known about one that depends on itself."""
        if id(key) not in self._values:
            if id(key) in self._busy:
                return None
            self._busy.add(id(key))
            try:
                self._values[id(key)] = infer(key)
            finally:
                self._busy.discard(id(key))
        return self._values[id(key)]

    def named(self, node: cst.CSTNode, at: Position) -> Value:
        """Return what a dotted name is at a place."""
        if isinstance(node, cst.Attribute):
            return self.attribute(self.named(node.value, at), node.attr.value)
        return self.name(node.value, at) if isinstance(node, cst.Name) else None

    def name(self, name: str, at: Position) -> Value:
        """Return what a name is at a place."""
        bindings = self.index.lookup(name, at)
        if bindings is None:
            return Symbol(f"builtins.{name}") if name in _NAMES_OF_BUILTINS else None
        return agreed(map(self.bound, bindings))

    def exported(self, name: str) -> Value:
        """Return what a name is for other files."""
        return agreed(map(self.bound, self.index.module.bindings.get(name, ())))

    def definition(self, node: cst.FunctionDef | cst.ClassDef) -> Function | Class:
        """Return a function or class of this file, the same object for the same node."""
        if id(node) not in self._definitions:
            scope = self.index.scopes[id(node)]
            self._definitions[id(node)] = (
                Function(node, scope, self) if isinstance(node, cst.FunctionDef) else Class(node, scope, self)
            )
        return self._definitions[id(node)]

    def symbol(self, path: str) -> Value:
        """Return what an import names, in this project or elsewhere."""
        foreign = path.partition(".")[0] not in {THEIRS, OURS}
        return (self._project.resolve(path) if foreign else None) or Symbol(path)

    def fixture(self, name: str) -> Value:
        """Return what a fixture of another file returns."""
        return self._project.fixture(name)

    def is_shared(self, name: str) -> bool:
        """Return whether another file may use a name of this one."""
        return self._project.is_shared(name)

    def calls_of(self, name: str) -> list[cst.Call]:
        """Return the calls of functions and methods with a name."""
        if self._calls is None:
            self._calls = {}
            for node in self.index.nodes:
                if isinstance(node, cst.Call) and isinstance(node.func, cst.Name | cst.Attribute):
                    called = node.func.value if isinstance(node.func, cst.Name) else node.func.attr.value
                    self._calls.setdefault(called, []).append(node)
        return self._calls.get(name, [])

    def attribute(self, owner: Value, name: str) -> Value:
        """Return what an attribute is."""
        if isinstance(owner, Symbol):
            return self.symbol(f"{owner.path}.{name}")
        if isinstance(owner, Client | Member):
            return _member(owner, name)
        if isinstance(owner, Data):
            known = {**MODEL_ATTRIBUTES, **(PAGE_ATTRIBUTES if is_page(owner.type) else {})}
            found = attribute_of(owner.type, known.get(name, name))
            return None if found is None else Data(found)
        if isinstance(owner, Instance | Class):
            return attribute_of_class(owner, name)
        if isinstance(owner, Caught) and not owner.part and name in {"response", "request"}:
            return Caught(owner.name, "response" if name == "response" else "request")
        return None

    @staticmethod
    def item(value: Value) -> Value:
        """Return what iterating over a value yields."""
        if isinstance(value, Pending) and isinstance(value.result, Data) and is_page(value.result.type):
            value = value.result
        found = item_of(value.type) if isinstance(value, Data) else None
        return None if found is None else Data(found)

    def _infer_binding(self, binding: Binding) -> Value:
        if binding.how == "import":
            return self.symbol(binding.target)
        annotated = None
        if binding.annotation is not None:
            annotated = value_of_annotation(binding.annotation, binding.at, self)
        if annotated not in {None, Nothing()}:
            return annotated
        node = binding.node
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            return self.definition(node)
        if isinstance(node, cst.Param):
            return value_of_parameter(self, node, binding.at.scope)
        return None if node is None or binding.how == "unknown" else self._of_expression(binding, node)

    def _of_expression(self, binding: Binding, node: cst.CSTNode) -> Value:
        if binding.how == "caught":
            return self._caught(node)
        value = self.value(node)
        if binding.how == "enter" and isinstance(value, Pending):
            return value.result
        return self.item(value) if binding.how == "item" else value

    def _caught(self, node: cst.CSTNode) -> Value:
        nodes = [element.value for element in node.elements] if isinstance(node, cst.Tuple) else [node]
        errors = {of_class(self.value(each)) for each in nodes}
        if not all(isinstance(error, Caught) for error in errors):
            return None
        return errors.pop() if len(errors) == 1 else Caught("APIError")

    def _infer(self, node: cst.CSTNode) -> Value:
        infer = _EXPRESSIONS.get(type(node))
        return None if infer is None else infer(self, node)


def read(source: str, project: Surroundings | None = None) -> Inference | tuple[int, str]:
    """Return the expressions of a source, or the line and the problem if it cannot be parsed."""
    module = parse(source)
    if not isinstance(module, cst.Module):
        return module
    try:
        return Inference(module, project or Surroundings())
    except RecursionError:
        return 1, TOO_DEEP


def _name(file: Inference, node: cst.Name) -> Value:
    at = file.index.positions.get(id(node))
    if node.value == "None":
        return Nothing()
    return None if at is None else file.name(node.value, at)


def _awaited(file: Inference, node: cst.Await) -> Value:
    value = file.value(node.expression)
    return value.result if isinstance(value, Pending) else None


def _subscript(file: Inference, node: cst.Subscript) -> Value:
    value = file.value(node.value)
    index = node.slice[0].slice
    if not isinstance(value, Data) or len(node.slice) != 1:
        return None
    if not isinstance(index, cst.Index):
        is_list = item_of(value.type) is not None and not is_page(value.type)
        return Data(value.type) if is_list else None
    if isinstance(index.value, cst.SimpleString):
        field = field_of(value.type, str(index.value.evaluated_value))
        return None if field is None else Data(field.type)
    origin = get_origin(value.type)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Data(get_args(value.type)[1])
    return file.item(value)


def _comprehension(file: Inference, node: cst.ListComp) -> Value:
    element = file.value(node.elt)
    return Data(list_of(element.type)) if isinstance(element, Data) else None


_EXPRESSIONS: Mapping[type[cst.CSTNode], Callable[[Inference, Any], Value]] = {
    cst.Name: _name,
    cst.Attribute: lambda file, node: file.attribute(file.value(node.value), node.attr.value),
    cst.Call: value_of_call,
    cst.Await: _awaited,
    cst.Subscript: _subscript,
    cst.NamedExpr: lambda file, node: file.value(node.value),
    cst.IfExp: lambda file, node: agreed(map(file.value, (node.body, node.orelse))),
    cst.BooleanOperation: lambda file, node: agreed(map(file.value, (node.left, node.right))),
    cst.ListComp: _comprehension,
}


def _member(owner: Client | Member, name: str) -> Value:
    if isinstance(owner, Client):
        owner = Member("", owner.asynchronous)
    if name in _RAW:
        return Member(owner.path, owner.asynchronous, _RAW[name])
    path = f"{owner.path}.{name}".lstrip(".")
    return Member(path, owner.asynchronous, owner.raw) if is_resource(owner) else None


def is_resource(member: Member) -> bool:
    """Return whether an attribute of a client has attributes of its own."""
    return member.path in resources() or member.path in OLD_RESOURCES
