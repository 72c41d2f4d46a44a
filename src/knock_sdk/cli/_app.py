"""The command and its groups, and the options that come before them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from . import _users
from ._bulk import commands as bulk
from ._errors import Commands
from ._session import Session
from ._tools import simulate, tokens, webhooks, workflows

PROGRAM = "knock-sdk"

app = typer.Typer(
    name=PROGRAM,
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,  # its tracebacks may show a key
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(_users.app, name="users", rich_help_panel="Recipients")
app.add_typer(bulk.app, name="bulk", rich_help_panel="Bulk")
app.add_typer(webhooks.app, name="webhook", rich_help_panel="Tools")
app.add_typer(workflows.app, name="workflows", rich_help_panel="Tools")
app.command("token", epilog=f"Example: {tokens.EXAMPLE}", rich_help_panel="Tools")(tokens.token)
app.command("simulate", epilog=f"Example: {simulate.EXAMPLE}", rich_help_panel="Tools")(simulate.simulate)


def run(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status: 0 done, 1 failed, 2 misused, 130 interrupted."""
    try:
        app(arguments, prog_name=PROGRAM)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"{PROGRAM} {version('knock-sdk')}, Python {sys.version.split()[0]}")
        raise typer.Exit


@app.callback()
def set_up(
    context: typer.Context,
    *,
    base_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="URL of the API, or of a local Knock; $KNOCK_BASE_URL if left out."),
    ] = None,
    branch: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Branch of the environment; $KNOCK_BRANCH if left out.")
    ] = None,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="Time for one call, with its retries.")] = 60.0,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Send notifications, look at what was sent, and run a Knock on this machine.

    The secret key is read from [bold]KNOCK_API_KEY[/bold]. A Knock on this machine, which the command
    [bold]simulate[/bold] starts, needs none: set [bold]KNOCK_BASE_URL=http://localhost:8400[/bold].
    """
    del version
    context.obj = Session(base_url=base_url, branch=branch, timeout=timeout)
