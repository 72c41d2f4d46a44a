"""Files of users, as the examples read them."""

from __future__ import annotations

import csv
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("id", "name", "email", "seats")


def rows(number: int) -> list[dict[str, str | int | None]]:
    """Return users, of whom every third has neither an address nor seats."""
    return [
        {
            "id": f"user-{index}",
            "name": f"User {index}",
            "email": f"user-{index}@example.com" if index % 3 else None,
            "seats": index if index % 3 else None,
        }
        for index in range(number)
    ]


def write_csv(path: Path, number: int) -> None:
    """Write users as CSV, which has texts and empty cells."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows(number))


def write_parquet(path: Path, number: int) -> None:
    """Write users as a folder of three Parquet files, which have numbers and nulls, and sizes that fit no chunk."""
    import pyarrow as pa
    from pyarrow import parquet

    path.mkdir()
    table = pa.Table.from_pylist(rows(number))
    ends = [0, number // 4, number // 4 * 2 + 3, number]
    for start, end in pairwise(ends):
        parquet.write_table(table.slice(start, end - start), path / f"{start}.parquet")
