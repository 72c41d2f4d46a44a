"""The rows of a file: CSV, JSON lines or plain lines, with the numbers of their lines."""

from __future__ import annotations

import csv
import shutil
import sys
from bisect import bisect_right
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from ..._core.type_guards import is_object
from .cells import CellType, Empty, cut, read_header, read_json, read_row

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

_LARGEST_CELL = 10_000_000


class Format(str, Enum):
    """Formats of files that are read."""

    CSV = "csv"
    JSONL = "jsonl"
    LINES = "lines"


_FORMATS = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".txt": Format.LINES,
}
"""Formats by the extension of the file."""


class Reading(NamedTuple):
    """How a file is read."""

    format: Format
    delimiter: str = ","
    types: Mapping[str, CellType] = {}
    empty: Empty = Empty.OMIT
    flat: bool = False


class Row(NamedTuple):
    """A row of a file."""

    line: int
    """Number of the line on which it begins, from 1."""
    value: Any = None
    problem: str | None = None
    """Why it cannot be read."""


class Rows(NamedTuple):
    """A file with rows, which can be read several times."""

    path: Path
    name: str
    """As messages have it."""
    reading: Reading

    def read(self) -> Iterator[Row]:
        """Yield the rows; those that cannot be read too, with the problem.

        Raises:
            OSError: The file cannot be read.
        """
        with self.path.open("rb") as file:
            # A byte order mark would be part of the first name.
            lines = (raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw for number, raw in enumerate(file, 1))
            if self.reading.format is Format.CSV:
                yield from _read_csv(lines, self.reading)
            else:
                yield from _read_lines(lines, is_json=self.reading.format is Format.JSONL)


class Places:
    """The lines of rows by their positions; where rows follow each other on lines, only the first one is kept."""

    def __init__(self) -> None:
        """Start without rows."""
        self._positions: list[int] = []
        self._lines: list[int] = []
        self._next = -1

    def add(self, position: int, line: int) -> None:
        """Note the line of a row; positions grow."""
        if line != self._next:
            self._positions.append(position)
            self._lines.append(line)
        self._next = line + 1

    def line_of(self, position: int) -> int:
        """Return the line of a row that was noted."""
        index = bisect_right(self._positions, position) - 1
        return self._lines[index] + position - self._positions[index]


def format_of(file: str, given: Format | None) -> Format:
    """Return the format of a file: the one that was given, or that of its extension.

    Raises:
        BadParameter: It is not known.
    """
    if given is not None:
        return given
    extension = Path(file).suffix.lower()
    if extension in _FORMATS:
        return _FORMATS[extension]
    if extension == ".json":
        advice = f"For a list in JSON, use jq -c '.[]' {file} | … - --format jsonl; for JSON lines, --format jsonl."
        raise typer.BadParameter(advice, param_hint="--format")
    kind = "of standard input" if file == "-" else f"of {file}"
    raise typer.BadParameter(f"The format {kind} is not known: pass csv, jsonl or lines.", param_hint="--format")


@contextmanager
def open_rows(file: str, reading: Reading) -> Generator[Rows, None, None]:
    """Provide the rows of a file; `-` is standard input, of which a temporary copy is made, since it is read twice.

    Raises:
        BadParameter: The file cannot be read.
    """
    if file != "-":
        try:
            Path(file).open("rb").close()
        except OSError as error:
            raise typer.BadParameter(f"{file} cannot be read: {error.strerror}.", param_hint="FILE") from None
        yield Rows(Path(file), file, reading)
        return
    # Closed before it is read: Windows does not open it twice.
    with NamedTemporaryFile(prefix="knock-sdk-", delete=False) as copy:
        path = Path(copy.name)
        try:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        except BaseException:
            copy.close()
            path.unlink()
            raise
    try:
        yield Rows(path, "standard input", reading)
    finally:
        path.unlink()


def _read_lines(lines: Iterator[bytes], *, is_json: bool) -> Iterator[Row]:
    for line, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            yield Row(line, _read_object(raw) if is_json else raw.decode().strip())
        except UnicodeDecodeError:
            yield Row(line, problem="it is not text in UTF-8")
        except ValueError as error:
            yield Row(line, problem=str(error))


def _read_object(raw: bytes) -> Any:
    value = read_json(raw)
    if not is_object(value) and not isinstance(value, str):
        raise ValueError(f"it is not a JSON object: {cut(raw.decode(errors='replace').strip())}")
    return value


def _read_csv(lines: Iterator[bytes], reading: Reading) -> Iterator[Row]:
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader((raw.decode() for raw in lines), delimiter=reading.delimiter, strict=True)
    columns = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
            if not cells:  # an empty line
                continue
            if columns is None:
                columns = read_header(cells, reading.types, flat=reading.flat)
                continue
        except StopIteration:
            return
        except UnicodeDecodeError:
            yield Row(line, problem="it is not text in UTF-8; save the file as CSV in UTF-8")
            return
        except (csv.Error, ValueError) as error:  # what follows cannot be told apart
            yield Row(line, problem=str(error))
            return
        try:
            yield Row(line, read_row(columns, cells, reading.empty))
        except ValueError as error:
            yield Row(line, problem=str(error))
