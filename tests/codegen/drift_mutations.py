"""Changes of a contract at one place, each with the line that `codegen drift` has for it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Node = dict[str, Any]

VERBS = ("get", "put", "post", "delete")


class Mutation(NamedTuple):
    """A change at one place of a document."""

    kind: str
    place: str
    """The end of the line's location."""
    change: Callable[[Node], object]
    """Changes a copy of the document."""

    def __repr__(self) -> str:
        """Return kind and place, which hypothesis shows."""
        return f"{self.kind} at {self.place}"


def mutations(document: Node) -> Iterator[Mutation]:
    """Yield every change of the kinds that a report has."""
    for path, item in document["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield from _of_operation(document, path, verb)
    for name, schema in document["components"]["schemas"].items():
        if "enum" in schema:
            yield Mutation("value", " = new", lambda copied, name=name: _schema(copied, name)["enum"].append("new"))
        yield from _of_schema(document, ("components", "schemas", name), name)


def _schema(document: Node, name: str) -> Node:
    found: Node = document["components"]["schemas"][name]
    return found


def at(document: Node, where: tuple[Any, ...]) -> Any:
    """Return the node at a path of keys."""
    node: Any = document
    for key in where:
        node = node[key]
    return node


def _of_operation(document: Node, path: str, verb: str) -> Iterator[Mutation]:
    where, name = ("paths", path, verb), f"{verb.upper()} {path}"
    operation = at(document, where)

    def edit(change: Callable[[Node], object]) -> Callable[[Node], object]:
        return lambda copied: change(at(copied, where))

    yield Mutation("tier", f"{name}: ", edit(lambda one: one.update({"x-knock-tier": 9})))
    yield Mutation("security", f"{name}: ", edit(lambda one: one.update(security=[{}])))
    yield Mutation("deprecated", name, edit(lambda one: one.update(deprecated=not one.get("deprecated", False))))
    for status in operation["responses"]:
        if status.startswith("2"):
            yield Mutation(
                "response", f"{name} {status}", edit(lambda one, status=status: one["responses"].pop(status))
            )
    yield Mutation("response", f"{name} 299", edit(lambda one: one["responses"].update({"299": {"description": ""}})))
    new = {"name": "new", "in": "query", "schema": {"type": "string"}}
    yield Mutation(
        "parameter", f"{name} query new", edit(lambda one: one.update(parameters=[*one.get("parameters", ()), new]))
    )
    for index, written in enumerate(operation.get("parameters", ())):
        parameter = _resolve(document, written)
        if parameter["in"] != "query":
            continue
        label = f"{name} query {plain(parameter['name'])}"

        def replace(change: Callable[[Node], object], index: int = index, parameter: Node = parameter) -> Any:
            own = copy.deepcopy(parameter)
            change(own)
            return edit(lambda one: one["parameters"].__setitem__(index, own))

        yield Mutation("parameter", label, edit(lambda one, index=index: one["parameters"].pop(index)))
        yield Mutation("required", label, replace(lambda one: one.update(required=not one.get("required", False))))
        yield Mutation(
            "deprecated", label, replace(lambda one: one.update(deprecated=not one.get("deprecated", False)))
        )
        if parameter.get("schema", {}).get("type") == "array":
            yield Mutation("limit", f"{label} maxItems: ", replace(lambda one: one["schema"].update(maxItems=7777)))
    if "requestBody" in operation:
        yield Mutation(
            "required",
            f"{name} body",
            edit(lambda one: one["requestBody"].update(required=not one["requestBody"].get("required", False))),
        )


def plain(name: str) -> str:
    """Return the name of a parameter as reports show it."""
    return name.removesuffix("[]").replace("[", ".").replace("]", "")


def _resolve(document: Node, node: Node) -> Node:
    while "$ref" in node:
        node = at(document, tuple(node["$ref"][2:].split("/")))
    return node


def _of_schema(document: Node, where: tuple[Any, ...], label: str) -> Iterator[Mutation]:
    """Yield the changes of the properties of a schema, and of those inside of it."""
    schema = at(document, where)
    for name, field in schema.get("properties", {}).items():
        inner, below = (*where, "properties", name), f"{label}.{name}"

        def edit(change: Callable[[Node], object], inner: tuple[Any, ...] = inner) -> Callable[[Node], object]:
            return lambda copied: change(at(copied, inner))

        def toggle(copied: Node, name: str = name) -> None:
            owner = at(copied, where)
            names = owner.get("required", [])
            owner["required"] = [one for one in names if one != name] if name in names else [*names, name]

        yield Mutation("required", below, toggle)
        yield Mutation("deprecated", below, edit(lambda one: one.update(deprecated=not one.get("deprecated", False))))
        yield Mutation("field", below, lambda copied, name=name: at(copied, where)["properties"].pop(name))
        kinds = field.get("type")
        listed = kinds if isinstance(kinds, list) else [kinds]
        if kinds is not None:
            without = [kind for kind in listed if kind != "null"]
            changed = without if "null" in listed else [*listed, "null"]
            if None not in field.get("enum", ()):
                yield Mutation("null", below, edit(lambda one, changed=changed: one.update(type=changed)))
            other = "integer" if "string" in listed else "string"
            if "enum" not in field:
                kept = [other, *(["null"] if "null" in listed else [])]
                yield Mutation("type", f"{below}: ", edit(lambda one, kept=kept: one.update(type=kept)))
            limit = "maxItems" if "array" in listed else "maxLength" if "string" in listed else "maximum"
            yield Mutation("limit", f"{below} {limit}: ", edit(lambda one, limit=limit: one.update({limit: 7777})))
            if "string" in listed:
                yield Mutation("limit", f"{below} pattern: ", edit(lambda one: one.update(pattern="^x")))
                yield Mutation("limit", f"{below} format: ", edit(lambda one: one.update(format="x")))
        if "enum" in field:
            yield Mutation("value", f"{below} = new", edit(lambda one: one["enum"].append("new")))
        yield from _of_schema(document, inner, below)
