"""Names of the constants and classes that stand for workflows in a generated module."""

from __future__ import annotations

import re
from itertools import chain, count
from keyword import iskeyword
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

IMPORTED = {
    "builtins": frozenset({"bool", "dict", "float", "int", "list", "object", "str"}),
    "datetime": frozenset({"date"}),
    "knock_sdk.workflows": frozenset({"Omittable", "Workflow", "WorkflowData"}),
    "pydantic": frozenset({"AwareDatetime", "ConfigDict", "Field", "RootModel", "StringConstraints"}),
    "typing": frozenset({"Annotated", "Any", "Literal"}),
    "typing_extensions": frozenset({"TypeAliasType"}),
    "uuid": frozenset({"UUID"}),
}
"""What generated modules may import."""

RESERVED = frozenset(name for names in IMPORTED.values() for name in names)
"""Names that no workflow gets."""

_WORD = re.compile(r"[^\W_]+")


class Names(NamedTuple):
    """The names that stand for a workflow."""

    constant: str
    model: str


def choose_names(keys: Iterable[str]) -> dict[str, Names]:
    """Return the names of workflows by their keys: identifiers, all different, the same in whatever order."""
    ordered = sorted(set(keys))
    used = set(RESERVED)
    constants = {key: _first_free(_constants(key), used) for key in ordered}
    return {key: Names(constants[key], _first_free(_models(key), used)) for key in ordered}


def _first_free(candidates: Iterator[str], used: set[str]) -> str:
    name = next(name for name in candidates if name not in used and not iskeyword(name))
    used.add(name)
    return name


def _constants(key: str) -> Iterator[str]:
    name = _identifier("_".join(_WORD.findall(_normal(key))).upper(), "WORKFLOW_")
    return chain([name, f"{name}_WORKFLOW"][: 2 if name in RESERVED else 1], (f"{name}_{n}" for n in count(2)))


def _models(key: str) -> Iterator[str]:
    name = _identifier("".join(word[:1].upper() + word[1:] for word in _WORD.findall(_normal(key))), "Workflow")
    return chain([name, f"{name}Data"], (f"{name}Data{n}" for n in count(2)))


def _identifier(name: str, before: str) -> str:
    name = _normal(name)
    return name if name.isidentifier() else before + name


def field_names(properties: Iterable[str]) -> dict[str, str]:
    """Return names of fields for those properties whose names Python would read as others, such as `ﬁ` as `fi`."""
    given = sorted(set(properties))
    used = {name.lower() for name in given}
    chosen: dict[str, str] = {}
    for name in given:
        field = _normal(name)
        if field == name or not field.isidentifier():
            continue
        field = field.lower().lstrip("_")
        while field in used or iskeyword(field) or hasattr(BaseModel, field):
            field += "_"
        used.add(field)
        chosen[name] = field
    return chosen


def _normal(name: str) -> str:
    """Return a name in the form in which Python compares identifiers."""
    return normalize("NFKC", name)
