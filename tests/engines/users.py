"""Files of users, as the examples read them."""

from __future__ import annotations

import csv
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
    """Write users as Parquet, which has numbers and nulls."""
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.Table.from_pylist(rows(number)), path)
