"""Pages as lines: JSONL and CSV."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING, Protocol

from ._columns import as_text, json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .._core.responses.raw_page import RawItem
    from ._columns import ColumnType, Table

_FULLWIDTH = "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
_FORMULA = re.compile(f"[=+@\t\r\n{_FULLWIDTH}-]")
"""How a text begins that spreadsheets take for a formula."""
_HARMLESS = re.compile(r"[+-][0-9 ().,/-]*")
"""Numbers and phone numbers, which neither call a function nor refer to a cell."""


class Lines(Protocol):
    """What writes items to a file that can be continued after any page."""

    def start(self) -> bytes:
        """Return what the file begins with."""
        ...

    def encode(self, items: Sequence[RawItem]) -> bytes:
        """Return the items of a page."""
        ...


class JSONLines:
    """An item a line, as the API sent it."""

    def start(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, items: Sequence[RawItem]) -> bytes:
        """Return a line for each item."""
        return "".join(f"{item.text}\n" for item in items).encode()


class CSVLines:
    """CSV as of RFC 4180: commas, quotes where they are needed, and CRLF; in UTF-8."""

    def __init__(self, table: Table, *, escape_formulas: bool) -> None:
        """Store the columns, and whether text that spreadsheets take for a formula begins with an apostrophe."""
        self._table = table
        self._escape_formulas = escape_formulas

    def start(self) -> bytes:
        """Return the line with the names of the columns."""
        return self._write([[column.name for column in self._table.columns]])

    def encode(self, items: Sequence[RawItem]) -> bytes:
        """Return a line for each item."""
        return self._write(self._cells(item) for item in items)

    def _cells(self, item: RawItem) -> list[str]:
        values, rest = self._table.row(item.fields)
        cells = [
            "" if value is None else self._safe(_cell(value, column.type))
            for value, column in zip(values, self._table.columns[:-1], strict=True)
        ]
        return [*cells, self._safe(json_text(rest)) if rest else ""]

    def _safe(self, text: str) -> str:
        if self._escape_formulas and _FORMULA.match(text) and not _HARMLESS.fullmatch(text):
            return f"'{text}"
        return text

    def _write(self, rows: Iterable[list[str]]) -> bytes:
        buffer = StringIO(newline="")
        csv.writer(buffer, lineterminator="\r\n").writerows(rows)
        return buffer.getvalue().encode("utf-8", "replace")  # JSON may have lone surrogates, and UTF-8 none


def _cell(value: object, kind: ColumnType) -> str:
    return json_text(value) if kind == "json" else as_text(value)
