"""Public names: listed, sorted, importable and documented."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

import knock_sdk
from knock_sdk import errors, params, types
from knock_sdk._core.requests.config import VERSION
from knock_sdk._core.values import argument_types
from tests.support.paths import ROOT

MODULES = [knock_sdk, types, params, errors]
NAMES = [(module, name) for module in MODULES for name in module.__all__ if name != "__version__"]

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
each_name = pytest.mark.parametrize(
    ("module", "name"), NAMES, ids=[f"{module.__name__}.{name}" for module, name in NAMES]
)


class Definition(NamedTuple):
    """A statement that defines a name, and its documentation."""

    node: ast.stmt
    doc: str

    @property
    def is_type(self) -> bool:
        """Whether the name is a class or a type alias."""
        node = self.node
        return isinstance(node, ast.ClassDef) or (
            isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"
        )


@cache
def definitions(module: str) -> dict[str, Definition]:
    """Return the definitions of a module by name; the string after an assignment is its documentation."""
    body = parse(module).body
    found: dict[str, Definition] = {}
    for node, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found[node.name] = Definition(node, ast.get_docstring(node) or "")
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            text = following.value if isinstance(following, ast.Expr) else None
            found[ast.unparse(target)] = Definition(node, str(text.value) if isinstance(text, ast.Constant) else "")
    return found


def names_for_type_checkers(module: str) -> set[str]:
    """Return the names that a module declares for type checkers and loads on first use."""
    (block,) = (
        node
        for node in parse(module).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not isinstance(node.body[0], ast.FunctionDef)
    )
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname for node in imports for alias in node.names if alias.asname == alias.name}


@cache
def parse(module: str) -> ast.Module:
    """Parse the source of a module."""
    file = importlib.import_module(module).__file__
    assert file is not None
    return ast.parse(Path(file).read_text(encoding="utf-8"))


def public_modules(package: ModuleType) -> list[str]:
    """Return the names of the public modules of a package."""
    return [info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_")]


@each_module
def test_names_are_sorted_and_unique(module: ModuleType) -> None:
    def order(name: str) -> tuple[int, str]:
        """Order constants before classes, and classes before other names."""
        return (0 if name.isupper() else 1 if name[0].isupper() else 2), name

    assert module.__all__ == sorted(set(module.__all__), key=order)


def test_the_package_lists_every_name_that_it_loads() -> None:
    modules = {*public_modules(knock_sdk)} - {"cli"}  # a program, which nobody imports
    assert set(knock_sdk.__all__) == {*knock_sdk._MODULE_OF, *modules, "__version__"}


def test_every_listed_name_is_declared_for_type_checkers() -> None:
    assert set(knock_sdk.__all__) == names_for_type_checkers("knock_sdk") | {"__version__"}


@pytest.mark.parametrize("package", [types, params], ids=lambda module: module.__name__)
def test_a_generated_package_exports_every_type_of_its_modules(package: ModuleType) -> None:
    defined = {
        name
        for module in public_modules(package)
        for name, definition in definitions(f"{package.__name__}.{module}").items()
        if definition.is_type
    }
    elsewhere = {name for name, module in package._MODULES.items() if module.startswith(".")}
    assert set(package.__all__) == defined | elsewhere == names_for_type_checkers(package.__name__)


def test_the_types_of_arguments_are_public() -> None:
    elsewhere = {name for name, module in params._MODULES.items() if module == "._core.values.argument_types"}
    assert elsewhere == set(argument_types.__all__) - {
        *("DataclassInstance", "SequenceOf"),
        *("AsyncManyItems", "ManyItems", "RowBatch"),  # of items that are read, not validated
    }


def test_the_errors_package_exports_every_type_that_it_defines() -> None:
    defined = {name for name, definition in definitions("knock_sdk.errors").items() if definition.is_type}
    assert set(errors.__all__) == {name for name in defined if not name.startswith("_")}


def test_the_package_exports_every_error() -> None:
    classes = {name: getattr(errors, name) for name in errors.__all__ if isinstance(getattr(errors, name), type)}
    assert {name: getattr(knock_sdk, name, None) for name in classes} == classes


@each_name
def test_a_name_can_be_imported(module: ModuleType, name: str) -> None:
    namespace: dict[str, Any] = {}
    exec(f"from {module.__name__} import {name}", namespace)
    assert namespace[name] is getattr(module, name)


@each_name
def test_a_name_is_documented(module: ModuleType, name: str) -> None:
    value = getattr(module, name)
    if isinstance(value, ModuleType):
        doc = value.__doc__ or ""
    else:
        modules = module._MODULE_OF if module is knock_sdk else getattr(module, "_MODULES", {})
        home = resolve_name(f".{modules[name]}", module.__name__) if name in modules else module.__name__
        doc = definitions(home)[name].doc
    assert doc.strip()


@each_module
def test_an_unknown_name_is_an_attribute_error(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match=f"module '{module.__name__}' has no attribute 'Usr'"):
        _ = module.Usr
    with pytest.raises(ImportError, match="cannot import name 'Usr'"):
        exec(f"from {module.__name__} import Usr", {})


def test_the_version_is_that_of_the_distribution() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = re.findall(r'^version = "(.+)"$', project, re.MULTILINE)
    assert declared == [knock_sdk.__version__] == [VERSION]
