"""`knock-sdk bulk export`."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ...errors import ConfigurationError, InvalidArgumentError, KnockError
from .._console import print_note, print_record
from .._errors import FAILED, MISUSED, fail
from .._inputs import read_moment
from .._options import JSONOutput
from .._session import client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from ... import Knock
    from ...export import ExportProgress, ExportReport

EXAMPLE = "knock-sdk bulk export messages bounced.csv --status bounced --since 2026-01-05"

_FILTERS = "Filters of messages"


class ExportKind(str, Enum):
    """Lists that are exported."""

    MESSAGES = "messages"
    USERS = "users"
    OBJECTS = "objects"
    TENANTS = "tenants"


class ExportFileFormat(str, Enum):
    """Formats of files that are written."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


_FORMATS = {
    ".jsonl": ExportFileFormat.JSONL,
    ".ndjson": ExportFileFormat.JSONL,
    ".csv": ExportFileFormat.CSV,
    ".parquet": ExportFileFormat.PARQUET,
}
_OPTIONS = {"resume=False": "--start-over", "overwrite=True": "--overwrite", "the same call": "the same command"}
"""What errors advise, in the words of the command."""
_NAMES = {"path": "FILE", "format": "--format", "collection": "--collection", "status": "--status"}
_KINDS_HELP = f"What is exported: {', '.join(ExportKind)}."


def export_to_file(
    context: typer.Context,
    kind: Annotated[ExportKind, typer.Argument(metavar="KIND", help=_KINDS_HELP)],
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to write.")],
    *,
    collection: Annotated[str | None, typer.Option(metavar="NAME", help="Collection of the objects.")] = None,
    format: Annotated[
        ExportFileFormat | None,
        typer.Option("--format", help="JSON lines, CSV or Parquet; by the extension of the file if left out."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    start_over: Annotated[
        bool, typer.Option("--start-over", help="Discard what an interrupted export has written.")
    ] = False,
    formulas: Annotated[
        bool,
        typer.Option("--formulas", help="Leave text in a CSV as it is, even if a spreadsheet takes it for a formula."),
    ] = False,
    preferences: Annotated[
        bool, typer.Option("--preferences", help="Export the preferences of users or objects too.")
    ] = False,
    status: Annotated[
        list[str] | None,
        typer.Option(metavar="STATUS", help="Delivery status. May be repeated.", rich_help_panel=_FILTERS),
    ] = None,
    tenant: Annotated[
        str | None, typer.Option(metavar="TENANT", help="Id of the tenant.", rich_help_panel=_FILTERS)
    ] = None,
    workflow: Annotated[
        str | None, typer.Option(metavar="KEY", help="Key of the workflow.", rich_help_panel=_FILTERS)
    ] = None,
    channel: Annotated[
        str | None, typer.Option(metavar="ID", help="Id of the channel.", rich_help_panel=_FILTERS)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Created then or later, in ISO 8601.", rich_help_panel=_FILTERS),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Created before then.", rich_help_panel=_FILTERS)
    ] = None,
    json: JSONOutput = False,
) -> None:
    """Write all users, objects, tenants or messages to a file.

    The file appears when it is complete. After an interruption, the same command goes on where it ended.
    """
    found = _format_of(file, format)
    filters = _filters(
        kind,
        {
            "--status": status,
            "--tenant": tenant,
            "--workflow": workflow,
            "--channel": channel,
            "--since": since,
            "--until": until,
        },
    )
    if (collection is None) is (kind is ExportKind.OBJECTS):
        needed = "It is needed for objects" if collection is None else f"It is not for {kind.value}"
        raise typer.BadParameter(f"{needed}.", param_hint="--collection")
    if preferences:
        if kind not in (ExportKind.USERS, ExportKind.OBJECTS):
            raise typer.BadParameter(f"It is not for {kind.value}.", param_hint="--preferences")
        filters["include"] = ["preferences"]
    if Path(file).is_file() and not overwrite:
        raise typer.BadParameter(f"{file} exists; --overwrite replaces it.", param_hint="FILE")
    options = {
        "format": found.value,
        "resume": not start_over,
        "overwrite": overwrite,
        "escape_formulas": not formulas,
        **filters,
    }
    with client_of(context) as client, _advice(), _progress(kind.value) as tell:
        report = _export(client, kind, collection, file, {**options, "on_progress": tell})
    _print_report(report, as_json=json)


def _export(
    client: Knock, kind: ExportKind, collection: str | None, file: str, options: Mapping[str, Any]
) -> ExportReport:
    from ... import export

    try:
        if collection is not None:
            return export.objects(client, collection, file, **options)
        function: Callable[..., ExportReport] = getattr(export, kind.value)
        return function(client, file, **options)
    except KnockError as error:
        name, colon, problem = str(error).partition(": ")
        text = f"{_NAMES.get(name, name)}{colon}{problem}"
        for argument, option in _OPTIONS.items():
            text = text.replace(argument, option)
        fail(text, MISUSED if isinstance(error, (ConfigurationError, InvalidArgumentError)) else FAILED)


def _print_report(report: ExportReport, *, as_json: bool) -> None:
    fields: dict[str, object] = {
        "file": str(report.path),
        "items": report.items,
        "earlier_items": report.earlier_items,
        "elapsed": round(report.elapsed, 3),
        "rate": round(report.rate, 1),
    }
    shown = {
        "file": str(report.path),
        "items": f"{report.items:,}",
        "by earlier runs": f"{report.earlier_items:,}",
        "elapsed": f"{report.elapsed:,.1f} s",
        "rate": f"{report.rate:,.1f} a second",
    }
    print_record(shown, fields, as_json=as_json)


def _format_of(file: str, given: ExportFileFormat | None) -> ExportFileFormat:
    found = given or _FORMATS.get(Path(file).suffix.lower())
    if found is None:
        raise typer.BadParameter(
            f"The format of {file} is not known: pass jsonl, csv or parquet.", param_hint="--format"
        )
    return found


def _filters(kind: ExportKind, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters of messages as the client takes them.

    Raises:
        BadParameter: They are for another list, or a time is malformed.
    """
    if kind is not ExportKind.MESSAGES:
        if (name := next((name for name, value in given.items() if value), None)) is not None:
            raise typer.BadParameter("It is a filter of messages.", param_hint=name)
        return {}
    bounds = {"--since": "gte", "--until": "lt"}
    times = {bound: read_moment(given[name], name) for name, bound in bounds.items() if given[name] is not None}
    return {
        "status": given["--status"] or None,
        "tenant": given["--tenant"],
        "source": given["--workflow"],
        "channel_id": given["--channel"],
        "inserted_at": times or None,
    }


@contextmanager
def _progress(name: str) -> Generator[Callable[[ExportProgress], None] | None, None, None]:
    """Show what was written so far, if standard error is a terminal; the number of all items is not known."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[state]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task(name, total=None, state="")

        def tell(present: ExportProgress) -> None:
            progress.update(task, state=f"{present.items:,}, {present.rate:,.0f}/s")

        yield tell


@contextmanager
def _advice() -> Generator[None, None, None]:
    """Say how to resume an export that is interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        print_note("Interrupted. The same command goes on with it.")
        raise
