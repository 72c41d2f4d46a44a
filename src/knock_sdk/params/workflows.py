# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONModel, JSONObject

from .recipients import RecipientRequest
from .shared import RecipientReference
from .tenants import InlineTenantRequest


@with_config(extra="forbid")
class TriggerWorkflowSettings(TypedDict):
    """Changes to a workflow's usual behaviour, for one trigger."""

    sandbox_mode: NotRequired[bool | None]
    """True creates every message without sending it, so that its status becomes `not_sent`."""

    skip_delay: NotRequired[bool | None]
    """True skips delay steps; batch steps still wait."""


@with_config(extra="forbid")
class CancelRequest(TypedDict):
    """Request to cancel paused workflow runs by the older operation, which identifies the workflow in the body."""

    cancellation_key: str
    """The cancellation key that the runs were triggered with."""

    name: str
    """Key of the workflow whose runs to cancel."""

    recipients: NotRequired[Items[RecipientReference]]
    """Cancel only for these recipients, at most 1,000; leave out to cancel for all of them."""


@with_config(extra="forbid")
class CancelWorkflowRequest(TypedDict):
    """Request to cancel the runs of a workflow that are paused, for example in a delay or a batch."""

    cancellation_key: str
    """The cancellation key that the runs were triggered with."""

    recipients: NotRequired[Items[RecipientReference] | None]
    """Cancel only for these recipients, at most 1,000; null or absent cancels for all of them."""


@with_config(extra="forbid")
class NotifyRequest(TypedDict):
    """Request to trigger a workflow by the older operation; new code sends a `TriggerWorkflowRequest`."""

    actor: RecipientReference
    """User or object that caused the notification: a user id, or the id and collection of an object."""

    cancellation_key: NotRequired[str | None]
    """Key by which the runs can later be cancelled; without one they cannot be."""

    data: NotRequired[JSONObject | None]
    """Values for the workflow's templates and conditions, at most 10 MB in all."""

    name: str
    """Key of the workflow to run."""

    recipients: Items[RecipientReference]
    """Recipients to notify, as user ids or object references."""


@with_config(extra="forbid")
class TriggerWorkflowRequest(TypedDict):
    """Request to run a workflow for up to 1,000 recipients."""

    actor: NotRequired[RecipientRequest | None]
    """User or object that caused the notification, as an id or with properties to store first; null for no actor."""

    cancellation_key: NotRequired[str | None]
    """
    Key by which these runs can be cancelled later; make it unique for each trigger. Without one they cannot be
    cancelled.
    """

    data: NotRequired[JSONObject | None]
    """Values for the workflow's templates and conditions, at most 10 MB; the logs cut strings above 1,024 bytes."""

    recipients: Items[RecipientRequest]
    """
    Recipients to notify, at most 1,000: user ids, object references, or users and objects with properties to
    store first.
    """

    settings: NotRequired[TriggerWorkflowSettings | JSONModel | None]
    """Settings for the runs of this trigger alone, or null for the usual behaviour."""

    tenant: NotRequired[InlineTenantRequest | None]
    """
    Tenant whose branding and preferences apply and whose id marks the messages, as an id or with properties to
    store first.
    """


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
