"""Errors of exports: what is wrong with the files."""

from __future__ import annotations

from ..errors import KnockError


class ExportError(KnockError):
    """An export cannot begin or continue; what it has written so far is kept.

    Attributes:
        path: the file that is at fault; empty if the error was rebuilt from its text.
    """

    path: str

    def __init__(self, problem: str, path: str | None = None) -> None:
        """Build the message from the path and the problem."""
        super().__init__(problem if path is None else f"{path}: {problem}")
        self.path = path or ""


class ExportFileError(ExportError):
    """A file cannot be read or written, for example because the disk is full; `__cause__` is the OSError."""


class ExportLockedError(ExportError):
    """Another export, of this process or of another one, is writing to the same path."""


class ExportStateError(ExportError):
    """The files of an earlier run cannot be continued; `resume=False` starts over.

    They belong to another export, are damaged, or have a cursor that the API no longer accepts.
    """
