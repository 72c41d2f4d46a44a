"""Public names: what each module exports, and the page that describes it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PACKAGE = "knock_sdk"
MODELS = ("types", "params")
"""Packages with a page per module."""
_NAME = re.compile(r"\b[A-Z]\w+\b")


class PublicNames:
    """The names that the package and its public modules export."""

    def __init__(self, root: Path, made: Path) -> None:
        """Read the modules, generated ones from the folder where they have just been written."""
        self._roots = (made / "src" / PACKAGE, root / "src" / PACKAGE)
        exported = self._literal("__init__.py", "__all__")
        self.modules = [name for name in exported if self._find(name) is not None]
        """Names of the public modules."""
        self.of_package = [name for name in exported if name not in self.modules and name != "__version__"]
        """Names of the package itself, apart from the modules."""
        self.of_module: dict[str, list[str]] = {
            name: list(self._literal(str(self._find(name)), "__all__")) for name in self.modules if name not in MODELS
        }
        """Names of modules that have one page each."""
        self.of_models = {package: self._by_module(package) for package in MODELS}
        """Names of the models, by package and module."""
        elsewhere = {name for names in self.of_module.values() for name in names}
        self.of_package = [name for name in self.of_package if name not in elsewhere]
        common = {name: f"modules/client.md#{PACKAGE}.{name}" for name in self.of_package}
        for module in ("bulk", "errors", "workflows"):  # those that signatures name
            common |= {name: f"modules/{module}.md#{PACKAGE}.{module}.{name}" for name in self.of_module[module]}
        self._pages = {package: {**common, **self._pages_of(package)} for package in MODELS}

    def link(self, name: str, package: str = "types") -> str:
        """Return a link to the page of a name, from a page in a folder of the reference."""
        return f"[`{name}`](../{self._pages[package][name]})"

    def linked(self, annotation: str, package: str) -> str:
        """Return links to the public names in an annotation, separated by commas.

        Args:
            annotation: the annotation.
            package: where names are that both packages of models have: `types` for results, `params` for arguments.
        """
        known = self._pages[package].keys() - {"NotGiven"}
        names = dict.fromkeys(name for name in _NAME.findall(annotation) if name in known)
        return ", ".join(self.link(name, package) for name in names)

    def _pages_of(self, package: str) -> dict[str, str]:
        """Return the pages of all models, those of a package first."""
        return {
            name: f"{each}/{module}.md#{PACKAGE}.{each}.{name}"
            for each in sorted(MODELS, key=lambda each: each == package)
            for module, names in self.of_models[each].items()
            for name in names
        }

    def _by_module(self, package: str) -> dict[str, list[str]]:
        """Return the names of a package of models by the module that defines them."""
        found: dict[str, list[str]] = {}
        modules: Mapping[str, str] = self._literal(f"{package}/__init__.py", "_MODULES")
        for name, module in modules.items():
            # What both packages take from elsewhere are the types of arguments that are not generated.
            found.setdefault(module if not module.startswith(".") else "common", []).append(name)
        return dict(sorted(found.items()))

    def _find(self, module: str) -> str | None:
        """Return the file of a module below the package, or None if there is none."""
        for candidate in (f"{module}/__init__.py", f"{module}.py"):
            if any((folder / candidate).is_file() for folder in self._roots):
                return candidate
        return None

    def _literal(self, file: str, variable: str) -> dict[str, str]:
        """Return the value of a variable that a module assigns as a literal."""
        path = next(folder / file for folder in self._roots if (folder / file).is_file())
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == variable:
                value: dict[str, str] = ast.literal_eval(node.value)
                return value
        raise KeyError(f"{file}: {variable}")
