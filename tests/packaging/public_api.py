"""The public API: `python -m tests.packaging.public_api` records it in `public_api.txt`, which is committed.

griffe reads the sources, so that the file is the same on each Python. What is in the `__all__` of a public module is
public, and so is what one reaches from there without an underscore: attributes, bases, and the types that annotations
name. docs/versioning.md says what that promises.
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import griffe

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE = ROOT / "tests" / "packaging" / "public_api.txt"
COMMAND = "python -m tests.packaging.public_api"
PACKAGE = "knock_sdk"
# Public without being in an `__all__`: the fixtures, which the entry point of pytest names.
PLUGINS = ["testing.pytest_plugin"]
# Objects that the public ones hand out or take as they are, to be passed on and not looked into: the simulator's state,
# and what counts requests.
OPAQUE = ("knock_sdk.testing.state.", "knock_sdk._core.rate_limits.")
# What another spelling of the member says already, or what only type checkers care for.
SILENT_DECORATORS = {"property", "cached_property", "overload", "override", "staticmethod", "classmethod"}

Use: TypeAlias = Literal["result", "argument", "value"]


@dataclass
class PublicAPI:
    """What is public."""

    objects: dict[str, griffe.Object]
    """Classes, functions and constants. Those that are reached, and not exported, go by their own names."""
    exported: set[str]
    """Those that can be imported."""
    synonyms: dict[str, str]
    """Further names of the same objects."""


def read_api(ref: str | None = None) -> PublicAPI:
    """Return the public API of the sources as they are, or as they were in a commit."""
    if ref is None:
        package = griffe.load(PACKAGE, search_paths=[ROOT / "src"], allow_inspection=False)
    else:
        package = griffe.load_git(PACKAGE, ref=ref, repo=ROOT, search_paths=["src"], allow_inspection=False)
    assert isinstance(package, griffe.Module)
    exported: dict[str, str] = {}
    synonyms: dict[str, str] = {}
    reached: dict[str, griffe.Object] = {}
    for name, target in _exported(package):
        if name == f"{PACKAGE}.__version__":
            continue
        if target.path in reached:
            synonyms[name] = exported[target.path]
        else:
            exported[target.path] = name
            reached[target.path] = target
    waiting = list(reached.values())
    for target in waiting:
        for named in _named_by(target, package):
            if named.path not in reached:
                reached[named.path] = named
                waiting.append(named)
    count = Counter(target.name for path, target in reached.items() if path not in exported)
    return PublicAPI(
        {
            exported.get(path) or (target.name if count[target.name] == 1 else path): target
            for path, target in reached.items()
        },
        {*exported.values(), *synonyms},
        synonyms,
    )


def _exported(package: griffe.Module) -> Iterator[tuple[str, griffe.Object]]:
    """Yield what the public modules export: those of the package itself first."""
    modules = [package]
    for module in modules:
        if module.exports is None:
            raise SystemExit(f"{module.path} is public, and has no `__all__` that says what it exports.")
        for name in sorted(map(str, module.exports)):
            target = _resolve(module[name])
            if isinstance(target, griffe.Module):
                modules.append(target)
            else:
                yield f"{module.path}.{name}", target
    for path in PLUGINS:
        for name, member in sorted(package[path].members.items()):
            if isinstance(member, griffe.Function) and not name.startswith("_"):
                yield member.path, member


def _resolve(member: griffe.Object | griffe.Alias) -> griffe.Object:
    return member.final_target if isinstance(member, griffe.Alias) else member


def _public_members(owner: griffe.Object) -> Iterator[griffe.Object]:
    """Yield the members of a class that its users see; special methods are among them."""
    for name, member in owner.members.items():
        special = name.startswith("__") and name.endswith("__") and member.is_function
        if (special or not name.startswith("_")) and not member.is_alias:
            yield _resolve(member)


def _named_by(target: griffe.Object, package: griffe.Module) -> Iterator[griffe.Object]:
    """Yield the classes and constants of the package that a public object names."""
    for name, use in _names(target):
        path = name.canonical_path
        if not path.startswith(f"{PACKAGE}.") or (use == "value" and name.name.startswith("_")):
            continue
        try:
            named = _resolve(package[path.removeprefix(f"{PACKAGE}.")])
        except KeyError:  # a type variable of the function, a member of an enumeration
            continue
        if _leads_on(named, use):
            yield named


def _leads_on(named: griffe.Object, use: Use) -> bool:
    """Tell whether a named object is public too, although it is not exported."""
    if isinstance(named, griffe.Attribute):
        return isinstance(named.parent, griffe.Module) and not str(named.value).startswith("TypeVar(")
    if not isinstance(named, griffe.Class):
        return False
    # What others write can be of these, and nobody needs to import their names for it.
    structural = any(str(base).partition("[")[0] in ("Protocol", "TypedDict") for base in named.bases)
    return structural or (use != "argument" and not named.path.startswith(OPAQUE))


def _names(target: griffe.Object) -> Iterator[tuple[griffe.ExprName, Use]]:
    """Yield the names in annotations, bases and values, each with what it stands for."""
    if isinstance(target, griffe.Class):
        yield from ((name, "result") for base in target.bases for name in _names_in(base))
        overloads = [each for group in target.overloads.values() for each in group]
        for member in (*_public_members(target), *overloads):
            yield from _names(member)
    elif isinstance(target, griffe.Function):
        yield from ((name, "result") for name in _names_in(target.returns))
        for parameter in target.parameters:
            yield from ((name, "argument") for name in _names_in(parameter.annotation))
            yield from ((name, "value") for name in _names_in(parameter.default))
    elif isinstance(target, griffe.Attribute):
        yield from ((name, "result") for name in _names_in(target.annotation))
        yield from ((name, "value") for name in _names_in(target.value))


def _names_in(expression: str | griffe.Expr | None) -> Iterable[griffe.ExprName]:
    if isinstance(expression, griffe.ExprName):
        return [expression]
    if isinstance(expression, griffe.Expr):
        return [part for part in expression.iterate(flat=True) if isinstance(part, griffe.ExprName)]
    return []


def render(api: PublicAPI) -> str:
    """Return the API as text: a line for each member, in order."""
    lines = [f"# Recorded by `{COMMAND}`; do not edit."]
    for way, target in sorted(api.objects.items(), key=lambda item: item[0].lower()):
        lines += ["", *_described(way, target)]
    lines += ["", *(f"{way} is {first}" for way, first in sorted(api.synonyms.items()))]
    return "\n".join(lines) + "\n"


def _described(way: str, target: griffe.Object) -> Iterator[str]:
    if not isinstance(target, griffe.Class):
        yield from _signatures(way, target, {})
        return
    for decorator in target.decorators:
        yield f"@{decorator.value}"
    yield f"class {way}: {', '.join(map(str, target.bases))}".removesuffix(": ")
    members = list(_public_members(target))
    if not any(str(base) == "NamedTuple" for base in target.bases):  # whose order is part of the API
        members.sort(key=lambda member: member.name)
    for member in members:
        for line in _signatures(member.name, member, target.overloads):
            yield f"    {line}"


def _signatures(name: str, target: griffe.Object, overloads: dict[str, list[griffe.Function]]) -> Iterator[str]:
    if isinstance(target, griffe.Function):
        for each in overloads.get(name) or [target]:
            yield _signature(name, each)
    elif isinstance(target, griffe.Attribute):
        yield _declaration(name, target)
    elif isinstance(target, griffe.Class):
        yield f"class {name}"


def _signature(name: str, function: griffe.Function) -> str:
    labels = sorted(function.labels & {"classmethod", "staticmethod", "async"})
    decorators = [str(decorator.value) for decorator in function.decorators]
    shown = [text for text in decorators if text.rpartition(".")[2].partition("(")[0] not in SILENT_DECORATORS]
    return " ".join([*(f"@{text}" for text in shown), *labels, f"def {function.signature(name=name)}"])


def _declaration(name: str, attribute: griffe.Attribute) -> str:
    labels = attribute.labels & {"property", "writable", "deletable"}
    annotation = "" if attribute.annotation is None else f": {attribute.annotation}"
    set_by_a_method = "instance-attribute" in attribute.labels and "class-attribute" not in attribute.labels
    hidden = attribute.value is None or labels or set_by_a_method
    return " ".join([*sorted(labels), f"{name}{annotation}"]) + ("" if hidden else f" = {attribute.value}")


def record() -> list[str]:
    """Write the file and return what has changed in it."""
    text, recorded = render(read_api()), FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    FILE.write_text(text, encoding="utf-8")
    return changes(recorded, text)


def changes(recorded: str, present: str) -> list[str]:
    """Return the lines that differ, each below the class that it belongs to."""
    lines = difflib.unified_diff(_with_owners(recorded), _with_owners(present), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _with_owners(text: str) -> list[str]:
    owner, lines = "", []
    for line in text.splitlines():
        if line.startswith("    "):
            lines.append(f"{owner}: {line.strip()}")
        elif line:
            owner = line.removeprefix("class ").partition(":")[0]
            lines.append(line)
    return lines


if __name__ == "__main__":
    print("\n".join(record()) or "The public API is recorded as it is.")
