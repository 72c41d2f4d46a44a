"""The group `knock-sdk bulk`."""

from __future__ import annotations

import typer

from .._errors import Commands
from .imports import IMPORT_EXAMPLE, TRIGGER_EXAMPLE, import_file, trigger_from_file

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Any number of records: import, export, trigger.")
app.command("import", epilog=f"Example: {IMPORT_EXAMPLE}")(import_file)
app.command("trigger", epilog=f"Example: {TRIGGER_EXAMPLE}")(trigger_from_file)
