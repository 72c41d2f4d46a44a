"""Notebooks as one source: their cells, one after another."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from .texts import UnreadableError

_CELL = "__knock_sdk_cell__ = {}"
_BETWEEN = re.compile(r"^__knock_sdk_cell__ = (\d+)\n", re.MULTILINE)
_MAGIC = re.compile(r"^([ \t]*)([%!?].*|[\w.]+\?\??|\w+[ \t]*=[ \t]*[%!].*)$", re.MULTILINE)
_HIDDEN = "pass  # __knock_sdk_magic__ "
_SHOWN = re.compile(re.escape(_HIDDEN) + r"(.*)$", re.MULTILINE)


def read_notebook(text: str) -> str:
    """Return the code of all cells as one source; commands of IPython are hidden in it.

    Raises:
        UnreadableError: It is no notebook.
    """
    try:
        cells = [(number, _source_of(cell)) for number, cell in _cells(json.loads(text))]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError(f"is no notebook: {type(error).__name__}: {error}") from None
    parts: list[str] = []
    for number, source in cells:
        if source.startswith("%%"):  # the whole cell belongs to another program
            continue
        hidden = _MAGIC.sub(lambda match: f"{match[1]}{_HIDDEN}{match[2]}", source)
        parts.append(f"{_CELL.format(number)}\n{hidden}\n")
    return "".join(parts)


def write_notebook(text: str, source: str) -> str:
    """Return a notebook with the code of a source that `read_notebook` returned, and that was changed."""
    notebook = json.loads(text)
    cells = dict(_cells(notebook))
    pieces = _BETWEEN.split(source)
    for number, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        code = _SHOWN.sub(r"\1", piece.removesuffix("\n"))
        cell = cells[int(number)]
        if code != _source_of(cell):
            cell["source"] = code.splitlines(keepends=True) if isinstance(cell["source"], list) else code
    indent = re.match(r"\{\n( +)", text)
    written = json.dumps(
        notebook, ensure_ascii=False, indent=None if indent is None else len(indent[1]), separators=_separators(text)
    )
    return written + text[len(text.rstrip()) :]


def _separators(text: str) -> tuple[str, str]:
    return (",", ": " if '": ' in text else ":") if "\n" in text.strip() else (", " if '", ' in text else ",", ": ")


def _cells(notebook: Any) -> list[tuple[int, dict[str, Any]]]:
    cells = cast("list[dict[str, Any]]", notebook["cells"])
    return [(number, cell) for number, cell in enumerate(cells) if cell["cell_type"] == "code"]


def _source_of(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
