"""All rows, in order."""

from __future__ import annotations

from . import rows_answers, rows_input, rows_retries, rows_time
from .row import Row

ROWS: dict[int, Row] = {
    row.number: row
    for row in sorted([*rows_answers.ROWS, *rows_input.ROWS, *rows_retries.ROWS, *rows_time.ROWS])
}
