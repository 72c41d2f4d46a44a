"""Messages: notifications to a recipient on a channel."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from ..._core.values.query import json_text
from .._paginate import paginate
from .messages_engagement import AsyncMessagesEngagement

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import Items, JSONObject, TimeRange
    from .._paginate import AsyncPaginator
    from .messages_batch import AsyncMessagesBatch


class AsyncMessages(AsyncMessagesEngagement):
    """Messages: notifications to a recipient on a channel."""

    @cached_property
    def batch(self) -> AsyncMessagesBatch:
        """Changes of several messages in one call."""
        from .messages_batch import AsyncMessagesBatch

        return AsyncMessagesBatch(self._transport)

    def list(
        self,
        *,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        tenant: str | None = None,
        channel_id: str | None = None,
        status: Items[t.MessageStatus] | None = None,
        engagement_status: Items[p.EngagementStatusFilter] | None = None,
        message_ids: Items[str] | None = None,
        workflow_categories: Items[str] | None = None,
        source: str | None = None,
        workflow_run_id: str | None = None,
        workflow_recipient_run_id: str | None = None,
        trigger_data: str | JSONObject | None = None,
        inserted_at: TimeRange | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.Message]:
        """List messages.

        `GET /v1/messages`. Returns the messages of the key's environment, a page at a time; filters combine, so a
        message must match all of them. Messages past the account's retention period are left out.

        Args:
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            tenant: Only messages of the tenant with this id.
            channel_id: Only messages sent through the channel with this id.
            status: Only messages whose delivery status is one of these.
            engagement_status: Only messages with these engagement statuses; the `un…` values match messages lacking
                that status.
            message_ids: Only messages with these ids, at most 50; the other filters still apply.
            workflow_categories: Only messages whose workflow belongs to at least one of these categories.
            source: Only messages produced by the workflow with this key.
            workflow_run_id: Only messages of this workflow run, the UUID that triggering a workflow returns.
            workflow_recipient_run_id: Only messages of this run for a single recipient, given by its UUID.
            trigger_data: JSON object as a string; only messages whose trigger data equals these top-level scalars,
                strings up to 256 characters (as JSON text, or as an object that is encoded for you).
            inserted_at: Bounds of the time of creation: a mapping with any of `gt`, `gte`, `lt` and `lte`.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_MESSAGES,
                t.ListMessagesResponse,
                query={
                    "after": after,
                    "before": before,
                    "page_size": page_size,
                    "tenant": tenant,
                    "channel_id": channel_id,
                    "status": status,
                    "engagement_status": engagement_status,
                    "message_ids": message_ids,
                    "workflow_categories": workflow_categories,
                    "source": source,
                    "workflow_run_id": workflow_run_id,
                    "workflow_recipient_run_id": workflow_recipient_run_id,
                    "trigger_data": json_text(trigger_data),
                    "inserted_at": inserted_at,
                },
                options=options,
            ),
        )

    async def get(
        self,
        message_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.Message:
        """Get a message.

        `GET /v1/messages/{message_id}`. Returns one message with its delivery status and engagement times, without
        its rendered content. A message past the account's retention period returns 404.

        Args:
            message_id: Id of the message.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The message.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(Request(op.GET_MESSAGE, t.Message, path=(message_id,), options=options))

    def list_activities(
        self,
        message_id: str,
        *,
        trigger_data: str | JSONObject | None = None,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.Activity]:
        """List a message's activities.

        `GET /v1/messages/{message_id}/activities`. Returns the trigger calls behind a message, a page at a time:
        exactly one, or several if a batch step combined them.

        Args:
            message_id: Id of the message.
            trigger_data: JSON object as a string; only activities whose trigger data equals these top-level
                scalars, strings up to 256 characters (as JSON text, or as an object that is encoded for you).
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_MESSAGE_ACTIVITIES,
                t.ListActivitiesResponse,
                path=(message_id,),
                query={
                    "trigger_data": json_text(trigger_data),
                    "after": after,
                    "before": before,
                    "page_size": page_size,
                },
                options=options,
            ),
        )

    async def get_content(
        self,
        message_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.MessageContents:
        """Get a message's content.

        `GET /v1/messages/{message_id}/content`. Returns what the recipient received, fully rendered; its shape
        depends on the kind of channel, such as email, SMS, push, chat or in-app feed.

        Args:
            message_id: Id of the message.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The rendered content of the message.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.GET_MESSAGE_CONTENTS, t.MessageContents, path=(message_id,), options=options)
        )

    def list_delivery_logs(
        self,
        message_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.MessageDeliveryLog]:
        """List a message's delivery logs.

        `GET /v1/messages/{message_id}/delivery_logs`. Returns the requests that Knock made to the delivery provider
        for a message and the responses that came back, a page at a time.

        Args:
            message_id: Id of the message.
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_MESSAGE_DELIVERY_LOGS,
                t.ListMessageDeliveryLogsResponse,
                path=(message_id,),
                query={"after": after, "before": before, "page_size": page_size},
                options=options,
            ),
        )

    def list_events(
        self,
        message_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.MessageEvent]:
        """List a message's events.

        `GET /v1/messages/{message_id}/events`. Returns the changes of a message's delivery and engagement status, a
        page at a time.

        Args:
            message_id: Id of the message.
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_MESSAGE_EVENTS,
                t.ListMessageEventsResponse,
                path=(message_id,),
                query={"after": after, "before": before, "page_size": page_size},
                options=options,
            ),
        )
