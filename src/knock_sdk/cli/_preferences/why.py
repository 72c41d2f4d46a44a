"""`knock-sdk preferences why`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from ...types.messages import ChannelType
from .. import _rows as rows
from .._console import Styled, print_grid, print_json, print_row, print_text
from .._inputs import one_of, read_data
from .._options import Data, JSONOutput, Property, RecipientId, Tenant, WorkflowKey
from .._references import ObjectId, read_recipient
from .._session import client_of
from .._text import to_json

if TYPE_CHECKING:
    from ..._sync.client import Knock
    from ...types import WorkflowRecipientRunEvent
    from .evidence import Channel, Evidence, Workflow
    from .reasons import Reason, Verdict
    from .terms import Terms

_TYPES: tuple[str, ...] = get_args(ChannelType)
_WORDS: dict[Verdict, Styled] = {
    "yes": Styled("yes", "bold green"),
    "no": Styled("no", "bold red"),
    "open": Styled("open", "bold yellow"),
}


def explain(
    context: typer.Context,
    recipient_id: RecipientId,
    key: WorkflowKey,
    *,
    channels: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="CHANNEL", help="Only the channel with this id. May be repeated."),
    ] = None,
    channel_types: Annotated[
        list[str] | None,
        typer.Option(
            "--channel-type",
            metavar="TYPE",
            help="Only channels of this type: email, sms, push and so on. May be repeated.",
            **one_of(*_TYPES),
        ),
    ] = None,
    tenant: Tenant = None,
    categories: Annotated[
        list[str] | None,
        typer.Option(
            "--category",
            metavar="NAME",
            help="A category of the workflow; those that it had when it last sent if left out. May be repeated.",
        ),
    ] = None,
    commercial: Annotated[
        bool, typer.Option("--commercial", help="The messages of the workflow are commercial.")
    ] = False,
    properties: Property = None,
    data: Data = None,
    json: JSONOutput = False,
) -> None:
    """Explain whether a recipient would get a workflow's messages, step by step, and what was sent last.

    Properties and --data are the data of a trigger, for conditions that read it. What cannot be decided outside of a
    run is said to be open. The exit status says nothing about the outcome.
    """
    from . import evidence as finding
    from . import reasons as reasoning

    recipient, trigger_data = read_recipient(recipient_id), read_data(data, properties)
    with client_of(context) as client:
        found = finding.collect(client, recipient, key, tenant)
        workflow = finding.Workflow(key, tuple(categories or found.seen_categories), commercial)
        terms = terms_of(client, found, workflow, trigger_data)
        asked = reasoning.channels_for(found, channels or [], channel_types or [])
        for channel in asked:
            if not channel.type:
                raise typer.BadParameter(
                    f"Say with --channel-type of what type {channel.id!r} is.", param_hint="--channel"
                )
        common = reasoning.about_recipient(found)
        checked = {
            channel: [
                *reasoning.about_preferences(found, workflow, channel, terms),
                *reasoning.about_address(client, found, channel),
            ]
            for channel in asked
        }
    if json:
        _print_json(found, workflow, common, checked)
        return
    _print(found, workflow, common, checked)


def terms_of(client: Knock, found: Evidence, workflow: Workflow, data: dict[str, Any] | None) -> Terms:
    """Return the values that conditions read, as far as they are known."""
    from .terms import Terms

    profile: dict[str, Any] = {}
    if found.profile is not None:
        profile = {**found.profile.model_dump(mode="json", by_alias=True), **found.profile.properties}
    known: dict[str, Any] = {
        "recipient": profile,
        "tenant": {} if found.tenant is None else found.tenant.model_dump(mode="json", by_alias=True),
        "workflow": {"key": workflow.key, "categories": list(workflow.categories), "commercial": workflow.commercial},
    }
    if data is not None:
        known["data"] = data
    user_id = found.recipient if isinstance(found.recipient, str) else None
    missing = {"data": "give the data of the trigger with -p or --data"}
    return Terms(client, user_id, found.tenant_id, known, missing)


def _print_json(
    found: Evidence, workflow: Workflow, common: list[Reason], checked: dict[Channel, list[Reason]]
) -> None:
    from .reasons import verdict_of

    print_json(
        {
            "recipient": found.recipient._asdict() if isinstance(found.recipient, ObjectId) else found.recipient,
            "workflow": asdict(workflow),
            "tenant": found.tenant_id,
            "preferences": found.preferences,
            "reasons": [asdict(reason) for reason in common],
            "channels": [
                {
                    **channel._asdict(),
                    "id": channel.id or None,
                    "verdict": verdict_of([*common, *reasons]),
                    "reasons": [asdict(reason) for reason in reasons],
                }
                for channel, reasons in checked.items()
            ],
            "messages": found.messages,
            "run": found.run,
        }
    )


def _print(found: Evidence, workflow: Workflow, common: list[Reason], checked: dict[Channel, list[Reason]]) -> None:
    from .reasons import verdict_of

    print_grid(_rows(common))
    listed = ", ".join(workflow.categories) or "none that is known"
    print_text(f"Categories of {workflow.key}: {listed}")
    for channel, reasons in checked.items():
        print_text("")
        name = channel.type if channel.name == channel.type else f"{channel.name} ({channel.type})"
        print_grid([(Styled(name, "bold"), _WORDS[verdict_of([*common, *reasons])])])
        print_grid(_rows(reasons))
    print_text("")
    print_text("Its last messages to the recipient:" if found.messages else "It has sent the recipient no message.")
    for message in found.messages:
        print_row(rows.message(message), message, as_json=False)
    print_text("")
    if found.run is None:
        print_text("No run of it for the recipient is kept. Was it triggered for this one?")
        return
    run = found.run
    print_text(f"Its last run, {run.id}: {run.status}, with {run.error_count} errors.")
    print_grid([_event_row(event) for event in run.events])


def _event_row(event: WorkflowRecipientRunEvent) -> tuple[object, ...]:
    words = [
        event.event.removeprefix("workflow_recipient_"),
        event.step_ref,
        to_json(event.data) if event.data else None,
    ]
    style = "red" if event.status == "error" else "dim"
    return Styled(event.status, style), event.inserted_at, " ".join(word for word in words if word)


def _rows(reasons: list[Reason]) -> list[tuple[object, object]]:
    rows: list[tuple[object, object]] = []
    for reason in reasons:
        rows.append((_WORDS[reason.verdict], reason.text))
        rows += [(None, Styled(detail, "dim")) for detail in reason.details]
    return rows
