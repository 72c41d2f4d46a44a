"""What can be done with a message: what its receiver would do, and a bounce."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ....messaging import delivery, messages
from ....state.channels import IN_APP
from ...state_access import changing
from ..page_routes import PageError, not_found, redirect

if TYPE_CHECKING:
    from starlette.responses import Response

    from ....state.records import Message
    from ....state.world import World
    from ..page_request import PageRequest


class Action(NamedTuple):
    """A button of a message."""

    name: str
    label: str


_MARKS: tuple[tuple[str, str, str], ...] = (
    ("seen", "Mark as seen", "Mark as unseen"),
    ("read", "Mark as read", "Mark as unread"),
    ("archived", "Archive", "Unarchive"),
)
_ENGAGEMENTS = (*(f"{prefix}{name}" for name, _, _ in _MARKS for prefix in ("", "un")), "interacted")
_BOUNCE_REASON = "Bounced on the page of the simulator"


def actions_for(message: Message) -> list[Action]:
    """Return the buttons of a message in its present state; links have buttons of their own."""
    shown = [Action(f"un{name}", undo) if name in message.engagement else Action(name, do) for name, do, undo in _MARKS]
    if message.channel.type in IN_APP or "interacted" not in message.engagement:
        shown.append(Action("interacted", "Interact"))
    if delivery.may_bounce(message):
        shown.append(Action("bounced", "Bounce"))
    return shown


def carry_out(page: PageRequest) -> Response:
    """Do what the form of a message asks for: `action`, and `url` of a link that is followed."""
    message_id, action, url = page.ids["id"], page.form.get("action", ""), page.form.get("url", "")
    with changing(page.simulator) as world:
        message = world.messages.get(message_id)
        if message is None:
            raise not_found(f"There is no message {message_id}")
        _apply(world, message, action, url)
    return redirect(page.to("messages", message_id))


def _apply(world: World, message: Message, action: str, url: str) -> None:
    if action == "link_clicked":
        if not url:
            raise PageError(400, "This could not be done", "url: takes the URL of the link that was followed")
        messages.follow_link(world, message, url)
    elif action == "bounced":
        delivery.bounce(world, message, _BOUNCE_REASON)
    elif action in _ENGAGEMENTS:
        messages.apply_action(world, message, action)
    else:
        known = ", ".join([*_ENGAGEMENTS, "link_clicked", "bounced"])
        raise PageError(400, "This could not be done", f"action: takes one of {known}")
