"""Guides: those that a user may see, and what the user does with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..http.calls import Reply
from ..http.errors import Problem, invalid_field, not_found
from ..messaging import guides
from ..messaging.guides import Guides
from ..recipients import profiles
from ..state.clock import iso
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..http.calls import Call
    from ..messaging.guides import Engagement, Guide, History
    from ..state.json_objects import JSON

_OK = Reply({"status": "ok"})


def list_all(call: Call) -> Reply:
    """Return the guides of a channel: those that the user may see, and the others with the reason.

    A user that does not exist is in no audience, and so may see none; the documents do not say.
    """
    world, query = call.world, call.query
    channel = lookup.channel_of(world, call.path["channel_id"])
    if channel.type != guides.CHANNEL_TYPE:
        raise Problem("channel_invalid", f"The channel {channel.id!r} is of type {channel.type}.")
    tenant, data = query.text("tenant"), query.json_object("data") or {}
    state = world.of(Guides)
    user = profiles.find(world, lookup.in_path(call))
    history = state.history(call.path["user_id"], tenant)
    listed = state.of_channel(channel, query.text("type"))
    entries: list[JSON] = []
    ineligible: list[JSON] = []
    for guide in listed:
        why = guides.UNKNOWN_USER if user is None else guides.check_eligibility(world, guide, user, tenant, data)
        if why is None:
            entries.append(guides.render(guide, history))
        else:
            ineligible.append({"key": guide.key, **why._asdict()})
    archived_at = iso(history.last_archived_at)
    return Reply(
        {
            "entries": entries,
            "guide_groups": [guides.render_group(state, listed)] if listed else [],
            "guide_group_display_logs": {guides.GROUP: archived_at} if archived_at else {},
            "ineligible_guides": ineligible,
        }
    )


def mark(call: Call, *, statuses: Sequence[Engagement]) -> Reply:
    """Record that a user saw a step of a guide, or acted on it."""
    guides.engage(call.world, _history(call), _guide(call), call.body["guide_step_ref"], statuses)
    return _OK


def archive(call: Call) -> Reply:
    """Record that a user dismissed a step, perhaps with the rest of the guide."""
    guide, history = _guide(call), _history(call)
    guides.engage(call.world, history, guide, call.body["guide_step_ref"], ["archived"])
    if call.body.get("is_final"):
        history.progress[guide.key].finished = True
    if not call.body.get("unthrottled"):
        history.last_archived_at = call.world.clock.now
    return _OK


def unarchive(call: Call) -> Reply:
    """Take back that a user dismissed a guide."""
    _existing(call)
    guides.unarchive(_history(call), call.body["guide_key"])
    return _OK


def reset(call: Call) -> Reply:
    """Forget what a user has done with a guide."""
    _existing(call)
    _history(call).progress.pop(call.body["guide_key"], None)
    return _OK


def _existing(call: Call) -> Guide:
    key: str = call.body["guide_key"]
    guide = call.world.of(Guides).declared.get(key)
    if guide is None:
        raise not_found("guide", key)
    return guide


def _guide(call: Call) -> Guide:
    """Return the guide that a change is about; the older spelling's message id says no more than the body does."""
    guide, body = _existing(call), call.body
    for name, known in (("channel_id", guide.channel.id), ("guide_id", guide.id)):
        if body[name] != known:
            raise invalid_field(name, "inclusion", f"is not that of the guide {guide.key!r}")
    if body["guide_step_ref"] not in [step.ref for step in guide.steps]:
        raise invalid_field("guide_step_ref", "inclusion", f"names no step of the guide {guide.key!r}")
    return guide


def _history(call: Call) -> History:
    user = profiles.existing(call.world, lookup.in_path(call))
    return call.world.of(Guides).ensure_history(user.reference.id, call.body.get("tenant"))


_SEEN = partial(mark, statuses=["seen"])
# Whoever acts on a step has read it, as with messages.
_INTERACTED = partial(mark, statuses=["interacted", "read"])

HANDLERS: dict[str, Callable[[Call], Reply]] = {
    "listUserGuides": list_all,
    "markUserGuideAsArchived": archive,
    "markUserGuideAsInteracted": _INTERACTED,
    "markUserGuideAsSeen": _SEEN,
    "markUserGuideAsUnarchived": unarchive,
    "markUserGuideMessageAsArchived": archive,
    "markUserGuideMessageAsInteracted": _INTERACTED,
    "markUserGuideMessageAsSeen": _SEEN,
    "resetUserGuideEngagement": reset,
}
