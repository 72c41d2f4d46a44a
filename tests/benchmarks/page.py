"""The figures of a page of the documentation, written from a report."""

from __future__ import annotations

from typing import Any

from .report import beside_http_clients, ratio, relative_to_by_hand, version_name
from .row import BARE, OURS, PEER

BEGIN = "<!-- written by python -m tests.benchmarks --page docs/speed.md -->"
END = "<!-- end of what is written -->"
OTHERS = (
    "Relative to other HTTP clients, which send the same headers and body and decode the response with `json.loads`:"
)


def rewrite(page: str, report: dict[str, Any]) -> str:
    """Return the text of a page with the figures of a report between the two comments."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page must contain {BEGIN!r} and, after it, {END!r}")
    return f"{before}{BEGIN}\n{_figures(report)}\n{END}{after}"


def _figures(report: dict[str, Any]) -> str:
    rows = relative_to_by_hand(report)
    lines = [
        f"| | relative to plain httpx | relative to {version_name(report, PEER)} |",
        "|---|---|---|",
        *(f"| {row['what']} | {ratio(row, OURS, BARE)}{_rate(row)} | {ratio(row, OURS, PEER)} |" for row in rows),
    ]
    if others := beside_http_clients(report, rows, "what", ""):
        lines += ["", OTHERS, "", *others]
    return "\n".join(lines)


def _rate(row: dict[str, Any]) -> str:
    return f" ({row['per_second'][OURS]:,} calls a second)" if "per_second" in row else ""
