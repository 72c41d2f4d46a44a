# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONModel, JSONObject

from .recipients import RecipientRequest
from .shared import RecipientReference


@with_config(extra="forbid")
class BulkDeleteSubscription(TypedDict):
    """One object together with the recipients to unsubscribe from it."""

    id: str
    """Id of the object, in the collection of the path."""

    recipients: Items[RecipientReference]
    """Users and objects to unsubscribe, at most 100 for each object."""


@with_config(extra="forbid")
class BulkDeleteSubscriptionsRequest(TypedDict):
    """Request to remove subscriptions from many objects of one collection in the background."""

    subscriptions: Items[BulkDeleteSubscription | JSONModel]
    """One entry for each object, with the recipients to unsubscribe from it."""


@with_config(extra="forbid")
class DeleteSubscriptionsRequest(TypedDict):
    """Request to unsubscribe recipients from one object."""

    recipients: Items[RecipientReference]
    """Users and objects to unsubscribe, at most 100."""


@with_config(extra="forbid")
class UpsertSubscriptionsRequest(TypedDict):
    """Request to subscribe recipients to an object, or to update their subscriptions."""

    properties: NotRequired[JSONObject | None]
    """Your own values to store on each of these subscriptions, read in templates as `recipient.subscription`."""

    recipients: Items[RecipientRequest]
    """
    Recipients to subscribe, at most 100: user ids, object references, or users and objects with properties to
    store first.
    """


@with_config(extra="forbid")
class BulkUpsertSubscription(TypedDict):
    """One object together with the recipients to subscribe to it."""

    id: str
    """Id of the object, in the collection of the path."""

    properties: NotRequired[JSONObject | None]
    """Custom properties to store on each of the subscriptions; null for none."""

    recipients: Items[RecipientRequest]
    """Users and objects to subscribe, by reference or with properties to store, at most 100 for each object."""


@with_config(extra="forbid")
class BulkUpsertSubscriptionsRequest(TypedDict):
    """Request to add or update subscriptions to many objects of one collection in the background."""

    subscriptions: Items[BulkUpsertSubscription | JSONModel]
    """One entry for each object, with the recipients to subscribe to it."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
