"""In-app feeds of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from ..._core.values.query import comma_text, json_text
from .._paginate import paginate_feed
from ._base import AsyncResource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import Items, JSONObject, TimeRange
    from .._paginate import AsyncFeedPaginator


class AsyncUsersFeeds(AsyncResource):
    """In-app feeds of a user."""

    def list_items(
        self,
        user_id: str,
        id: str,
        *,
        status: p.FeedStatusFilter | None = None,
        source: str | None = None,
        tenant: str | None = None,
        has_tenant: bool | None = None,
        workflow_categories: Items[str] | None = None,
        archived: p.ArchivedFilter | None = None,
        trigger_data: str | JSONObject | None = None,
        locale: str | None = None,
        exclude: str | Items[str] | None = None,
        mode: Literal["compact", "rich"] | None = None,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        inserted_at: TimeRange | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncFeedPaginator:
        """List a user's feed items.

        `GET /v1/users/{user_id}/feeds/{id}`. Returns the in-app feed of a user, newest first, a page at a time,
        with counts in `meta` that follow the same filters. An unknown user has an empty feed. The limit of 5 calls
        a second applies to each user and environment, with any kind of key.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            id: UUID of the in-app feed channel.
            status: Only items with this engagement status; `all` includes every item.
            source: Only items produced by the workflow with this key.
            tenant: Items of the tenant with this id and those without a tenant; add `has_tenant` true to drop the
                latter.
            has_tenant: True for only items with a tenant, false for only items without one.
            workflow_categories: Only items whose workflow belongs to at least one of these categories.
            archived: Whether archived items are left out (`exclude`, the default), added (`include`) or the only
                ones (`only`).
            trigger_data: JSON object as a string; only items whose trigger data equals these top-level scalars,
                strings up to 256 characters (as JSON text, or as an object that is encoded for you).
            locale: Language tag such as `en-US` to render the items in; if absent, the one that each was rendered
                in. Enterprise plans only.
            exclude: Comma-separated fields to leave out of the response, nested at most 3 levels deep.
            mode: `rich` (the default) returns whole items; `compact` drops activities, their number and nested data,
                and keeps one actor at most.
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of items on a page, 1 to 200; 50 if absent. Only older documents allow more than 50.
            inserted_at: Bounds of the time of creation: a mapping with any of `gt`, `gte`, `lt` and `lte`.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate_feed(
            self._transport,
            PageRequest(
                op.LIST_USER_IN_APP_FEED_ITEMS,
                t.UserInAppFeedResponse,
                path=(user_id, id),
                query={
                    "status": status,
                    "source": source,
                    "tenant": tenant,
                    "has_tenant": has_tenant,
                    "workflow_categories": workflow_categories,
                    "archived": archived,
                    "trigger_data": json_text(trigger_data),
                    "locale": locale,
                    "exclude": comma_text(exclude),
                    "mode": mode,
                    "after": after,
                    "before": before,
                    "page_size": page_size,
                    "inserted_at": inserted_at,
                },
                options=options,
            ),
        )

    async def get_settings(
        self,
        user_id: str,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> t.UserInAppFeedSettingsResponse:
        """Get a user's feed settings.

        `GET /v1/users/{user_id}/feeds/{id}/settings`. Returns the settings of a user's in-app feed, at present only
        whether Knock's branding must be shown.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            id: UUID of the in-app feed channel.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The feed settings.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.GET_USER_IN_APP_FEED_SETTINGS, t.UserInAppFeedSettingsResponse, path=(user_id, id), options=options
            )
        )
