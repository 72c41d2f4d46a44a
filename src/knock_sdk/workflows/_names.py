"""Names of the constants and classes that stand for workflows in a generated module."""

from __future__ import annotations

import re
from itertools import chain, count
from keyword import iskeyword
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RESERVED = frozenset(
    {
        *(
            "Annotated",
            "Any",
            "AwareDatetime",
            "BaseModel",
            "ConfigDict",
            "Dict",
            "Field",
            "List",
            "Literal",
            "Mapping",
        ),
        *("MISSING", "Omittable", "Optional", "RootModel", "Sequence", "StringConstraints", "TypeAlias", "Union"),
        *("TypeAliasType", "UUID", "Workflow", "WorkflowData", "Enum", "Exception", "Warning", "Ellipsis"),
    }
)
"""Names that generated modules import, and built-in names that a workflow could have."""

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
    name = _identifier("_".join(_WORD.findall(key)).upper(), "WORKFLOW_")
    return chain([name, f"{name}_WORKFLOW"][: 2 if name in RESERVED else 1], (f"{name}_{n}" for n in count(2)))


def _models(key: str) -> Iterator[str]:
    name = _identifier("".join(word[:1].upper() + word[1:] for word in _WORD.findall(key)), "Workflow")
    return chain([name, f"{name}Data"], (f"{name}Data{n}" for n in count(2)))


def _identifier(name: str, before: str) -> str:
    return name if name.isidentifier() else before + name
