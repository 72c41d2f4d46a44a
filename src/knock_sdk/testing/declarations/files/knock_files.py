"""Files as pulled by Knock's CLI: JSON in which values may be in files of their own.

A field whose name ends with `@` contains the path of a file with the value, relative to the file of the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_array, is_object
from ....workflows._files import read_json

if TYPE_CHECKING:
    from pathlib import Path

    from ...state.json_objects import JSON

_BLOCKS = "visual_blocks.json"
_REFERENCE_SUFFIX = "@"


def read(file: Path) -> JSON:
    """Return the object in a file, with the contents of the files that it names.

    Raises:
        ValueError: A file is malformed, or outside the folder of the first.
        FileNotFoundError: There is no such file.
        OSError: A file cannot be read.
    """
    content = read_json(file)
    if not is_object(content):
        raise ValueError(f"{file}: is not a JSON object")
    resolved: JSON = _Resolver(file.parent).resolve(content, file, "")
    return resolved


class _Resolver:
    """Replaces references to files, which may be in any folder below that of the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def resolve(self, value: Any, file: Path, at: str) -> Any:
        """Return a value of a file in which references are replaced by the contents of the files.

        Args:
            value: the value.
            file: the file.
            at: path of the value in the file, for errors.
        """
        if is_array(value):
            return [self.resolve(element, file, f"{at}{index}.") for index, element in enumerate(value)]
        if not is_object(value):
            return value
        resolved: JSON = {}
        for name, inner in value.items():
            if not name.endswith(_REFERENCE_SUFFIX) or not isinstance(inner, str):
                resolved[name] = self.resolve(inner, file, f"{at}{name}.")
            elif (plain := name.removesuffix(_REFERENCE_SUFFIX)) not in value:  # a value beside a reference wins
                resolved[plain] = self._read(self._find(file, inner, at + name))
        return resolved

    def _read(self, file: Path) -> Any:
        # Blocks alone are JSON to the CLI. Other files are Liquid, whatever their names, and may render to JSON.
        return self.resolve(read_json(file), file, "") if file.name == _BLOCKS else file.read_text(encoding="utf-8")

    def _find(self, file: Path, relative: str, at: str) -> Path:
        """Return the file at a path relative to another one."""
        target = (file.parent / relative).resolve()
        if not target.is_relative_to(self._folder):
            raise ValueError(f"{file}: {at}: {relative} is outside the folder of this file")
        if not target.is_file():
            raise FileNotFoundError(f"{file}: {at}: there is no file {relative}")
        return target
