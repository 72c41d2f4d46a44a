"""A package's `__init__` whose names are loaded on first use, though editors and type checkers see them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.source import HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LOADER = """
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
        return value


def __dir__() -> list[str]:
    return __all__
"""


def write(path: Path, docstring: str, modules: Mapping[str, Sequence[str]]) -> None:
    """Write an `__init__` that exports the names of its modules."""
    homes = {name: module for module, names in modules.items() for name in names}
    exported = sorted(homes)
    lines = [
        HEADER,
        f'"""{docstring}"""',
        "",
        "from __future__ import annotations",
        "",
        "from importlib import import_module",
        "from typing import TYPE_CHECKING",
        "",
        "if TYPE_CHECKING:",
        *(
            f"    from .{module} import {', '.join(f'{name} as {name}' for name in sorted(modules[module]))}"
            for module in sorted(modules)
        ),
        "",
        f"__all__ = {exported!r}",
        "",
        f"_MODULES = { {name: homes[name] for name in exported}!r}",
        LOADER,
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
