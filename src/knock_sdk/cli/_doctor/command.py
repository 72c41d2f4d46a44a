"""The command `knock-sdk doctor`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from .._console import in_terminal, output, print_json, print_line, print_note, to_text
from .._errors import FAILED
from .._groups import new_group
from .._options import JSONOutput
from .._session import session_of
from .._text import one_line
from .answers import check_api, check_clock, check_latency, check_rate_limit
from .examination import Examination, examine
from .findings import Status
from .network import check_connection, check_dns, check_tls
from .settings import check_key, check_proxy, check_settings
from .versions import check_extras, check_versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .examination import Check
    from .findings import Finding

app = new_group()

CHECKS: Sequence[Check] = (
    ("settings", check_settings),
    ("key", check_key),
    ("proxy", check_proxy),
    ("dns", check_dns),
    ("connection", check_connection),
    ("tls", check_tls),
    ("api", check_api),
    ("clock", check_clock),
    ("rate limit", check_rate_limit),
    ("latency", check_latency),
    ("versions", check_versions),
    ("extras", check_extras),
)
"""All checks; later ones use what earlier ones have found out."""

_STYLES = {Status.OK: "green", Status.WARNING: "yellow", Status.PROBLEM: "bold red", Status.SKIPPED: "dim"}


@app.command("doctor", epilog="Example: knock-sdk doctor --json | jq '.findings[] | select(.status != \"ok\")'")
def doctor(
    context: typer.Context,
    *,
    limit: Annotated[
        float, typer.Option(min=0.1, max=60, metavar="SECONDS", help="Longest time for each check.")
    ] = 5.0,
    json: JSONOutput = False,
) -> None:
    """Find out why this machine cannot use the API, or that it can.

    It looks at the settings and the key, name servers, proxies, TLS, the clock, latency and versions, and sends a few
    requests that read. The exit status is 0 only if all is well.
    """
    session = session_of(context)
    examination = Examination(os.environ, session.base_url, session.branch, limit)
    findings: list[Finding] = []
    try:
        for finding in examine(examination, CHECKS):
            findings.append(finding)
            if not json:
                _print(finding)
    finally:
        if examination.stream is not None:
            examination.stream.close()
    counts = {status: sum(each.status is status for each in findings) for status in Status}
    well = counts[Status.OK] == len(findings)
    if json:
        print_json({"ok": well, "findings": findings})
    elif in_terminal():
        print_note(_summary(counts) if not well else "All is well.")
    if not well:
        raise typer.Exit(FAILED)


def _summary(counts: dict[Status, int]) -> str:
    parts = [
        f"{number} {status.value}{'' if number == 1 or status is Status.SKIPPED else 's'}"
        for status, number in counts.items()
        if number and status is not Status.OK
    ]
    return f"Not all is well: {', '.join(parts)}."


def _print(finding: Finding) -> None:
    if not in_terminal():
        print_line(
            "\t".join(one_line(each) for each in (finding.status.value, finding.check, finding.text, finding.advice))
        )
        return
    from rich.table import Table
    from rich.text import Text

    text = to_text(finding.text)
    if finding.advice is not None:
        text = Text("\n").join([text, Text.assemble(to_text(finding.advice), style=_STYLES[finding.status])])
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style=_STYLES[finding.status], no_wrap=True)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(f"{finding.status.value:<7}", f"{finding.check:<10}", text)
    output().print(grid)
