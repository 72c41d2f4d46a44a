"""The public names: listed, sorted, importable, documented."""

from __future__ import annotations

import ast
import pkgutil
import re
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import knock_sdk
from knock_sdk import errors, params, types

MODULES = [knock_sdk, types, params, errors]
NAMES = [(module, name) for module in MODULES for name in module.__all__ if not name.startswith("__")]

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
each_name = pytest.mark.parametrize(
    ("module", "name"), NAMES, ids=[f"{module.__name__}.{name}" for module, name in NAMES]
)


@each_module
def test_names_are_sorted_and_there_once(module: ModuleType) -> None:
    assert module.__all__ == sorted(set(module.__all__), key=place_in_order)


def place_in_order(name: str) -> tuple[int, str]:
    """Constants stand before classes, and those before the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def test_the_package_offers_what_it_lists() -> None:
    modules = {info.name for info in pkgutil.iter_modules(knock_sdk.__path__) if not info.name.startswith("_")}
    assert set(knock_sdk.__all__) == {*knock_sdk._PLACES, *modules, "__version__"}
    assert set(knock_sdk.__all__) == seen_by_editors(knock_sdk) | {"__version__"}


@pytest.mark.parametrize("module", [types, params], ids=lambda module: module.__name__)
def test_a_generated_package_offers_what_its_modules_define(module: ModuleType) -> None:
    defined: set[str] = set()
    for info in pkgutil.iter_modules(module.__path__):
        defined |= import_module(f"{module.__name__}.{info.name}").__dict__.keys() & definitions_of(
            f"{module.__name__}.{info.name}"
        ).keys()
    assert set(module.__all__) == defined == seen_by_editors(module)


def test_errors_offers_its_classes_and_types() -> None:
    defined = {name for name, value in definitions_of("knock_sdk.errors").items() if is_class_or_alias(value)}
    assert set(errors.__all__) == {name for name in defined if not name.startswith("_")}


def is_class_or_alias(node: ast.stmt) -> bool:
    """Whether a statement defines a class or a type alias."""
    return isinstance(node, ast.ClassDef) or (
        isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"
    )


def test_every_error_is_offered_by_the_package_too() -> None:
    raised = {name for name in errors.__all__ if isinstance(getattr(errors, name), type)}
    assert raised <= set(knock_sdk.__all__)
    assert all(getattr(knock_sdk, name) is getattr(errors, name) for name in raised)


@each_name
def test_a_name_can_be_imported(module: ModuleType, name: str) -> None:
    found: dict[str, Any] = {}
    exec(f"from {module.__name__} import {name}", found)
    assert found[name] is getattr(module, name)


@each_name
def test_a_name_has_a_docstring(module: ModuleType, name: str) -> None:
    value = getattr(module, name)
    if isinstance(value, ModuleType):
        assert value.__doc__
        return
    home = (module._PLACES if module is knock_sdk else getattr(module, "_MODULES", {})).get(name)
    definitions = definitions_of(f"{module.__name__}.{home}" if home else module.__name__)
    assert docstring(definitions, name).strip().endswith(".")


@cache
def definitions_of(module: str) -> dict[str, ast.stmt]:
    """The statements that define the names of a module; a string after an assignment is kept in `docs`."""
    body = syntax(module).body
    found: dict[str, ast.stmt] = {}
    for node, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found[node.name] = node
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            (target,) = node.targets if isinstance(node, ast.Assign) else [node.target]
            if isinstance(target, ast.Name) and not target.id.startswith("__"):
                found[target.id] = node
                if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                    node.type_comment = following.value.value
    return found


def docstring(definitions: dict[str, ast.stmt], name: str) -> str:
    """The docstring of a class or function, or the string that stands below an assignment."""
    node = definitions[name]
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
        return ast.get_docstring(node) or ""
    return getattr(node, "type_comment", None) or ""
