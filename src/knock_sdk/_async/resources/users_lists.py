"""Lists of a user's messages, schedules and subscriptions; a part of `users`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest
from ..._core.values.query import json_text
from .._paginate import paginate
from ._base import AsyncResource, key_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import Items, JSONObject, TimeRange
    from ...workflows._workflow import Workflow
    from .._paginate import AsyncPaginator


class AsyncUsersLists(AsyncResource):
    """Lists of a user's messages, schedules and subscriptions; a part of `users`."""

    def list_messages(
        self,
        user_id: str,
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
        """List a user's messages.

        `GET /v1/users/{user_id}/messages`. Returns the messages sent to a user, newest first, a page at a time;
        filters combine. Messages past the account's retention period are left out.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
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
                op.LIST_MESSAGES_FOR_USER,
                t.ListMessagesResponse,
                path=(user_id,),
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

    def list_schedules(
        self,
        user_id: str,
        *,
        workflow: str | Workflow[Any] | None = None,
        tenant: str | None = None,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.Schedule]:
        """List a user's schedules.

        `GET /v1/users/{user_id}/schedules`. Returns the schedules whose recipient is this user, newest first, a
        page at a time.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            workflow: Only schedules of the workflow with this key, or of this `Workflow`.
            tenant: Only schedules for the tenant with this id.
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
                op.LIST_USER_SCHEDULES,
                t.ListSchedulesResponse,
                path=(user_id,),
                query={
                    "workflow": key_of(workflow),
                    "tenant": tenant,
                    "after": after,
                    "before": before,
                    "page_size": page_size,
                },
                options=options,
            ),
        )

    def list_subscriptions(
        self,
        user_id: str,
        *,
        include: Items[Literal["preferences"]] | None = None,
        objects: Items[p.RecipientReference] | None = None,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.Subscription]:
        """List a user's subscriptions.

        `GET /v1/users/{user_id}/subscriptions`. Returns the objects that a user subscribes to, as subscriptions,
        newest first, a page at a time.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            include: Related data to return as well; only `preferences` exists.
            objects: Only subscriptions to these objects, each by id and collection.
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
                op.LIST_SUBSCRIPTIONS_FOR_USER,
                t.ListSubscriptionsResponse,
                path=(user_id,),
                query={
                    "include": include,
                    "objects": objects,
                    "after": after,
                    "before": before,
                    "page_size": page_size,
                },
                options=options,
            ),
        )
