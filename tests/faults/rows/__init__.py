"""All rows, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    bad_input,
    bulk,
    concurrency,
    engine,
    machine,
    parsing,
    processes,
    rate_limits,
    responses,
    retries,
    secrets,
    soaks,
    storms,
    time,
    tls,
    values,
    wire,
)

if TYPE_CHECKING:
    from ..row import Row

_MODULES = (
    bad_input,
    bulk,
    concurrency,
    engine,
    machine,
    parsing,
    processes,
    rate_limits,
    responses,
    retries,
    secrets,
    soaks,
    storms,
    time,
    tls,
    values,
    wire,
)
ROWS: dict[int, Row] = {row.number: row for row in sorted(row for module in _MODULES for row in module.ROWS)}
