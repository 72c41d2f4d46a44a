"""What the journal of a bulk job holds, in numbers, for people who look at it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ._errors import JournalError
from ._journal_file import DONE, STATES, connect_to_read, read_meta

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class JournalFailure:
    """An item that failed, or whose outcome is unknown."""

    index: int | None
    """Position of the item in the input, from 0; None if the API's report fits none of the items."""
    error: str


@dataclass(frozen=True)
class JournalSummary:
    """What a journal holds; the numbers are of items."""

    job: str
    """The method, such as `users.bulk.identify_many`."""
    environment: str
    """URL, branch and kind of key."""
    done: int
    failed: int
    unknown: int
    not_finished: int
    requests: dict[str, int]
    """Numbers of requests, by their state."""
    last_sent_at: datetime | None
    failures: list[JournalFailure]
    """The first failures."""

    def lines(self) -> Iterator[str]:
        """Yield lines that say it."""
        yield self.job
        yield f"  {self.environment}"
        rows = [
            ("done", self.done),
            ("failed", self.failed),
            ("unknown", self.unknown),
            ("not finished", self.not_finished),
        ]
        width = max(len(f"{number:,}") for _, number in rows)
        for name, number in rows:
            yield f"  {name:<12}  {number:>{width},}"
        requests = ", ".join(f"{number:,} {state}" for state, number in self.requests.items())
        yield f"  requests      {requests or 'none'}"
        if self.last_sent_at is not None:
            yield f"  last sent     {self.last_sent_at:%Y-%m-%d %H:%M:%S} UTC"
        for failure in self.failures:
            place = "" if failure.index is None else f"item {failure.index:,}: "
            yield f"  {place}{failure.error}"
        if self.not_finished:
            yield "  To resume, repeat the call with the same input and this journal."


def read_summary(path: str, failures: int) -> JournalSummary:
    """Return what a journal holds, with a number of failures; also while a job writes it.

    Raises:
        JournalError: The file does not exist, is no journal, or cannot be read.
    """
    try:
        connection = connect_to_read(path)
        try:
            return _read(connection, path, failures)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise JournalError(f"{path}: cannot be read: {error}") from None


def _read(connection: sqlite3.Connection, path: str, failures: int) -> JournalSummary:
    meta = read_meta(connection, path)
    (succeeded,) = connection.execute("SELECT coalesce(sum(succeeded), 0) FROM chunks").fetchone()
    query = "SELECT coalesce(sum(size - succeeded), 0) FROM chunks WHERE state < ?"
    (left,) = connection.execute(query, (DONE,)).fetchone()
    failed, unknown = connection.execute(
        "SELECT coalesce(sum(1 - unknown), 0), coalesce(sum(unknown), 0) FROM failures"
    ).fetchone()
    counts = dict(connection.execute("SELECT state, count(*) FROM chunks GROUP BY state"))
    last = connection.execute("SELECT max(first_sent_at) FROM chunks").fetchone()[0]
    query = "SELECT position, message FROM failures ORDER BY id LIMIT ?"
    return JournalSummary(
        job=meta["job"],
        environment=meta["environment"],
        done=succeeded,
        failed=failed,
        unknown=unknown,
        not_finished=left,
        requests={STATES[state]: number for state, number in sorted(counts.items())},
        last_sent_at=None if last is None else datetime.fromtimestamp(last, timezone.utc),
        failures=[JournalFailure(*row) for row in connection.execute(query, (failures,))],
    )
