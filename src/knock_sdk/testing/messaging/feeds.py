"""In-app feeds: messages rendered as feed items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_array, is_object
from ..http.errors import invalid_field
from ..recipients import profiles
from ..state.clock import iso
from . import activities

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..state.json_objects import JSON
    from ..state.records import Message, Reference
    from ..state.world import World

_DEEPEST_EXCLUDED = 3


@dataclass
class FeedSettings:
    """Settings that all feeds share."""

    branding_required: bool = False


def render(world: World, message: Message, *, compact: bool, blocks: list[JSON] | None = None) -> JSON:
    """Return a message as an item of a feed.

    Args:
        world: the state.
        message: a message of an in-app channel.
        compact: whether to leave out activities, their number, nested data and all actors but one.
        blocks: blocks to show instead of those that were rendered when the message was made.
    """
    trigger, engagement = message.run.trigger, message.engagement
    all_activities = activities.activities_of(message.run, message.closed_batch)
    actors = activities.actors_of(all_activities)
    item = {
        "__typename": "FeedItem",
        "id": message.id,
        "actors": _render_existing(world, actors)[: 1 if compact else activities.MOST_ACTORS],
        "archived_at": iso(engagement.get("archived")),
        "blocks": (message.contents or {}).get("blocks", []) if blocks is None else blocks,
        "clicked_at": iso(engagement.get("link_clicked")),
        "data": _drop_nested(message.data) if compact else message.data,
        "inserted_at": iso(message.inserted_at),
        "interacted_at": iso(engagement.get("interacted")),
        "link_clicked_at": iso(engagement.get("link_clicked")),
        "read_at": iso(engagement.get("read")),
        "seen_at": iso(engagement.get("seen")),
        "source": {
            "__typename": "NotificationSource",
            "categories": list(trigger.workflow.categories),
            "key": trigger.workflow.key,
            "version_id": trigger.workflow.version_id,
        },
        "tenant": trigger.tenant,
        "total_actors": len(actors),
        "updated_at": iso(message.updated_at),
    }
    if not compact:
        shown = activities.rendered_activities(message.run, message.closed_batch)
        item["activities"] = [activities.render(world, run) for run in shown]
        item["total_activities"] = len(all_activities)
    return item


def render_meta(items: Iterable[Message]) -> JSON:
    """Return the counts of feed items: in total, unread and unseen."""
    total = unread = unseen = 0
    for message in items:
        total += 1
        unread += "read" not in message.engagement
        unseen += "seen" not in message.engagement
    return {"__typename": "FeedMetadata", "total_count": total, "unread_count": unread, "unseen_count": unseen}


def parse_excluded(text: str | None) -> list[list[str]]:
    """Parse the paths of the fields to leave out of a response, such as `entries.actors.email,meta`.

    Raises:
        Problem: A path has too many levels.
    """
    paths = [path.strip().split(".") for path in (text or "").split(",") if path.strip()]
    if any(len(path) > _DEEPEST_EXCLUDED for path in paths):
        raise invalid_field("exclude", "format", f"takes paths of up to {_DEEPEST_EXCLUDED} levels")
    return paths


def exclude(value: Any, path: Sequence[str]) -> Any:
    """Return a response's body without the field at a path, which continues into each element of a list."""
    if is_array(value):
        return [exclude(element, path) for element in value]
    if not is_object(value) or path[0] not in value:
        return value
    rest = {name: inner for name, inner in value.items() if name != path[0]}
    return rest if len(path) == 1 else {**value, path[0]: exclude(value[path[0]], path[1:])}


def _render_existing(world: World, references: Iterable[Reference]) -> list[JSON]:
    """Return recipients as the API shows them, without those that have been deleted."""
    found = (profiles.find(world, reference) for reference in references)
    return [profiles.render(recipient) for recipient in found if recipient is not None]


def _drop_nested(data: JSON) -> JSON:
    return {name: value for name, value in data.items() if not isinstance(value, list | dict)}
