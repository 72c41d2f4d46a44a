"""The client's methods, as the modules of its resources define them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import griffe

from codegen.generators.operations import constant
from codegen.unasync import TREES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codegen.contract.document import Contract, Operation

_OPERATION = re.compile(r"\bop\.([A-Z_]+)")
_MODULE_PREFIX = re.compile(r"\b(?:[tp]|builtins)\.(?=\w)")
_SHORT = 100
"""Signatures with fewer characters are written on one line."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a method."""

    name: str
    type: str
    is_required: bool
    description: str


@dataclass(frozen=True)
class Method:
    """A method of the synchronous client."""

    name: str
    """Dotted name on a client, such as `users.bulk.identify`."""
    operation: Operation | None
    """The operation that it calls; None for jobs, which call one many times."""
    signature: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    returns: str
    """Type of the result."""
    returned: str
    """What the result is; empty if there is none."""

    @property
    def resource(self) -> str:
        """Name of the resource, such as `users`."""
        return self.name.partition(".")[0]


def read_methods(contract: Contract, made: Path) -> list[Method]:
    """Return the methods of all resources: those of operations in the order of their names, then the jobs."""
    called = {constant(operation.id): operation for operation in contract.operations if operation.method}
    found = [
        _method(function, operation)
        for path in sorted((made / TREES[0].target / "resources").glob("[a-z]*.py"))
        for function, operation in _functions(path, called)
    ]
    return sorted(found, key=lambda method: (method.operation is None, method.name.count("."), method.name))


def _functions(path: Path, called: dict[str, Operation]) -> Iterator[tuple[griffe.Function, Operation]]:
    """Yield the public functions of a module that name an operation."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    module = griffe.visit(path.stem, filepath=path, code=text)
    for holder in module.classes.values():
        for function in holder.functions.values():
            body = "\n".join(lines[(function.lineno or 1) - 1 : function.endlineno])
            named = [called[name] for name in _OPERATION.findall(body) if name in called]
            if named and not function.name.startswith("_"):
                yield function, named[0]


def _method(function: griffe.Function, operation: Operation) -> Method:
    prefix, _, name = str(operation.method).rpartition(".")
    text, described, returned = "", dict[str, str](), ""
    for section in (function.docstring or griffe.Docstring("")).parse("google", warnings=False):
        if isinstance(section, griffe.DocstringSectionText):
            text = section.value
        elif isinstance(section, griffe.DocstringSectionParameters):
            described = {each.name: each.description for each in section.value}
        elif isinstance(section, griffe.DocstringSectionReturns):
            returned = " ".join(section.value[0].description.split())
    summary, _, description = text.partition("\n\n")
    return Method(
        name=f"{prefix}.{function.name}",
        operation=operation if function.name == name else None,
        signature=_signature(function),
        summary=summary,
        # The request is shown apart from it.
        description=_unwrapped(re.sub(r"^`[A-Z]+ /v1/\S+`\.\s*", "", description)),
        parameters=tuple(_parameters(function, described)),
        returns=_plain(function.returns),
        returned=returned,
    )


def _unwrapped(text: str) -> str:
    """Return paragraphs of prose with one line each."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _parameters(function: griffe.Function, described: dict[str, str]) -> Iterator[Parameter]:
    for parameter in function.parameters:
        if parameter.name in {"self", "options"}:
            continue
        types = _plain(parameter.annotation).split(" | ")
        yield Parameter(
            name=parameter.name,
            type=" | ".join(each for each in types if each != "NotGiven"),
            is_required=parameter.default is None,
            description=" ".join(described.get(parameter.name, "").split()),
        )


def _signature(function: griffe.Function) -> str:
    """Return the signature as in a stub, without `self`."""
    parts: list[str] = []
    keyword_only = False
    for parameter in function.parameters:
        if parameter.name == "self":
            continue
        if parameter.kind is griffe.ParameterKind.keyword_only and not keyword_only:
            keyword_only = True
            parts.append("*")
        stars = "**" if parameter.kind is griffe.ParameterKind.var_keyword else ""
        default = "" if parameter.default is None or stars else f" = {parameter.default}"
        parts.append(f"{stars}{parameter.name}: {_plain(parameter.annotation)}{default}")
    short = f"def {function.name}({', '.join(parts)}) -> {_plain(function.returns)}"
    if len(short) < _SHORT:
        return short
    inside = "".join(f"    {part},\n" for part in parts)
    return f"def {function.name}(\n{inside}) -> {_plain(function.returns)}"


def _plain(annotation: griffe.Expr | str | None) -> str:
    """Return an annotation with the names that users import."""
    return _MODULE_PREFIX.sub("", " ".join(str(annotation).split()))
