"""What the expressions of a source are."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence  # noqa: TC003 - needed to evaluate the annotations
from types import NoneType
from typing import Any, cast, get_args, get_origin

import libcst as cst

from ..._async.pages import AsyncFeedPage, AsyncPage
from ..._sync.pages import FeedPage
from ..vendor.names import CLIENTS, MODEL_ATTRIBUTES, OURS, PAGE_ATTRIBUTES, THEIRS
from ..vendor.old_methods import OLD_METHODS, OLD_RESOURCES, STATUS_METHODS
from .annotations import of_class, value_of_annotation
from .client_methods import method, resources
from .definitions import attribute_of_class, returned_by
from .index import Binding, Index, Position
from .shapes import attribute_of, field_of, is_page, item_of
from .values import (
    Bound,
    Caught,
    Class,
    Client,
    Data,
    Function,
    Instance,
    Member,
    Nothing,
    Pending,
    Raw,
    Symbol,
    Value,
)

_RAW = {"with_raw_response": "raw", "with_streaming_response": "streaming"}
_COPIES = {"with_options", "copy"}
_KEEPS_ITEMS = {"builtins.list", "builtins.tuple", "builtins.sorted", "builtins.reversed"}
_NAMES_OF_BUILTINS = frozenset(dir(builtins))


class Inference:
    """The expressions of one source, and what they are as far as that concerns a client."""

    def __init__(
        self,
        module: cst.Module,
        package: Sequence[str] = (),
        resolve: Callable[[str], Value] | None = None,
        fixtures: Callable[[str], Value] | None = None,
    ) -> None:
        """Index a module.

        Args:
            module: the module.
            package: the package that relative imports refer to.
            resolve: what an import from another file of the project names; None if it is not of the project.
            fixtures: what a fixture of another file returns.
        """
        self.index = Index(package)
        module.visit(self.index)
        self._resolve = resolve
        self._fixtures = fixtures
        self._values: dict[int, Value] = {}
        self._definitions: dict[int, Function | Class] = {}
        self._busy: set[int] = set()

    def value(self, node: cst.CSTNode) -> Value:
        """Return what an expression is."""
        if id(node) not in self._values:
            if id(node) in self._busy:  # it depends on itself
                return None
            self._busy.add(id(node))
            try:
                self._values[id(node)] = self._infer(node)
            finally:
                self._busy.discard(id(node))
        return self._values[id(node)]

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
        return _agreed([self.bound(binding) for binding in bindings])

    def exported(self, name: str) -> Value:
        """Return what a name is at the end of the module, for other files."""
        bindings = self.index.module.bindings.get(name)
        return None if bindings is None else _agreed([self.bound(binding) for binding in bindings])

    def bound(self, binding: Binding) -> Value:
        """Return what a binding gives its name."""
        if id(binding) not in self._values:
            if id(binding) in self._busy:
                return None
            self._busy.add(id(binding))
            try:
                self._values[id(binding)] = self._infer_binding(binding)
            finally:
                self._busy.discard(id(binding))
        return self._values[id(binding)]

    def _infer_binding(self, binding: Binding) -> Value:
        node = binding.node
        if binding.how == "import":
            return self.symbol(binding.target)
        if binding.annotation is not None:
            annotated = value_of_annotation(binding.annotation, binding.at, self)
            if annotated is not None and annotated != Nothing():
                return annotated
        if binding.how == "parameter" and isinstance(node, cst.Param):
            return self._parameter(node, binding)
        if node is None or binding.how == "unknown":
            return None
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            return self.definition(node)
        if binding.how == "caught":
            return self._caught(node)
        value = self.value(node)
        if binding.how == "enter":
            return value.result if isinstance(value, Pending) else value
        return self.item(value) if binding.how == "item" else value

    def definition(self, node: cst.FunctionDef | cst.ClassDef) -> Function | Class:
        """Return a function or class of this file, the same object for the same node."""
        if id(node) not in self._definitions:
            scope = self.index.scopes[id(node)]
            self._definitions[id(node)] = (
                Function(node, scope, self) if isinstance(node, cst.FunctionDef) else Class(node, scope, self)
            )
        return self._definitions[id(node)]

    def _parameter(self, node: cst.Param, binding: Binding) -> Value:
        scope = binding.at.scope
        function, owner = scope.node, scope.parent
        if isinstance(function, cst.FunctionDef) and owner is not None and owner.kind == "class":
            parameters = (*function.params.posonly_params, *function.params.params)
            if parameters and parameters[0] is node:
                return Instance(cast("Class", self.definition(cast("cst.ClassDef", owner.node))))
        if node.default is not None and (default := self.value(node.default)) not in {None, Nothing()}:
            return default
        local = self.index.module.bindings.get(node.name.value, [])
        for other in local:
            if other.how == "function" and isinstance(other.node, cst.FunctionDef) and is_fixture(other.node):
                return returned_by(cast("Function", self.definition(other.node)))
        return None if self._fixtures is None else self._fixtures(node.name.value)

    def _caught(self, node: cst.CSTNode) -> Value:
        nodes = [element.value for element in node.elements] if isinstance(node, cst.Tuple) else [node]
        kinds = {self.value(each) for each in nodes}
        errors = {of_class(kind) for kind in kinds}
        if all(isinstance(error, Caught) for error in errors):
            return errors.pop() if len(errors) == 1 else Caught("APIError")
        return None

    def symbol(self, path: str) -> Value:
        """Return what an import names, in this project or elsewhere."""
        if path.partition(".")[0] not in {THEIRS, OURS} and self._resolve is not None:
            found = self._resolve(path)
            if found is not None:
                return found
        return Symbol(path)

    # Expressions

    def _infer(self, node: cst.CSTNode) -> Value:
        if isinstance(node, cst.Name):
            if node.value == "None":
                return Nothing()
            at = self.index.positions.get(id(node))
            return None if at is None else self.name(node.value, at)
        if isinstance(node, cst.Attribute):
            return self.attribute(self.value(node.value), node.attr.value)
        if isinstance(node, cst.Call):
            return self._call(node)
        if isinstance(node, cst.Await):
            awaited = self.value(node.expression)
            return awaited.result if isinstance(awaited, Pending) else None
        if isinstance(node, cst.Subscript):
            return self._subscript(node)
        if isinstance(node, cst.NamedExpr):
            return self.value(node.value)
        if isinstance(node, cst.IfExp):
            return _agreed([self.value(node.body), self.value(node.orelse)])
        if isinstance(node, cst.BooleanOperation):
            return _agreed([self.value(node.left), self.value(node.right)])
        if isinstance(node, cst.ListComp):
            element = self.value(node.elt)
            return Data(list[cast("Any", element.type)]) if isinstance(element, Data) else None
        return None

    def attribute(self, owner: Value, name: str) -> Value:
        """Return what an attribute is."""
        if isinstance(owner, Symbol):
            return self.symbol(f"{owner.path}.{name}")
        if isinstance(owner, Client):
            owner = Member("", owner.asynchronous)
        if isinstance(owner, Member):
            if name in _RAW:
                return Member(owner.path, owner.asynchronous, cast("Any", _RAW[name]))
            return Member(f"{owner.path}.{name}".lstrip("."), owner.asynchronous, owner.raw) if is_resource(owner) else None
        if isinstance(owner, Data):
            known = {**MODEL_ATTRIBUTES, **(PAGE_ATTRIBUTES if is_page(owner.type) else {})}
            found = attribute_of(owner.type, known.get(name, name))
            return None if found is None else Data(found)
        if isinstance(owner, Caught) and not owner.part and name in {"response", "request"}:
            return Caught(owner.name, cast("Any", name))
        if isinstance(owner, Instance | Class):
            return attribute_of_class(owner, name)
        return None

    def item(self, value: Value) -> Value:
        """Return what iterating over a value yields."""
        if isinstance(value, Pending) and isinstance(value.result, Data) and is_page(value.result.type):
            value = value.result
        found = item_of(value.type) if isinstance(value, Data) else None
        return None if found is None else Data(found)

    def _subscript(self, node: cst.Subscript) -> Value:
        value = self.value(node.value)
        index = node.slice[0].slice
        if not isinstance(value, Data) or len(node.slice) != 1:
            return None
        if isinstance(index, cst.Slice):
            return Data(value.type) if item_of(value.type) is not None and not is_page(value.type) else None
        if isinstance(index.value, cst.SimpleString) and isinstance(index.value.evaluated_value, str):
            field = field_of(value.type, index.value.evaluated_value)
            return None if field is None else Data(field.type)
        origin = get_origin(value.type)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return Data(get_args(value.type)[1])
        return self.item(value)

    def _call(self, node: cst.Call) -> Value:
        function = self.value(node.func)
        if isinstance(function, Member):
            return self.result(function, node)
        if isinstance(function, Symbol):
            return self._call_of_symbol(function, node)
        if isinstance(function, Function):
            return returned_by(function)
        if isinstance(function, Bound):
            return returned_by(function.function)
        if isinstance(function, Class):
            return Instance(function)
        if isinstance(node.func, cst.Attribute):
            return self._call_of_attribute(self.value(node.func.value), node.func.attr.value, node)
        return None

    def _call_of_symbol(self, function: Symbol, node: cst.Call) -> Value:
        created = of_class(function)
        if isinstance(created, Client | Caught):
            return created
        if not node.args:
            return None
        if function.path in _KEEPS_ITEMS:
            item = self.item(self.value(node.args[0].value))
            return Data(list[cast("Any", item.type)]) if isinstance(item, Data) else None
        if function.path in {"asyncio.run", "anyio.run", "asgiref.sync.async_to_sync"}:
            value = self.value(node.args[0].value)
            return value.result if isinstance(value, Pending) else None
        if function.path == "typing.cast" and (at := self.index.positions.get(id(node))) is not None:
            return value_of_annotation(node.args[0].value, at, self)
        return None

    def _call_of_attribute(self, owner: Value, name: str, node: cst.Call) -> Value:
        if isinstance(owner, Raw) and name == "parse":
            return Pending(owner.result) if owner.asynchronous else owner.result
        if isinstance(owner, Pending) and isinstance(owner.result, Data) and is_page(owner.result.type):
            owner = owner.result
        if not isinstance(owner, Data):
            return None
        if is_page(owner.type):
            if name == "get_next_page":
                asynchronous = (get_origin(owner.type) or owner.type) in {AsyncPage, AsyncFeedPage}
                return Pending(Data(owner.type, whole=True)) if asynchronous else Data(owner.type, whole=True)
            if name in {"iter_pages", "pages"}:
                return Data(list[cast("Any", owner.type)])
        if name == "get" and node.args and isinstance(key := node.args[0].value, cst.SimpleString):
            field = field_of(owner.type, str(key.evaluated_value))
            return None if field is None else Data(field.type)
        return None

    def result(self, called: Member, node: cst.Call) -> Value:
        """Return what a method of a client returns."""
        if called.path in _COPIES:
            return Client(called.asynchronous)
        known = method(self.target(called.path, node))
        if known is None or called.path in {"get", "post", "put", "delete", "patch", "request"}:
            return None
        result: Value = Nothing()
        if known.result is not NoneType:
            result = Data(_asynchronous(known.result) if called.asynchronous else known.result, whole=True)
        if called.raw:
            result = Raw(result, called.raw, called.asynchronous)
            return Pending(result) if called.asynchronous or called.raw == "streaming" else result
        return Pending(result) if called.asynchronous else result

    @staticmethod
    def target(path: str, node: cst.Call) -> str:
        """Return the path here of a method that is called."""
        if method(path) is not None or path not in OLD_METHODS:
            return path
        target = OLD_METHODS[path].target
        for argument in node.args if path in STATUS_METHODS else ():
            if isinstance(argument.value, cst.SimpleString):
                status = STATUS_METHODS[path].get(str(argument.value.evaluated_value))
                if status is not None:
                    return target.format(status=status)
        return target


def is_resource(member: Member) -> bool:
    """Return whether an attribute of a client has attributes of its own."""
    return member.path in resources() or member.path in OLD_RESOURCES


def is_fixture(node: cst.FunctionDef) -> bool:
    """Return whether a function is a fixture of pytest."""
    for decorator in node.decorators:
        expression = decorator.decorator
        if isinstance(expression, cst.Call):
            expression = expression.func
        name = expression.attr if isinstance(expression, cst.Attribute) else expression
        if isinstance(name, cst.Name) and name.value == "fixture":
            return True
    return False


def _asynchronous(result: object) -> object:
    """Return the type that the asynchronous client has for a page of the synchronous one."""
    if result is FeedPage:
        return AsyncFeedPage
    return AsyncPage[cast("Any", get_args(result)[0])] if is_page(result) else result


def _agreed(values: list[Value]) -> Value:
    """Return what all values are, apart from None; nothing is known if they differ."""
    kept = [value for value in values if value != Nothing()]
    if not kept:
        return Nothing() if values else None
    return kept[0] if all(value == kept[0] for value in kept) else None


__all__ = ["CLIENTS", "Inference", "is_fixture", "is_resource"]
