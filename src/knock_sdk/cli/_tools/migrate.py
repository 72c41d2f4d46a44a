"""`knock-sdk migrate`: code that uses the vendor's client, changed to this package."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from .._console import in_terminal, output, print_json, print_note, to_text
from .._errors import FAILED, MISUSED, fail
from .._groups import new_group
from .._options import JSONOutput

if TYPE_CHECKING:
    from ...migrate import MigrationReport

app = new_group()

_STYLES = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}
"""Styles of the lines of a difference, by their beginning."""


@app.command("migrate", epilog="Example: knock-sdk migrate app/ tests/ | less")
def migrate(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="A file or a folder; name the whole project.")],
    *,
    write: Annotated[bool, typer.Option("--write", help="Change the files.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 if something would change.")
    ] = False,
    json: JSONOutput = False,
) -> None:
    r"""Show how code that uses knockapi, 0.5 or 1.x, is changed to knock_sdk, or change it.

    Standard output gets the difference, standard error what could not be decided, with its section of the guide, and
    numbers. It needs the extra: pip install 'knock-sdk\[migrate]'.
    """
    from ...migrate import migrate_paths
    from ...migrate.__main__ import describe

    if write and check:
        raise typer.BadParameter("--check changes nothing, and --write does: choose one.")
    try:
        report = migrate_paths(paths, write=write)
    except (FileNotFoundError, ValueError) as error:
        fail(str(error), MISUSED)
    if json:
        print_json(_as_data(report))
    else:
        _print_difference(report.diff)
        for line in describe(report):
            print_note(line)
    if check and report.changed:
        raise typer.Exit(FAILED)


def _print_difference(difference: str) -> None:
    """Print a difference: in colours in a terminal, byte by byte in a pipe, so that `git apply` takes it."""
    if not in_terminal():
        sys.stdout.flush()
        sys.stdout.buffer.write(difference.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
        return
    console = output()
    for line in difference.splitlines():
        text = to_text(line)
        text.style = next((style for begin, style in _STYLES.items() if line.startswith(begin)), "")
        console.print(text)


def _as_data(report: MigrationReport) -> dict[str, object]:
    return {
        "looked_at": report.looked_at,
        "counts": report.counts,
        "files": [
            {"path": file.path, "age": file.age, "changed": file.changed, "written": file.written, "diff": file.diff}
            for file in report.files
        ],
        "findings": [
            {"path": each.path, "line": each.line, "kind": each.kind, "message": each.message, "place": each.place}
            for each in report.findings
        ],
    }
