"""Guides: listing those that a user may see, and recording the user's engagement."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from ..http.calls import Reply
from ..http.errors import invalid_field, not_found
from ..messaging import guide_engagement, guides
from ..messaging.guide_records import GROUP, Guides
from ..messaging.guides import Ineligibility
from ..recipients import profiles
from ..state.channels import GUIDE
from ..state.clock import iso
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.calls import Call
    from ..messaging.guide_records import Guide, History
    from ..messaging.messages import Undoable
    from ..state.json_objects import JSON

_OK = Reply({"status": "ok"})


def list_all(call: Call) -> Reply:
    """Return the guides of a channel: those that the user may see, and the others with the reason.

    With `force_all_guides`, which the toolbar of Knock's client for browsers sends, the others are shown as well. The
    parameter is not documented, so this is a guess.
    """
    world, query = call.world, call.query
    channel = lookup.check_type(lookup.channel_of(world, call.path["channel_id"]), GUIDE)
    tenant, data = query.text("tenant"), query.json_object("data") or {}
    show_all = query.flag("force_all_guides")
    state = world.of(Guides)
    user = profiles.find(world, lookup.reference_in_path(call))
    history = state.history(call.path["user_id"], tenant)
    # Guides that no other guide delays come before those that wait for their turn.
    ordered = sorted(state.of_channel(channel), key=lambda guide: not guide.bypass_group_limit)
    listed = [guide for guide in ordered if query.text("type") in (None, guide.type)]
    grouped = [guide for guide in ordered if guide.active]
    entries: list[JSON] = []
    ineligible: list[JSON] = []
    for guide in listed:
        shown = guides.show(world, guide, user, tenant, data)
        if isinstance(shown, Ineligibility):
            ineligible.append({"key": guide.key, **shown._asdict()})
            if show_all and user is not None and (preview := guides.preview(world, guide, user, tenant, data)):
                entries.append(preview)
        else:
            entries.append(shown)
    archived_at = iso(history.last_archived_at)
    return Reply(
        {
            "entries": entries,
            # The group has all active guides in order, also those that the user may not see or did not ask for.
            "guide_groups": [guides.render_group(state, grouped)] if grouped else [],
            "guide_group_display_logs": {GROUP: archived_at} if archived_at else {},
            "ineligible_guides": ineligible,
        }
    )


def mark(call: Call, *, status: Undoable | Literal["interacted"]) -> Reply:
    """Record that a user saw a step of a guide, or interacted with it; an interaction also counts as read."""
    _engage(call, _guide(call), status)
    return _OK


def archive(call: Call) -> Reply:
    """Record that a user archived a step or, if the body says so, the whole guide."""
    guide = _guide(call)
    history = _engage(call, guide, "archived")
    if call.body.get("is_final"):
        history.progress[guide.key].finished = True
    if not (call.body.get("unthrottled") or guide.bypass_group_limit):
        history.last_archived_at = call.world.clock.now
    return _OK


def unarchive(call: Call) -> Reply:
    """Undo the archiving of a guide by a user."""
    _existing(call)
    guide_engagement.unarchive(call.world, _history(call), call.body["guide_key"])
    return _OK


def reset(call: Call) -> Reply:
    """Delete a user's engagement with a guide."""
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
    """Return the guide in the body. The message id in the path of older operations adds nothing, and is not read."""
    guide, body = _existing(call), call.body
    for name, known in (("channel_id", guide.channel.id), ("guide_id", guide.id)):
        if body[name] != known:
            raise invalid_field(name, "inclusion", f"does not belong to the guide {guide.key!r}")
    if body["guide_step_ref"] not in [step.ref for step in guide.steps]:
        raise invalid_field("guide_step_ref", "inclusion", f"is not a step of the guide {guide.key!r}")
    return guide


def _engage(call: Call, guide: Guide, status: Undoable | Literal["interacted"]) -> History:
    user = profiles.existing(call.world, lookup.reference_in_path(call))
    return guide_engagement.engage(call.world, guide, user, call.body, status)


def _history(call: Call) -> History:
    user = profiles.existing(call.world, lookup.reference_in_path(call))
    return call.world.of(Guides).ensure_history(user.reference.id, call.body.get("tenant"))


_SEEN = partial(mark, status="seen")
_INTERACTED = partial(mark, status="interacted")

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
