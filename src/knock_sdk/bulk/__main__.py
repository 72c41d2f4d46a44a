"""`python -m knock_sdk.bulk FILE`: shows what the journal of a bulk job holds."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ._errors import JournalError
from ._summary import read_summary

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0, or 1 if the file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m knock_sdk.bulk", description="Show what the journal of a bulk job holds. Nothing is changed."
    )
    parser.add_argument("file", help="the journal, as passed to a *_many method")
    parser.add_argument("--failures", type=count, default=10, metavar="N", help="number of failures to show (10)")
    given = parser.parse_args(arguments)
    try:
        for line in read_summary(given.file, given.failures).lines():
            encoding = sys.stdout.encoding or "utf-8"
            print(line.encode(encoding, "replace").decode(encoding))  # the API's words may have any character
    except JournalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def count(text: str) -> int:
    """Return a number that is not negative, for argparse, which names this function."""
    number = int(text)
    if number < 0:
        raise ValueError
    return number


if __name__ == "__main__":
    sys.exit(main())
