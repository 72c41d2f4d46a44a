"""Files of workflows, in the folders that Knock's CLI pulls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from .._core.type_guards import is_object

if TYPE_CHECKING:
    from os import PathLike

FILE = "workflow.json"


def find_files(path: str | PathLike[str]) -> list[Path]:
    """Return the files of workflows at a path, sorted.

    Args:
        path: a `workflow.json`, the folder of a workflow, a folder of such folders, or one with a folder `workflows`.

    Raises:
        FileNotFoundError: The folder contains none.
    """
    root = Path(path)
    if not root.is_dir():
        return [root]
    if (root / FILE).is_file():
        return [root / FILE]
    files = sorted(root.glob(f"*/{FILE}")) or sorted(root.glob(f"workflows/*/{FILE}"))
    if not files:
        raise FileNotFoundError(f"{root}: there is no {FILE} in this folder or in a folder directly below it")
    return files


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


def key_of_file(file: Path, content: dict[str, Any]) -> str:
    """Return the key of the workflow in a file: the one that it gives, or else the name of its folder."""
    read_only = content.get("__readonly")
    given = read_only.get("key") if is_object(read_only) else None
    return str(given or content.get("key") or file.absolute().parent.name)
