# Derived from src/knock_sdk/_async/resources/channels.py by `python -m codegen`; do not edit.
"""Channels: the configured providers that deliver messages."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ..._core.sentinel import NOT_GIVEN
from ..._core.values.body import json_field
from ._base import Resource

if TYPE_CHECKING:
    from datetime import datetime

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import Items, JSONObject


class Channels(Resource):
    """Channels: the configured providers that deliver messages."""

    @cached_property
    def bulk(self) -> ChannelsBulk:
        """Bulk changes of the messages of one channel."""
        return ChannelsBulk(self._transport)


class ChannelsBulk(Resource):
    """Bulk changes of the messages of one channel."""

    def update_message_status(
        self,
        channel_id: str,
        action: p.BulkMessageAction,
        *,
        archived: p.ArchivedFilter | NotGiven = NOT_GIVEN,
        delivery_status: t.MessageStatus | NotGiven = NOT_GIVEN,
        engagement_status: p.EngagementStatusFilter | NotGiven = NOT_GIVEN,
        has_tenant: bool | NotGiven = NOT_GIVEN,
        newer_than: datetime | str | NotGiven = NOT_GIVEN,
        older_than: datetime | str | NotGiven = NOT_GIVEN,
        recipient_ids: Items[str] | NotGiven = NOT_GIVEN,
        tenants: Items[str] | NotGiven = NOT_GIVEN,
        trigger_data: str | JSONObject | NotGiven = NOT_GIVEN,
        workflows: Items[str] | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Update a channel's messages in bulk.

        `POST /v1/channels/{channel_id}/messages/bulk/{action}`. Queues one status change, or deletion, for every
        message of a channel that matches the filters in the body. Runs asynchronously: poll `GET
        /v1/bulk_operations/{id}` with the id returned. Messages past the account's retention period are not
        touched.

        Args:
            channel_id: UUID of the channel, as shown in the Knock dashboard.
            action: Action on the matching messages: the engagement status to set or clear, or `delete`.
            archived: Whether to leave out archived messages, include them, or select only those.
            delivery_status: Only messages whose delivery has reached this status.
            engagement_status: Only messages with this engagement status, or without it for the `un…` values.
            has_tenant: True for only messages that belong to a tenant, false for only those that do not.
            newer_than: Only messages created after this time.
            older_than: Only messages created before this time.
            recipient_ids: Only messages to recipients with one of these ids.
            tenants: Only messages that belong to one of these tenants, by id.
            trigger_data: Only messages whose trigger data matches this exactly: top-level scalars, strings up to
                256 characters (as JSON text, or as an object that is encoded for you).
            workflows: Only messages produced by one of these workflows, by key.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BULK_UPDATE_MESSAGES_FOR_CHANNEL,
                t.BulkOperation,
                path=(channel_id, action),
                body={
                    "archived": archived,
                    "delivery_status": delivery_status,
                    "engagement_status": engagement_status,
                    "has_tenant": has_tenant,
                    "newer_than": newer_than,
                    "older_than": older_than,
                    "recipient_ids": recipient_ids,
                    "tenants": tenants,
                    "trigger_data": json_field("trigger_data", trigger_data),
                    "workflows": workflows,
                },
                options=options,
            )
        )
