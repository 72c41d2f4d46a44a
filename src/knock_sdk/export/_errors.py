"""Errors of exports: what is wrong with the files."""

from __future__ import annotations

from ..errors import KnockError


class ExportError(KnockError):
    """An export cannot begin or go on; what it has written so far is kept.

    Attributes:
        path: the file that is at fault; empty if the error was rebuilt from its text.
    """

    path: str

    def __init__(self, problem: str, path: str | None = None) -> None:
        """Build the message from the path and the problem."""
        super().__init__(problem if path is None else f"{path}: {problem}")
        self.path = path or ""


class ExportFileError(ExportError):
    """The system cannot read or write a file: no space is left, for instance; `__cause__` is its OSError."""


class ExportLockedError(ExportError):
    """Another export, of this process or of another one, is writing to the same path."""


class ExportStateError(ExportError):
    """What an earlier run left behind cannot be continued; `resume=False` begins anew.

    It belongs to another export, is damaged, or has a cursor that the API accepts no more.
    """
