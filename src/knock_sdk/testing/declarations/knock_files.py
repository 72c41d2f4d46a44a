"""Files as pulled by Knock's CLI: JSON in which values may be in files of their own.

A field whose name ends with `@` contains the path of a file with the value, relative to the file of the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_object

if TYPE_CHECKING:
    from pathlib import Path

    from ..state.json_objects import JSON

_BLOCKS = "visual_blocks.json"
_REFERENCE_SUFFIX = "@"


def read(file: Path) -> JSON:
    """Return the object in a file, with the contents of the files that it names.

    Raises:
        ValueError: The file is malformed, or names one outside its folder.
        OSError: The file cannot be read.
    """
    content = read_json(file)
    if not is_object(content):
        raise ValueError(f"{file}: is not a JSON object")
    resolved: JSON = _resolve_references(content, file)
    return resolved


def read_json(file: Path) -> Any:
    """Return the value in a file of JSON.

    Raises:
        ValueError: It is not JSON.
        OSError: The file cannot be read.
    """
    try:
        return from_json(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"{file}: is not JSON: {error}") from None


def _resolve_references(value: Any, file: Path) -> Any:
    """Return a value in which references to files are replaced by the content of the files."""
    if is_array(value):
        return [_resolve_references(element, file) for element in value]
    if not is_object(value):
        return value
    resolved: JSON = {}
    for name, inner in value.items():
        if name.endswith(_REFERENCE_SUFFIX) and isinstance(inner, str):
            plain = name.removesuffix(_REFERENCE_SUFFIX)
            if plain not in value:
                resolved[plain] = _read_content(_resolve_path(file, inner, name))
        else:
            resolved[name] = _resolve_references(inner, file)
    return resolved


def _read_content(file: Path) -> Any:
    # Blocks alone are JSON to the CLI. Other files are Liquid, whatever their names, and may become JSON when rendered.
    return _resolve_references(read_json(file), file) if file.name == _BLOCKS else file.read_text(encoding="utf-8")


def _resolve_path(file: Path, relative: str, name: str) -> Path:
    """Return the file at a path relative to another file, within the folder of that file.

    Raises:
        ValueError: The path is outside the folder.
        FileNotFoundError: There is no such file.
    """
    target = (file.parent / relative).resolve()
    if not target.is_relative_to(file.parent.resolve()):
        raise ValueError(f"{file}: {relative} is outside the folder of this file")
    if not target.is_file():
        raise FileNotFoundError(f"{file}: {name}: there is no file {relative}")
    return target
