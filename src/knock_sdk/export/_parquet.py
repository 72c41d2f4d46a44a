"""Parquet: from a file of JSON lines, in batches."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import datetime, timezone
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from .._core.responses.raw_page import DECODER
from .._core.type_guards import is_object
from ..errors import ConfigurationError
from ._columns import as_text, json_text
from ._errors import ExportError, ExportStateError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ._columns import ColumnType, Table

_BATCH = 10_000
"""Items of a batch at most; it becomes a row group."""
_BATCH_BYTES = 16_000_000
"""Bytes of JSON after which a batch ends earlier."""
_DATE = re.compile(r"\d{4}-", re.ASCII)
_TIME: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


class _Arrow(NamedTuple):
    core: Any
    parquet: Any


@cache
def load_arrow() -> _Arrow:
    """Import pyarrow.

    Raises:
        ConfigurationError: It is not installed.
    """
    try:
        return _Arrow(import_module("pyarrow"), import_module("pyarrow.parquet"))
    except ImportError as error:
        raise ConfigurationError("Parquet needs pyarrow: pip install 'knock-sdk[parquet]'") from error


class Conversion:
    """Makes a Parquet file of a file of JSON lines, a batch at each step, in constant memory."""

    def __init__(self, source: Path, target: Path, table: Table) -> None:
        """Open both files."""
        arrow = load_arrow()
        types = {
            "text": arrow.core.string(),
            "json": arrow.core.string(),
            "boolean": arrow.core.bool_(),
            "time": arrow.core.timestamp("us", tz="UTC"),
        }
        self._table = table
        self._target = target
        self._schema = arrow.core.schema([(column.name, types[column.type]) for column in table.columns])
        self._source = source.open("rb")
        try:
            self._file = target.open("wb")
        except BaseException:
            self._source.close()
            raise
        self._writer = arrow.parquet.ParquetWriter(self._file, self._schema)

    def step(self) -> bool:
        """Convert the next batch; return False after the last, when the file is complete and durable.

        Raises:
            ExportError: pyarrow refuses the data.
            ExportStateError: The file of JSON lines was changed.
            OSError: The system refuses an operation on a file.
        """
        core = load_arrow().core
        try:
            if lines := self._read_batch():
                columns = self._columns(map(self._parse, lines))
                arrays = [
                    core.array(values, type=field.type) for values, field in zip(columns, self._schema, strict=True)
                ]
                self._writer.write_batch(core.record_batch(arrays, schema=self._schema))
                return True
            self._writer.close()
        except core.ArrowException as error:
            raise ExportError(f"pyarrow cannot write it: {error}", str(self._target)) from error
        self._file.flush()
        os.fsync(self._file.fileno())
        self.close()
        return False

    def close(self) -> None:
        """Close the files; one that is not complete is made again by the next run."""
        self._source.close()
        with suppress(OSError, load_arrow().core.ArrowException):
            self._writer.close()
        with suppress(OSError):  # what a full disk did not take is still in its buffer
            self._file.close()

    def _read_batch(self) -> list[bytes]:
        lines: list[bytes] = []
        size = 0
        while len(lines) < _BATCH and size < _BATCH_BYTES and (line := self._source.readline()):
            lines.append(line)
            size += len(line)
        return lines

    def _parse(self, line: bytes) -> dict[str, Any]:
        try:
            item = DECODER.decode(line.decode())
        except (ValueError, RecursionError):
            item = None
        if not is_object(item):
            raise ExportStateError(
                "was changed by another program: a line is not a JSON object; start over with resume=False",
                self._source.name,
            )
        return item

    def _columns(self, items: Iterable[dict[str, Any]]) -> list[list[Any]]:
        columns: list[list[Any]] = [[] for _ in self._table.columns]
        for item in items:
            values, rest = self._table.row(item)
            for place, (value, column) in enumerate(zip(values, self._table.columns, strict=False)):
                if value is None:
                    columns[place].append(None)
                    continue
                converted = _convert(value, column.type)
                columns[place].append(converted)
                if converted is None:
                    rest[column.name] = value  # of another type than documented: it must not be lost
            columns[-1].append(_without_surrogates(json_text(rest)) if rest else None)
        return columns


def _convert(value: object, kind: ColumnType) -> object:
    """Return a value in the type of its column; None if it does not fit."""
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if kind == "time":
        return _time(value) if isinstance(value, str) else None
    return _without_surrogates(json_text(value) if kind == "json" else as_text(value))


def _time(text: str) -> datetime | None:
    try:
        # Without a date, digits would be seconds since 1970. In UTC, a time may be before the year 1 or after 9999.
        return _TIME.validate_python(text).astimezone(timezone.utc) if _DATE.match(text) else None
    except (ValidationError, OverflowError):
        return None


def _without_surrogates(text: str) -> str:
    """Replace lone surrogates, which JSON may have and UTF-8 cannot."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
