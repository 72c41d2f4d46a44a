"""`knock-sdk trigger`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .._console import print_json_line, print_line, print_note
from .._groups import new_group
from .._inputs import read_data, read_json
from .._options import Data, JSONOutput, Objects, Property, Recipients, RecipientsSource, WorkflowKey
from .._references import read_inline, read_recipients
from .._session import client_of

if TYPE_CHECKING:
    from ...params import InlineTenantRequest

app = new_group()


@app.command(
    "trigger",
    epilog="Example: knock-sdk trigger comment-created -r jhammond -r projects/site-b -p comment='Life finds a way.'",
)
def trigger_workflow(
    context: typer.Context,
    key: WorkflowKey,
    *,
    recipients: Recipients = None,
    objects: Objects = None,
    source: RecipientsSource = None,
    properties: Property = None,
    data: Data = None,
    actor: Annotated[
        str | None,
        typer.Option(metavar="RECIPIENT", help="Who caused it: a user, an object as COLLECTION/ID, or JSON."),
    ] = None,
    tenant: Annotated[
        str | None, typer.Option(metavar="TENANT", help="Id of the tenant, or JSON that stores one first.")
    ] = None,
    cancellation_key: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Key with which the runs can be cancelled while they wait.")
    ] = None,
    idempotency_key: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Key under which it is carried out once in 24 hours.")
    ] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Make the messages without sending them.")] = False,
    skip_delays: Annotated[bool, typer.Option("--skip-delays", help="Pass over the delays of the workflow.")] = False,
    wait: Annotated[
        float | None,
        typer.Option(
            "--wait",
            min=0,
            metavar="SECONDS",
            help="Show the messages as they are made, until the runs have ended, for so long at most.",
        ),
    ] = None,
    json: JSONOutput = False,
) -> None:
    """Trigger a workflow for recipients, and print the id of its run.

    Properties and --data are the data of the workflow. With --wait, the exit status is 1 if the runs had errors, or had
    not ended in time.
    """
    settings = {"sandbox_mode": sandbox, "skip_delay": skip_delays}
    arguments: dict[str, Any] = {
        "recipients": read_recipients(recipients, objects, source),
        "data": read_data(data, properties),
        "actor": None if actor is None else read_inline(actor, "--actor"),
        "tenant": None if tenant is None else _read_tenant(tenant),
        "cancellation_key": cancellation_key,
        "settings": {name: True for name, chosen in settings.items() if chosen} or None,
    }
    if not arguments["recipients"]:
        raise typer.BadParameter("There is none: name one with --recipient, --object or --recipients.")
    given = {name: value for name, value in arguments.items() if value is not None}
    with client_of(context) as client:
        run = client.workflows.trigger(key, **given, idempotency_key=idempotency_key)
        if json:
            print_json_line(run)
        else:
            print_line(run.workflow_run_id)
        if wait is None:
            print_note(f"What it sends: knock-sdk messages list --run {run.workflow_run_id}")
        else:
            from .waiting import wait_for

            wait_for(client, key, run.workflow_run_id, wait, json=json)


def _read_tenant(text: str) -> InlineTenantRequest:
    if not text.lstrip().startswith("{"):
        return text
    value: InlineTenantRequest = read_json(text, "--tenant")
    return value
