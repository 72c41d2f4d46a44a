"""In-app feeds: messages as the items that a user sees."""

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
    """What holds for every feed."""

    branding_required: bool = False


def render(world: World, message: Message, *, compact: bool) -> JSON:
    """Return a message as an item of a feed.

    Args:
        world: the state.
        message: a message of an in-app channel.
        compact: whether activities and nested data are left out, and all actors but one.
    """
    trigger, engagement = message.run.trigger, message.engagement
    behind = activities.activities_of(message.run, message.closed_batch)
    actors = activities.actors_of(behind)
    item = {
        "__typename": "FeedItem",
        "id": message.id,
        "actors": _known(world, actors)[: 1 if compact else activities.MOST_ACTORS],
        "archived_at": iso(engagement.get("archived")),
        "blocks": (message.contents or {}).get("blocks", []),
        "clicked_at": iso(engagement.get("link_clicked")),
        "data": _flat(message.data) if compact else message.data,
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
        "total_activities": len(behind),
        "total_actors": len(actors),
        "updated_at": iso(message.updated_at),
    }
    if not compact:
        shown = activities.rendered_activities(message.run, message.closed_batch)
        item["activities"] = [activities.render(world, run) for run in shown]
    return item


def meta(items: Iterable[Message]) -> JSON:
    """Return the counts of some items."""
    total = unread = unseen = 0
    for message in items:
        total += 1
        unread += "read" not in message.engagement
        unseen += "seen" not in message.engagement
    return {"__typename": "FeedMetadata", "total_count": total, "unread_count": unread, "unseen_count": unseen}


def excluded_paths(text: str | None) -> list[list[str]]:
    """Read which fields of an answer to leave out, such as `entries.actors.email,meta`.

    Raises:
        Problem: One of them is too deep.
    """
    paths = [path.strip().split(".") for path in (text or "").split(",") if path.strip()]
    if any(len(path) > _DEEPEST_EXCLUDED for path in paths):
        raise invalid_field("exclude", "format", f"reaches at most {_DEEPEST_EXCLUDED} levels deep")
    return paths


def exclude(answer: Any, path: Sequence[str]) -> Any:
    """Return an answer without the field that a path names, in every element of the lists on the way."""
    if is_array(answer):
        return [exclude(element, path) for element in answer]
    if not is_object(answer) or path[0] not in answer:
        return answer
    rest = {name: value for name, value in answer.items() if name != path[0]}
    return rest if len(path) == 1 else {**answer, path[0]: exclude(answer[path[0]], path[1:])}


def _known(world: World, references: Iterable[Reference]) -> list[JSON]:
    """Return recipients as the API shows them; those that have been deleted are left out."""
    found = (profiles.find(world, reference) for reference in references)
    return [profiles.render(recipient) for recipient in found if recipient is not None]


def _flat(data: JSON) -> JSON:
    return {name: value for name, value in data.items() if not isinstance(value, list | dict)}
