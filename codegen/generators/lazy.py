"""Generator of a package's `__init__` that loads names on first use, while editors and type checkers see them all.

`dir()` of such a package has only the names that are loaded already. Tools such as freezegun read every name that it
promises, in every module, and would load all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.formatting import HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SOURCE = '''\
{header}
"""{docstring}"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    {imports}

__all__ = {exported!r}

_MODULES = {modules!r}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        module = _MODULES.get(name)
        if module is None:
            from knock_sdk.errors._hints import missing_name

            raise missing_name(__name__, name, __all__)
        value = globals()[name] = getattr(import_module(f".{{module}}", __name__), name)
        return value
'''


def write(path: Path, docstring: str, modules: Mapping[str, str]) -> None:
    """Write an `__init__` that exports each name from its module."""
    exported = sorted(modules)
    source = SOURCE.format(
        header=HEADER,
        docstring=docstring,
        imports="\n    ".join(f"from .{modules[name]} import {name} as {name}" for name in exported),
        exported=exported,
        modules={name: modules[name] for name in exported},
    )
    path.write_text(source, encoding="utf-8")
