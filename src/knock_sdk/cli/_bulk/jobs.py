"""Bulk jobs of the command: a file is read, checked and sent, and what has failed is told."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typing_extensions import override

from ..._core.rate_limits.limits import RateLimit
from .._console import plain, print_error, print_list, print_note, print_record
from .._errors import FAILED, fail
from .rows import Places, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from ... import Knock
    from ..._core.rate_limits.clock import Clock
    from ..._core.rate_limits.line import Line
    from ...bulk import BulkFailure, BulkReport
    from .rows import Rows

_SHOWN = 10
"""Problems that are shown."""


@dataclass(frozen=True)
class Job:
    """A file that is sent, and how."""

    rows: Rows
    prepare: Callable[[Any], object]
    """Makes what is sent of a row as it was read; raises a ValueError."""
    schema: str
    """Schema of what is sent, in the contract of the API."""
    send: Callable[[Knock, Iterable[Any], Mapping[str, Any]], BulkReport]
    """Sends the rows, with the options of the job."""
    options: Mapping[str, Any]
    """Options of the job: `journal`, `concurrency`, `wait`."""
    failures: str | None
    """Path of the file that gets the failures."""
    rate_limit: float | None
    """Requests a second, at most."""


class _Slower(RateLimit):
    """The documented limits, or fewer requests a second of each operation."""

    __slots__ = ("_most",)

    def __init__(self, most: float) -> None:
        """Set the number of requests a second."""
        self._most = most

    @override
    def reserve(self, scope: str, line: Line, clock: Clock, longest: float) -> float | None:
        return line.reserve(clock.monotonic(), longest, min(1.0, self._most / line.rate))


class _Items(Iterable[object], Sized):
    """What is sent, which notes the lines that it comes from."""

    def __init__(self, job: Job, number: int) -> None:
        """Take the number of rows, which were counted before."""
        self._job = job
        self._number = number
        self.places = Places()

    @override
    def __len__(self) -> int:
        return self._number

    @override
    def __iter__(self) -> Iterator[object]:
        for position, row in enumerate(_prepared(self._job)):
            if row.problem is not None:
                raise OSError(None, f"changed while it was read: line {row.line}: {row.problem}", self._job.rows.name)
            self.places.add(position, row.line)
            yield row.value


def check(job: Job, *, as_json: bool) -> None:
    """Check all rows without sending anything, and print what is wrong with them; end with 1 if anything is."""
    rows = wrong = 0

    def problems() -> Iterator[Row]:
        nonlocal rows, wrong
        for row in _prepared(job):
            rows += 1
            problem = row.problem or _problem_of(row.value, job.schema)
            if problem is not None:
                wrong += 1
                yield Row(row.line, problem=problem)

    print_list(
        ({"line": row.line, "problem": row.problem} for row in problems()),
        lambda problem: problem,
        as_json=as_json,
        nothing="Each row is valid.",
    )
    print_note(f"{_count(rows)}, {wrong:,} of them invalid; nothing was sent.")
    if wrong:
        raise typer.Exit(FAILED)


def run(job: Job, client: Knock, *, as_json: bool) -> None:
    """Send all rows, and print the report; end with 1 if any has failed.

    A row that cannot be read ends it before anything is sent.
    """
    number = _count_readable(job)
    items = _Items(job, number)
    if job.rate_limit is not None:
        client = client.with_options(rate_limit=_Slower(job.rate_limit))
    with _failures_file(job) as write, _advice(job):
        report = job.send(client, items, job.options)
        for failure in report.failures if write is not None else ():
            assert write is not None  # noqa: S101
            write({"line": _line_of(failure, items), "item": failure.item, **_error_of(failure)})
    _print_report(report, as_json=as_json)
    failed = report.failed + report.unknown
    for failure in islice(report.failures, _SHOWN):
        line = _line_of(failure, items)
        print_error(f"{'' if line is None else f'line {line}: '}{failure.error}")
    if failed > _SHOWN:
        print_note(f"{failed - _SHOWN:,} more failed; {_where(job)}")
    if failed:
        raise typer.Exit(FAILED)


def _where(job: Job) -> str:
    return "--failures FILE writes all." if job.failures is None else f"all are in {job.failures}."


def _prepared(job: Job) -> Iterator[Row]:
    """Yield the rows as they are sent."""
    for row in job.rows.read():
        if row.problem is not None:
            yield row
            continue
        try:
            yield Row(row.line, job.prepare(row.value))
        except ValueError as error:
            yield Row(row.line, problem=str(error))


def _count_readable(job: Job) -> int:
    """Return the number of rows; end the command if one cannot be read."""
    number = bad = 0
    for row in _prepared(job):
        number += 1
        if row.problem is not None:
            bad += 1
            if bad <= _SHOWN:
                print_error(f"{job.rows.name}, line {row.line}: {row.problem}")
    if bad:
        more = f" (--dry-run shows all {bad:,})" if bad > _SHOWN else ""
        fail(f"{job.rows.name} cannot be read{more}; nothing was sent")
    return number


def _problem_of(value: object, schema: str) -> str | None:
    """Return what the contract of the API does not allow in a row; None if it is valid."""
    from ...testing.validation.requests import check_value

    found = check_value(schema, value, "")
    return "; ".join(f"{problem.field}: {problem.message}" for problem in found) or None


@contextmanager
def _failures_file(job: Job) -> Generator[Callable[[object], None] | None, None, None]:
    """Provide what writes a failure, and open the file for it before anything is sent."""
    if job.failures is None:
        yield None
        return
    path = Path(job.failures)
    for other in (job.rows.path, job.options.get("journal")):
        if other is not None and path.exists() and Path(other).exists() and path.samefile(other):
            raise typer.BadParameter(f"{path} is also read: name another file.", param_hint="--failures")
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}.", param_hint="--failures") from None

    def write(failure: object) -> None:
        file.write(json.dumps(plain(failure), ensure_ascii=False) + os.linesep)

    with file:
        yield write


@contextmanager
def _advice(job: Job) -> Generator[None, None, None]:
    """Say how to resume a job that is interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        if job.options.get("journal") is None:
            print_note("Interrupted. Part of it may have been sent; with --journal FILE, it could be resumed.")
        else:
            print_note("Interrupted. The same command, with the same file and journal, resumes it.")
        raise


def _print_report(report: BulkReport, *, as_json: bool) -> None:
    fields: dict[str, object] = {
        "job": report.job,
        "succeeded": report.succeeded,
        "failed": report.failed,
        "unknown": report.unknown,
        "already_done": report.already_done,
        "elapsed": round(report.elapsed, 3),
        "rate": round(report.rate, 1),
    }
    shown = {
        "succeeded": f"{report.succeeded:,}",
        "failed": f"{report.failed:,}",
        "unknown": f"{report.unknown:,}",
        "already done": f"{report.already_done:,}",
        "elapsed": f"{report.elapsed:,.1f} s",
        "rate": f"{report.rate:,.1f} a second",
    }
    print_record(shown, fields, as_json=as_json)


def _line_of(failure: BulkFailure, items: _Items) -> int | None:
    return None if failure.index is None else items.places.line_of(failure.index)


def _error_of(failure: BulkFailure) -> dict[str, str]:
    return {"error": str(failure.error), "type": type(failure.error).__name__}


def _count(rows: int) -> str:
    return f"{rows:,} row" if rows == 1 else f"{rows:,} rows"
