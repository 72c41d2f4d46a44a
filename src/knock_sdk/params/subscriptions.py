# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from typing_extensions import NotRequired

    from knock_sdk._core.argument_types import Items, JSONObject

    from .recipients import RecipientRequest
    from .shared import RecipientReference


class BulkDeleteSubscription(TypedDict):
    """One object together with the recipients to unsubscribe from it."""

    id: str
    """Id of the object, in the collection of the path."""

    recipients: Items[RecipientReference]
    """Users and objects to unsubscribe, at most 100 for each object."""


class BulkDeleteSubscriptionsRequest(TypedDict):
    """Request to remove subscriptions from many objects of one collection in the background."""

    subscriptions: Items[BulkDeleteSubscription | JSONObject]
    """One entry for each object, with the recipients to unsubscribe from it."""


class DeleteSubscriptionsRequest(TypedDict):
    """Request to unsubscribe recipients from one object."""

    recipients: Items[RecipientReference]
    """Users and objects to unsubscribe, at most 100."""


class UpsertSubscriptionsRequest(TypedDict):
    """Request to subscribe recipients to an object, or to update their subscriptions."""

    properties: NotRequired[JSONObject | None]
    """Your own values to store on each of these subscriptions, read in templates as `recipient.subscription`."""

    recipients: Items[RecipientRequest]
    """
    Recipients to subscribe, at most 100: user ids, object references, or users and objects with properties to
    store first.
    """


class BulkUpsertSubscription(TypedDict):
    """One object together with the recipients to subscribe to it."""

    id: str
    """Id of the object, in the collection of the path."""

    properties: NotRequired[JSONObject | None]
    """Custom properties to store on each of the subscriptions; null for none."""

    recipients: Items[RecipientRequest]
    """Users and objects to subscribe, by reference or with properties to store, at most 100 for each object."""


class BulkUpsertSubscriptionsRequest(TypedDict):
    """Request to add or update subscriptions to many objects of one collection in the background."""

    subscriptions: Items[BulkUpsertSubscription | JSONObject]
    """One entry for each object, with the recipients to subscribe to it."""
