"""`python -m knock_sdk.bulk FILE`: shows what the journal of a bulk job holds."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ._errors import JournalError
from ._journal_file import DONE, STATES, connect_to_read, read_meta

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HIDDEN = ("version", "id", "arguments")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0, or 1 if the file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m knock_sdk.bulk", description="Show what the journal of a bulk job holds. Nothing is changed."
    )
    parser.add_argument("file", help="the journal, as passed to a *_many method")
    parser.add_argument("--failures", type=count, default=10, metavar="N", help="number of failures to show (10)")
    given = parser.parse_args(arguments)
    try:
        for line in describe(given.file, given.failures):
            encoding = sys.stdout.encoding or "utf-8"
            print(line.encode(encoding, "replace").decode(encoding))  # the API's words may have any character
    except (JournalError, sqlite3.Error) as error:
        text = str(error) if isinstance(error, JournalError) else f"{given.file}: cannot be read: {error}"
        print(text, file=sys.stderr)
        return 1
    return 0


def describe(path: str, failures: int) -> Iterator[str]:
    """Yield the lines that describe a journal.

    Raises:
        JournalError: The file does not exist, or is no journal.
    """
    connection = connect_to_read(path)
    try:
        meta = read_meta(connection, path)
        yield meta["job"]
        yield f"  {meta['environment']}"
        counts = dict(connection.execute("SELECT state, count(*) FROM chunks GROUP BY state"))
        (succeeded,) = connection.execute("SELECT coalesce(sum(succeeded), 0) FROM chunks").fetchone()
        query = "SELECT coalesce(sum(size - succeeded), 0) FROM chunks WHERE state < ?"
        (left,) = connection.execute(query, (DONE,)).fetchone()
        failed, unknown = connection.execute(
            "SELECT coalesce(sum(1 - unknown), 0), coalesce(sum(unknown), 0) FROM failures"
        ).fetchone()
        rows = [("done", succeeded), ("failed", failed), ("unknown", unknown), ("not finished", left)]
        width = max(len(f"{number:,}") for _, number in rows)
        for name, number in rows:
            yield f"  {name:<12}  {number:>{width},}"
        requests = ", ".join(f"{number:,} {STATES[state]}" for state, number in sorted(counts.items()))
        yield f"  requests      {requests or 'none'}"
        last = connection.execute("SELECT max(first_sent_at) FROM chunks").fetchone()[0]
        if last is not None:
            yield f"  last sent     {datetime.fromtimestamp(last, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
        query = "SELECT position, message FROM failures ORDER BY id LIMIT ?"
        for position, message in connection.execute(query, (failures,)):
            yield f"  item {position:,}: {message}" if position is not None else f"  {message}"
        if left:
            yield "  To resume, repeat the call with the same input and this journal."
    finally:
        connection.close()


def count(text: str) -> int:
    """Return a number that is not negative, for argparse, which names this function."""
    number = int(text)
    if number < 0:
        raise ValueError
    return number


if __name__ == "__main__":
    sys.exit(main())
