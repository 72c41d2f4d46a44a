"""The result of a bulk job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from itertools import islice
from typing import TYPE_CHECKING

from typing_extensions import TypedDict, override

from ._errors import BulkFailuresError
from ._failures import BulkFailure, BulkFailureDict

if TYPE_CHECKING:
    from ._journal import Journal

_SHOWN = 5
_LONGEST_LINE = 100


class BulkReportDict(TypedDict):
    """A `BulkReport` as plain data, which has the same numbers."""

    job: str
    succeeded: int
    failed: int
    unknown: int
    already_done: int
    elapsed: float
    rate: float
    failures: list[BulkFailureDict]


class BulkReport:
    """The result of a bulk job; `print` shows it as a table.

    Attributes:
        job: the method, such as `users.bulk.identify_many`.
        succeeded: number of items that this run has processed. With `wait=False`, those that the API has accepted.
        failed: number of items that failed, in this run or an earlier one of the journal.
        unknown: number of items that may or may not have been processed, in the same runs.
        already_done: number of items that an earlier run of the journal has processed.
        elapsed: seconds of this run.
        rate: items per second of this run.
    """

    job: str
    succeeded: int
    failed: int
    unknown: int
    already_done: int
    elapsed: float
    rate: float

    def __init__(self, job: str, journal: Journal, *, succeeded: int, already_done: int, elapsed: float) -> None:
        """Take the numbers of failures from the journal."""
        self.job = job
        self.succeeded = succeeded
        self.failed, self.unknown = journal.count_failures()
        self.already_done = already_done
        self.elapsed = elapsed
        self.rate = succeeded / elapsed if elapsed > 0 else 0.0
        self._journal = journal

    @property
    def failures(self) -> Failures:
        """The items that failed or whose outcome is unknown, read from disk as they are iterated over."""
        return Failures(self._journal, self.failed + self.unknown)

    @property
    def operations(self) -> Iterable[str]:
        """The ids of the bulk operations that the API has run for the job, read from disk."""
        return Operations(self._journal)

    def to_dict(self) -> BulkReportDict:
        """Return the report as plain data: what JSON can represent, and another process can be sent.

        All failures are read into memory; if there may be millions of them, iterate over `failures` instead.

        Returns:
            The numbers, and the failures, each with index, item, and text and class of the error.

        Raises:
            JournalError: The journal was removed meanwhile, or cannot be read.
        """
        return {
            "job": self.job,
            "succeeded": self.succeeded,
            "failed": self.failed,
            "unknown": self.unknown,
            "already_done": self.already_done,
            "elapsed": self.elapsed,
            "rate": self.rate,
            "failures": [
                {"index": each.index, "item": each.item, "error": str(each.error), "type": type(each.error).__name__}
                for each in self.failures
            ],
        }

    def raise_for_failures(self) -> None:
        """Raise an error unless every item was processed.

        Raises:
            BulkFailuresError: An item failed, or its outcome is unknown.
        """
        if not self.failed and not self.unknown:
            return
        parts = [f"{self.failed:,} failed"] if self.failed else []
        parts += [f"{self.unknown:,} may or may not have been processed"] if self.unknown else []
        first = next(iter(self.failures), None)
        text = f"{self.job}: of {self._total():,} items, {' and '.join(parts)}; see the report's failures"
        if first is not None:
            text += f". The first one: {_describe(first)}"
        raise BulkFailuresError(text, failed=self.failed, unknown=self.unknown)

    def _total(self) -> int:
        return self.succeeded + self.failed + self.unknown + self.already_done

    @override
    def __repr__(self) -> str:
        return (
            f"BulkReport({self.job}, succeeded={self.succeeded}, failed={self.failed}, unknown={self.unknown},"
            f" already_done={self.already_done}, elapsed={self.elapsed:.1f}, rate={self.rate:.1f})"
        )

    @override
    def __str__(self) -> str:
        rows = [
            ("succeeded", f"{self.succeeded:,}"),
            ("failed", f"{self.failed:,}"),
            ("unknown", f"{self.unknown:,}"),
            ("already done", f"{self.already_done:,}"),
            ("elapsed", f"{self.elapsed:,.1f} s"),
            ("rate", f"{self.rate:,.1f} a second"),
        ]
        width = max(len(value) for _, value in rows)
        lines = [self.job, *(f"  {name:<12}  {value:>{width}}" for name, value in rows)]
        shown = list(islice(self.failures, _SHOWN))
        if shown:
            lines.append("  failed or unknown:")
            lines += [_cut(f"    {_describe(failure)}") for failure in shown]
            if (more := self.failed + self.unknown - len(shown)) > 0:
                lines.append(f"    and {more:,} more")
        return "\n".join(lines)


class Failures(Iterable[BulkFailure], Sized):
    """The failures of a job; each iteration reads them anew from disk."""

    def __init__(self, journal: Journal, number: int) -> None:
        """Store where they are."""
        self._journal = journal
        self._number = number

    @override
    def __iter__(self) -> Iterator[BulkFailure]:
        return self._journal.failures()

    @override
    def __len__(self) -> int:
        return self._number


class Operations(Iterable[str]):
    """The ids of bulk operations; each iteration reads them anew from disk."""

    def __init__(self, journal: Journal) -> None:
        """Store where they are."""
        self._journal = journal

    @override
    def __iter__(self) -> Iterator[str]:
        return self._journal.operations()


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 3]}..."


def _describe(failure: BulkFailure) -> str:
    place = "" if failure.index is None else f"item {failure.index:,}: "
    return f"{place}{failure.error}"
