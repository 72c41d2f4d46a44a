"""The cells of a CSV: their types, and their places in a row."""

from __future__ import annotations

import re
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_JSON_MARK = ":="


class CellType(str, Enum):
    """Types of cells."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    JSON = "json"


class Empty(str, Enum):
    """What an empty cell means."""

    OMIT = "omit"
    NULL = "null"
    TEXT = "text"


class Column(NamedTuple):
    """A column of a CSV."""

    name: str
    """As the header has it, without the mark of its type."""
    path: tuple[str, ...]
    """The keys that lead to its value in a row."""
    read: Callable[[str], Any]
    """Returns the value of a cell; raises a ValueError."""
    is_text: bool


def read_header(names: Sequence[str], types: Mapping[str, CellType], *, flat: bool) -> list[Column]:
    """Return the columns of a header.

    Args:
        names: the cells of the header; one that ends with `:=` has JSON below it.
        types: types of columns, by name; the others have text.
        flat: whether a dot is part of a name, instead of leading into an object.

    Raises:
        ValueError: A name is empty, there twice, or also that of an object.
    """
    columns: list[Column] = []
    for position, cell in enumerate(names, 1):
        name = cell.strip()
        kind = CellType.JSON if name.endswith(_JSON_MARK) else None
        name = name.removesuffix(_JSON_MARK)
        path = (name,) if flat else tuple(name.split("."))
        if not all(path):
            raise ValueError(f"the header has no name for column {position}" if not name else f"{name!r} is no name")
        kind = types.get(name, kind or CellType.TEXT)
        columns.append(Column(name, path, _READERS[kind], kind is CellType.TEXT))
    paths = {column.path for column in columns}
    if len(paths) < len(columns):
        twice = next(each.name for index, each in enumerate(columns) if each.path in {c.path for c in columns[:index]})
        raise ValueError(f"the header has {twice!r} twice")
    for column in columns:
        for length in range(1, len(column.path)):
            if column.path[:length] in paths:
                above = ".".join(column.path[:length])
                raise ValueError(f"the header has both {above!r} and {column.name!r}, which is in it; use --flat")
    if unknown := types.keys() - {column.name for column in columns}:
        raise ValueError(f"the header has no column {min(unknown)!r}, of which --type speaks")
    return columns


def read_row(columns: Sequence[Column], cells: Sequence[str], empty: Empty) -> dict[str, Any]:
    """Return a row as an object.

    Raises:
        ValueError: It has more or fewer cells than the header, or a cell is not of its type.
    """
    if len(cells) != len(columns):
        number = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
        raise ValueError(f"it has {number}, and the header {len(columns)}")
    row: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        if cell or (column.is_text and empty is Empty.TEXT):
            try:
                value = column.read(cell)
            except ValueError as error:
                raise ValueError(f"{column.name}: {error}") from None
        elif empty is Empty.OMIT:
            continue
        elif empty is Empty.NULL:
            value = None
        else:
            raise ValueError(f"{column.name}: it is empty")
        node = row
        for key in column.path[:-1]:
            node = node.setdefault(key, {})
        node[column.path[-1]] = value
    return row


def _read_number(cell: str) -> int | float:
    value: int | float | None = from_json(cell) if _NUMBER.fullmatch(cell) else None
    if value is None or not isfinite(value):
        raise ValueError(f"{cut(cell)!r} is not a number such as 5 or -1.5")
    return value


def _read_boolean(cell: str) -> bool:
    value = _BOOLEANS.get(cell.strip().casefold())
    if value is None:
        raise ValueError(f"{cut(cell)!r} is not true, false, yes, no, 1 or 0")
    return value


def read_json(text: str | bytes) -> Any:
    """Return the value of JSON.

    Raises:
        ValueError: It is none.
    """
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from None


def cut(text: str, longest: int = 40) -> str:
    """Return the beginning of a text."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


_READERS: Mapping[CellType, Callable[[str], Any]] = {
    CellType.TEXT: str,
    CellType.NUMBER: _read_number,
    CellType.BOOLEAN: _read_boolean,
    CellType.JSON: read_json,
}
