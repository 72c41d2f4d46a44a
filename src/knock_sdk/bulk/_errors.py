"""Errors of bulk jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ConfigurationError, KnockError

if TYPE_CHECKING:
    from .. import types as t


class BulkItemError(KnockError):
    """A bulk operation could not process this item; the API does not say why."""


class BulkFailuresError(KnockError):
    """Some items of a bulk job failed or are unknown; raised by `BulkReport.raise_for_failures`.

    Attributes:
        failed: number of items that failed.
        unknown: number of items that may or may not have been processed.
    """

    failed: int
    unknown: int

    def __init__(self, problem: str, *, failed: int = 0, unknown: int = 0) -> None:
        """Store the numbers."""
        super().__init__(problem)
        self.failed = failed
        self.unknown = unknown


class BulkOperationFailedError(KnockError):
    """A bulk operation failed as a whole: raised by `bulk_operations.wait`, or the error of its items in a report.

    Attributes:
        operation: the operation, in its last state; None if the error was rebuilt from its text.
    """

    operation: t.BulkOperation | None

    def __init__(self, problem: str, operation: t.BulkOperation | None = None) -> None:
        """Store the operation."""
        super().__init__(problem)
        self.operation = operation


class JournalError(ConfigurationError):
    """A journal cannot be used: it belongs to another job, version or input, is in use, or is not a journal."""
