# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .activities import Activity
from .message_contents import MessageInAppFeedButtonSetBlock, MessageInAppFeedContentBlock
from .recipients import Recipient
from .shared import PageInfo


class InAppFeedFeatures(Model):
    """Requirements of the account's plan for the feed."""

    branding_required: bool
    """True if the feed must carry Knock's branding."""


class InAppFeedItemSource(Model):
    """The workflow that produced a feed item."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, as Knock names it."""

    categories: list[str]
    """Categories of the workflow; empty if it has none."""

    key: str
    """Key of the workflow."""

    version_id: str
    """Id of the version of the workflow that ran (a UUID)."""


class InAppFeedMeta(Model):
    """Counts over all the items of a feed that match the request's filters, not only over this page."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, as Knock names it."""

    total_count: int
    """Number of items that match the filters."""

    unread_count: int
    """Number of matching items that are unread."""

    unseen_count: int
    """Number of matching items that are unseen."""


class UserInAppFeedSettingsResponse(Model):
    """Settings that a client needs to render an in-app feed."""

    features: InAppFeedFeatures
    """Requirements of the Knock account for the feed, such as whether it must show Knock's branding."""


class InAppFeedItem(Model):
    """A message in a user's in-app feed, with the data needed to render it."""

    cursor: Annotated[str | None, Field(alias="__cursor")] = None
    """Cursor of the item, which `after` and `before` take."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, as Knock names it."""

    activities: list[Activity] | None = None
    """Triggers behind the item, several for a batch; left out in `compact` mode."""

    actors: list[Recipient]
    """Users and objects that acted, up to 10; at most one in `compact` mode."""

    archived_at: AwareDatetime | None = None
    """When the item was archived; null if it is not."""

    blocks: list[MessageInAppFeedContentBlock | MessageInAppFeedButtonSetBlock]
    """Rendered content of the item, in order: text blocks and sets of buttons."""

    clicked_at: AwareDatetime | None = None
    """When a link was last followed; null if never; an older name for `link_clicked_at`."""

    data: dict[str, Any] | None
    """Trigger data behind the item; null for none, and nested values are dropped in `compact` mode."""

    id: str
    """Id of the item, which is the id of its message."""

    inserted_at: AwareDatetime
    """When Knock created the item."""

    interacted_at: AwareDatetime | None = None
    """When the user last interacted with the item; null if never."""

    link_clicked_at: AwareDatetime | None = None
    """When a tracked link in the item was last followed; null if never."""

    read_at: AwareDatetime | None = None
    """When the item was last marked as read; null if it is unread."""

    seen_at: AwareDatetime | None = None
    """When the item was last marked as seen; null if it is unseen."""

    source: InAppFeedItemSource
    """Workflow that produced the item."""

    tenant: str | None
    """Id of the tenant that the item belongs to; null if it belongs to none."""

    total_activities: int | None = None
    """Number of triggers behind the item, which may be more than `activities` lists; left out in `compact` mode."""

    total_actors: int
    """Number of users and objects that acted, which may be more than `actors` lists."""

    updated_at: AwareDatetime
    """When the item last changed."""


class UserInAppFeedResponse(Model):
    """A page of a user's in-app feed, newest first, with its counts."""

    entries: list[InAppFeedItem]
    """The feed items on this page; empty for a user that Knock does not know."""

    meta: InAppFeedMeta
    """Counts of all, unread and unseen items, under the filters of the request."""

    page_info: PageInfo
    """Cursors to the neighbouring pages."""

    vars: dict[str, Any]
    """Variables of the Knock environment that are meant for clients."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
