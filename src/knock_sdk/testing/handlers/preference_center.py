"""The preference center: what is needed to draw it for a user, and a link that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.calls import Reply
from ..http.errors import missing
from ..recipients import preference_center, profiles
from ..state.records import Reference

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..state.records import Recipient


def get_config(call: Call) -> Reply:
    """Return the page for a user."""
    center = call.world.of(preference_center.PreferenceCenter)
    return Reply(preference_center.render(center, _user(call)))


def sign_url(call: Call) -> Reply:
    """Return the address of a user's page."""
    return Reply(preference_center.render_signed_url(_user(call)))


def _user(call: Call) -> Recipient:
    user = profiles.find(call.world, Reference(call.path["user_id"]))
    if user is None:
        raise missing("user", call.path["user_id"])
    return user


HANDLERS = {
    "generatePreferenceCenterSignedUrl": sign_url,
    "getPreferenceCenterConfig": get_config,
}
