"""`knock-sdk cancel`."""

from __future__ import annotations

from typing import Annotated

import typer

from .._console import print_done
from .._groups import new_group
from .._options import JSONOutput, WorkflowKey
from .._references import read_reference
from .._session import client_of

app = new_group()


@app.command("cancel", epilog="Example: knock-sdk cancel reminder order-1993 -r jhammond")
def cancel_runs(
    context: typer.Context,
    key: WorkflowKey,
    cancellation_key: Annotated[
        str, typer.Argument(metavar="CANCELLATION_KEY", help="The key with which the runs were triggered.")
    ],
    *,
    recipients: Annotated[
        list[str] | None,
        typer.Option(
            "--recipient",
            "-r",
            metavar="RECIPIENT",
            help="Only for this user, or for this object, given as COLLECTION/ID. May be repeated.",
        ),
    ] = None,
    json: JSONOutput = False,
) -> None:
    """Cancel the runs of a workflow that wait, in a delay or a batch.

    The API carries it out afterwards. Runs that were triggered less than 5 seconds ago may be missed.
    """
    given = [read_reference(text, "--recipient") for text in recipients or []]
    with client_of(context) as client:
        client.workflows.cancel(key, cancellation_key=cancellation_key, recipients=given or None)
        done = {"workflow": key, "cancellation_key": cancellation_key, "cancelling": True}
        print_done(f"Those runs of {key} that wait are being cancelled.", done, as_json=json)
