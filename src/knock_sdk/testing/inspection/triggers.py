"""Calls that triggered workflows, read from the received requests."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ..._core.type_guards import is_object
from ..http.exchange import ReceivedRequest
from ..recipients.profiles import reference_of
from ..state.json_objects import object_at
from .criteria import includes

_TRIGGERS = frozenset({"triggerWorkflow", "notify"})


@dataclass(frozen=True)
class Triggered:
    """A call that triggered a workflow.

    Attributes:
        workflow: key of the workflow.
        recipients: the recipients: user ids, and objects by their id and collection.
        data: the data of the trigger.
        actor: the actor, in the same form as the recipients.
        tenant: id of the tenant.
        cancellation_key: key by which the runs can be cancelled.
        request: the request.
    """

    workflow: str
    recipients: tuple[str | dict[str, str], ...]
    data: Mapping[str, Any]
    actor: str | dict[str, str] | None
    tenant: str | None
    cancellation_key: str | None
    request: ReceivedRequest

    def matches(
        self,
        workflow: str,
        recipients: Sequence[str | Mapping[str, str]] | None,
        data: Mapping[str, object] | None,
        actor: str | Mapping[str, str] | None,
        tenant: str | None,
    ) -> bool:
        """Return whether the call matches; recipients may be in any order, and the data may have further values."""
        own_recipients = {reference_of(recipient) for recipient in self.recipients}
        return (
            self.workflow == workflow
            and (recipients is None or {reference_of(recipient) for recipient in recipients} == own_recipients)
            and (data is None or includes(dict(self.data), data))
            and (actor is None or (self.actor is not None and reference_of(self.actor) == reference_of(actor)))
            and (tenant is None or self.tenant == tenant)
        )


def triggers_in(received: Iterable[ReceivedRequest]) -> list[Triggered]:
    """Return the calls that triggered workflows; replays for an idempotency key are left out."""
    return [
        _parse_trigger(request)
        for request in received
        if request.operation in _TRIGGERS and request.carried_out and not request.replayed
    ]


def _parse_trigger(request: ReceivedRequest) -> Triggered:
    body = request.json
    tenant = body.get("tenant")
    return Triggered(
        workflow=body["name"] if request.operation == "notify" else unquote(request.target.split("/")[3]),
        recipients=tuple(reference_of(recipient).json() for recipient in body["recipients"]),
        data=object_at(body, "data"),
        actor=reference_of(body["actor"]).json() if body.get("actor") else None,
        tenant=tenant["id"] if is_object(tenant) else tenant,
        cancellation_key=body.get("cancellation_key"),
        request=request,
    )
