"""All rows, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    rows_answers,
    rows_crowds,
    rows_input,
    rows_parsing,
    rows_places,
    rows_retries,
    rows_secrets,
    rows_soaks,
    rows_storms,
    rows_time,
    rows_tls,
    rows_wire,
)

if TYPE_CHECKING:
    from .row import Row

ROWS: dict[int, Row] = {
    row.number: row
    for row in sorted(
        [
            *rows_answers.ROWS,
            *rows_crowds.ROWS,
            *rows_input.ROWS,
            *rows_parsing.ROWS,
            *rows_places.ROWS,
            *rows_retries.ROWS,
            *rows_secrets.ROWS,
            *rows_soaks.ROWS,
            *rows_storms.ROWS,
            *rows_time.ROWS,
            *rows_tls.ROWS,
            *rows_wire.ROWS,
        ]
    )
}
