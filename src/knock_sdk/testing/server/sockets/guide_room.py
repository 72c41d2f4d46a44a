"""A join of the guides of a channel, and the events that it is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...._core.type_guards import is_object
from ...http.errors import invalid_field
from ...messaging import guides
from ...messaging.guide_records import Guides
from ...messaging.guides import Ineligibility
from ...recipients import profiles
from ...state.records import Reference
from .joins import Join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...messaging.guide_records import Guide
    from ...state.json_objects import JSON
    from ...state.records import Channel
    from ...state.world import World
    from .frames import Frame
    from .joins import Receiver


class Viewer(NamedTuple):
    """For whom guides are listed."""

    user_id: str
    tenant: str | None
    data: JSON
    show_all: bool
    """Whether guides that the user may not see are shown too, as the toolbar asks."""


def read_viewer(params: JSON) -> Viewer:
    """Return the parameters with which a topic of guides is joined; unknown ones are ignored.

    Raises:
        Problem: One is missing or malformed.
    """
    user_id, tenant, data = params.get("user_id"), params.get("tenant"), params.get("data")
    if not isinstance(user_id, str) or not user_id:
        raise invalid_field("user_id", "required", "is missing, or is not a text")
    if tenant is not None and not isinstance(tenant, str):
        raise invalid_field("tenant", "type", "must be a text")
    if data is not None and not is_object(data):
        raise invalid_field("data", "type", "must be an object")
    show_all = params.get("force_all_guides")
    if show_all is not None and not isinstance(show_all, bool):
        raise invalid_field("force_all_guides", "type", "must be true or false")
    return Viewer(user_id, tenant, data or {}, bool(show_all))


class GuideJoin(Join):
    """A join of the topic of a channel's guides."""

    def __init__(self, receiver: Receiver, request: Frame, world: World, channel: Channel, viewer: Viewer) -> None:
        """Begin with the guides that there are, which the page lists itself."""
        super().__init__(receiver, request)
        self._channel = channel
        self._viewer = viewer
        present = world.of(Guides).of_channel(channel)
        self._known = {guide.key for guide in present}
        self._has_group = any(guide.active for guide in present)

    def refresh(self, world: World, keys: Iterable[str]) -> None:
        """Tell of guides that were declared, and of the group, which has their order and the pause between them."""
        declared = world.of(Guides).declared
        for key in keys:
            guide = declared[key]
            if guide.channel.id == self._channel.id:
                self._tell_of(world, guide)
            elif key in self._known:
                self._known.discard(key)
                self._tell("guide.removed", {"guide": {"key": key}})
        self._tell_of_group(world)

    def _tell_of(self, world: World, guide: Guide) -> None:
        shown = self._show(world, guide)
        is_new = guide.key not in self._known
        self._known.add(guide.key)
        if shown is not None:
            self._tell("guide.added" if is_new else "guide.updated", {"guide": shown, "eligible": True})
        elif not is_new:
            self._tell("guide.updated", {"guide": {"key": guide.key}, "eligible": False})

    def _show(self, world: World, guide: Guide) -> JSON | None:
        viewer = self._viewer
        user = profiles.find(world, Reference(viewer.user_id))
        shown = guides.show(world, guide, user, viewer.tenant, viewer.data)
        if not isinstance(shown, Ineligibility):
            return shown
        if user is None or not viewer.show_all:
            return None
        return guides.preview(world, guide, user, viewer.tenant, viewer.data)

    def _tell_of_group(self, world: World) -> None:
        state = world.of(Guides)
        active = [guide for guide in state.of_channel(self._channel) if guide.active]
        if active:
            event = "guide_group.updated" if self._has_group else "guide_group.added"
            self._has_group = True
            self._tell(event, {"guide_group": guides.render_group(state, active)})

    def _tell(self, event: str, data: JSON) -> None:
        self.push(event, {"topic": self.topic, "event": event, "data": data})
