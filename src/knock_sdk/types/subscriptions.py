# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .objects import Object
from .recipients import Recipient
from .shared import PageInfo


class Subscription(Model):
    """A link between a recipient and an object: triggering a workflow for the object notifies the recipient too."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, as Knock names it."""

    inserted_at: AwareDatetime
    """When the subscription was created."""

    object: Object
    """The object that is subscribed to."""

    properties: dict[str, Any] | None = None
    """Your own values for this subscription, read in templates as `recipient.subscription`; null if there are none."""

    recipient: Recipient
    """The subscriber, a user or another object."""

    updated_at: AwareDatetime
    """When the subscription last changed."""


SubscriptionsResponse: TypeAlias = list[Subscription]
"""The subscriptions that a call added, changed or deleted."""


class ListSubscriptionsResponse(Model):
    """One page of subscriptions."""

    entries: list[Subscription]
    """Subscriptions on this page."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
