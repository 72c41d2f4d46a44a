"""The command and its groups, and the options that come before them."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from ._errors import carry_out
from ._groups import Deferred, DeferredCommands, context_settings, markup_mode
from ._session import Session

PROGRAM = "knock-sdk"

COMMANDS = {
    "trigger": Deferred("_sending.trigger", "Trigger a workflow for recipients.", "Notifications"),
    "cancel": Deferred("_sending.cancel", "Cancel the runs of a workflow that wait.", "Notifications"),
    "messages": Deferred("_messages.group", "Messages that were sent: lists, contents, statuses.", "Notifications"),
    "feed": Deferred("_feed.command", "A user's in-app feed, which scrolls in a terminal.", "Notifications"),
    "schedules": Deferred("_sending.schedules", "Workflows that run later, once or repeatedly.", "Notifications"),
    "users": Deferred("_recipients.users", "Users, to whom notifications go.", "Recipients"),
    "objects": Deferred("_recipients.objects", "Objects, such as projects, and their subscribers.", "Recipients"),
    "tenants": Deferred("_recipients.tenants", "Tenants, such as the companies of your users.", "Recipients"),
    "preferences": Deferred(
        "_preferences.group", "Preferences, and why a user would get a message or not.", "Recipients"
    ),
    "bulk": Deferred("_bulk.commands", "Any number of records: import, export, trigger.", "Bulk"),
    "doctor": Deferred("_doctor.command", "Find out why this machine cannot use the API.", "Tools"),
    "migrate": Deferred("_tools.migrate", "Change code that uses knockapi to this package.", "Tools"),
    "simulate": Deferred("_tools.simulate", "Run a Knock on this machine, for development and tests.", "Tools"),
    "token": Deferred("_tools.tokens", "Sign a token with which a browser or an app acts for a user.", "Tools"),
    "webhook": Deferred("_tools.webhooks", "Webhooks: check, make and receive signed requests.", "Tools"),
    "workflows": Deferred("_tools.workflows", "Typed workflows, from the files of Knock's CLI.", "Tools"),
}
"""All commands, in the order in which the help shows them."""


class _Commands(DeferredCommands):
    deferred = COMMANDS


app = typer.Typer(
    name=PROGRAM,
    cls=_Commands,
    rich_markup_mode=markup_mode(),
    pretty_exceptions_enable=False,  # its tracebacks may show a key
    context_settings=context_settings(),
)


def run(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status: 0 done, 1 failed, 2 misused, 130 interrupted."""
    logging.getLogger("knock_sdk").addHandler(logging.NullHandler())  # warnings are shown if KNOCK_LOG says so
    return carry_out(lambda: app(arguments, prog_name=PROGRAM, standalone_mode=False))


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

    The secret key is read from KNOCK_API_KEY. A Knock on this machine needs none: set KNOCK_BASE_URL to its address,
    such as http://localhost:8400.
    """
    del version
    context.obj = Session(base_url=base_url, branch=branch, timeout=timeout)
