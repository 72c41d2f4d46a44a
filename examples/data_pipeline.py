"""Bring users, accounts and an audience from a warehouse into Knock.

    python examples/data_pipeline.py examples/data/users.csv examples/data/accounts.csv

The files may be CSV, or Parquet with `pip install pyarrow`, of any size: they are read as requests are sent. Each step
has a journal in the folder `--journals`. If the program is interrupted, whether by an error, a deployment or `kill -9`,
run it again with the same files: what is done is not sent again. For the next export, take a new folder.

Without an account it uses a simulated Knock, which is kept in that folder too. If `KNOCK_API_KEY` is set, it uses your
Knock environment. The exit status is 1 if a row was not accepted; `failures.jsonl` in the folder has these rows.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from argparse import ArgumentParser
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knock_sdk import Knock, KnockError
from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.bulk import BulkReport
    from knock_sdk.params import AudienceMemberRequest

COLLECTION = "accounts"
AUDIENCE = "account-admins"


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Read a file row by row. Empty cells are left out, so that they leave a field in Knock as it is."""
    if path.suffix == ".parquet":
        import pyarrow.parquet

        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1000):
                yield from map(without_empty, batch.to_pylist())
    else:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from map(without_empty, csv.DictReader(lines, strict=True))


def without_empty(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without its empty cells."""
    return {name: cell for name, cell in row.items() if cell is not None and cell != ""}


def admins(users: Path) -> Iterator[AudienceMemberRequest]:
    """Return the users who manage an account, as members of the audience."""
    for row in read(users):
        if row.get("role") == "admin" and "id" in row:
            yield {"user": {"id": row["id"]}}


def run(client: Knock, users: Path, accounts: Path, journals: Path) -> Iterator[BulkReport]:
    """Send the three parts, one after another: an audience refers to users, and users to their accounts."""
    yield client.objects.bulk.set_many(COLLECTION, read(accounts), journal=journals / "accounts.sqlite")
    yield client.users.bulk.identify_many(read(users), journal=journals / "users.sqlite")
    yield client.audiences.add_members_many(
        AUDIENCE, admins(users), create_audience=True, journal=journals / "admins.sqlite"
    )


@contextmanager
def open_client(folder: Path) -> Iterator[Knock]:
    """Open a client of your Knock environment, or of a simulated one that is kept in a folder."""
    if "KNOCK_API_KEY" in os.environ:
        with Knock() as client:
            yield client
    else:
        state = folder / "knock.state"
        simulator = Simulator.load(state) if state.exists() else Simulator()
        try:
            yield simulator.client()
        finally:
            simulator.save(state)


def main() -> int:
    """Run the pipeline, and report; return the exit status."""
    parser = ArgumentParser(description="Bring users, accounts and an audience from files into Knock.")
    parser.add_argument("users", type=Path, help="CSV or Parquet with a column `id`; other columns become properties")
    parser.add_argument("accounts", type=Path, help="the same, for objects of the collection `accounts`")
    parser.add_argument("--journals", type=Path, default=Path("journals"), help="folder of the state (%(default)s)")
    arguments = parser.parse_args()
    arguments.journals.mkdir(parents=True, exist_ok=True)
    failed = 0
    with (
        (arguments.journals / "failures.jsonl").open("w", encoding="utf-8") as failures,
        open_client(arguments.journals) as client,
    ):
        for report in run(client, arguments.users, arguments.accounts, arguments.journals):
            print(report)
            failed += report.failed + report.unknown
            for failure in report.failures:
                row = {"job": report.job, "row": failure.index, "item": failure.item, "error": str(failure.error)}
                failures.write(json.dumps(row, default=str) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KnockError, OSError, UnicodeDecodeError, csv.Error) as error:
        sys.exit(f"data_pipeline: {error}\nRun it again to go on from there.")
