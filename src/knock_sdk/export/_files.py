"""The files of an export: their names, checks of the path, and writes that survive a crash."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from .._core.signals import raised_by_a_handler
from ..errors import InvalidArgumentError
from ._errors import ExportFileError

if TYPE_CHECKING:
    from collections.abc import Generator
    from io import FileIO


class Files(NamedTuple):
    """The files of one export. All are in one folder, so that one can take the place of another."""

    given: Path
    """The path as the caller gave it."""
    path: Path
    """The complete output."""
    part: Path
    """The items so far."""
    state: Path
    """Where to go on."""
    lock: Path
    """Locked while an export runs."""
    converted: Path
    """A Parquet file that is not complete."""


def files_of(path: object) -> Files:
    """Check a path and return the names of the files.

    Raises:
        InvalidArgumentError: It is no path, or that of a folder, or its folder does not exist.
    """
    if not isinstance(path, str | os.PathLike):
        raise InvalidArgumentError("path", f"must be the path of a file, not {type(path).__name__}")
    text = cast("object", os.fspath(path))  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(text, str):
        raise InvalidArgumentError("path", f"must be text, not {type(text).__name__}")
    if not text or "\0" in text:
        raise InvalidArgumentError("path", f"must be the path of a file, not {text!r}")
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        raise InvalidArgumentError(
            "path", f"{text!r} contains a character that the system's file names cannot have"
        ) from None
    given = Path(text)
    absolute = given.absolute()
    if text.endswith(("/", os.sep)) or absolute.is_dir():
        raise InvalidArgumentError("path", f"{text!r} is a folder: name a file in it")
    if not absolute.parent.is_dir():
        raise InvalidArgumentError("path", f"{text!r} is in a folder that does not exist: create it first")
    if absolute.exists() and not absolute.is_file():
        raise InvalidArgumentError("path", f"{text!r} is not a regular file: name another one")
    endings = (".part", ".resume", ".lock", ".converting")
    return Files(given, absolute, *(absolute.with_name(absolute.name + ending) for ending in endings))


@contextmanager
def reported(path: Path) -> Generator[None]:
    """Raise the system's errors as those of the export.

    Raises:
        ExportFileError: The system refuses an operation on a file.
    """
    try:
        yield
    except OSError as error:
        if raised_by_a_handler(error) is error:
            raise
        at_fault = error.filename if isinstance(error.filename, str) else str(path)
        problem = error.strerror or type(error).__name__
        raise ExportFileError(
            f"{problem}; what was exported so far is kept: solve this, and make the same call again", at_fault
        ) from error


def open_part(path: Path, length: int) -> FileIO:
    """Open a file for writing after its first bytes; what follows these is cut off."""
    file = open(path, "r+b" if length else "wb", buffering=0)  # noqa: SIM115, PTH123 - the caller closes it
    try:
        file.truncate(length)
        file.seek(length)
    except BaseException:
        file.close()
        raise
    return file


def write_all(file: FileIO, data: bytes) -> None:
    """Write bytes, all of them."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def replace_durably(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, even if the power fails."""
    beside = path.with_name(path.name + ".tmp")
    try:
        with open(beside, "wb", buffering=0) as file:  # noqa: PTH123 - Path.open returns another type
            write_all(file, data)
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names of the files in a folder durable, where the system offers that."""
    if sys.platform != "win32":
        opened = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some network file systems refuse it
                os.fsync(opened)
        finally:
            os.close(opened)
