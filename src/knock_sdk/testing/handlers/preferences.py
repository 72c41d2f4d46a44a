"""Preference sets of users and objects, and the preference center."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..http.calls import NO_CONTENT, Reply
from ..http.errors import invalid_field
from ..recipients import preference_center, preferences, profiles
from ..state.channels import PROVIDERS
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.calls import Call
    from ..state.json_objects import JSON
    from ..state.records import Recipient


def list_all(call: Call) -> Reply:
    """Return the stored sets of a recipient."""
    recipient = profiles.find(call.world, lookup.reference_in_path(call))
    stored = recipient.preferences if recipient else {}
    return Reply([preferences.render(set_id, stored[set_id]) for set_id in stored])


def get(call: Call) -> Reply:
    """Return a set laid over the defaults; one that is not stored shows the defaults alone."""
    recipient = profiles.find(call.world, lookup.reference_in_path(call))
    set_id = call.path["id"]
    return Reply(preferences.render(set_id, preferences.read(call.world, recipient, set_id, call.query.text("tenant"))))


def put(call: Call) -> Reply:
    """Replace a set, or merge into it if the body says so; the recipient is created if it does not exist."""
    return _apply(call, call.body, "replace")


def delete(call: Call) -> Reply:
    """Delete a set; succeeds if there is none."""
    recipient = profiles.find(call.world, lookup.reference_in_path(call))
    if recipient is not None:
        recipient.preferences.pop(call.path["id"], None)
    return NO_CONTENT


# Older operations set one section of a set, or one entry of a section, and merge it into the set. The contract does not
# describe their bodies. As older clients of the API send them, a body is the section or the entry itself, with
# `{"subscribed": false}` for a boolean entry.


def put_section(call: Call, *, section: str) -> Reply:
    """Merge a section into a recipient's set."""
    return _merge(call, section, call.body)


def put_entry(call: Call, *, section: str, parameter: str) -> Reply:
    """Merge one entry of a section into a recipient's set."""
    name = call.path[parameter]
    if section == "channel_types" and name not in PROVIDERS:
        raise invalid_field(parameter, "inclusion", f"{name!r} is not one of {', '.join(PROVIDERS)}")
    entry: Any = call.body.get("subscribed", call.body)
    return _merge(call, section, {name: entry})


def get_center(call: Call) -> Reply:
    """Return the preference center of a user: its texts, rows and branding."""
    center = call.world.of(preference_center.PreferenceCenter)
    return Reply(preference_center.render(center, _user(call)))


def sign_center_url(call: Call) -> Reply:
    """Return the signed URL of a user's preference center."""
    return Reply(preference_center.render_signed_url(_user(call)))


def _merge(call: Call, section: str, sent: JSON) -> Reply:
    change: JSON = {section: sent}
    preferences.check(change, "")
    return _apply(call, change, "merge")


def _apply(call: Call, change: JSON, strategy: preferences.Strategy) -> Reply:
    recipient = profiles.ensure(call.world, lookup.reference_in_path(call))
    set_id = call.path["id"]
    stored = preferences.apply(recipient.preferences.get(set_id, {}), change, strategy)
    profiles.set_preferences(call.world, recipient, set_id, stored)
    return Reply(preferences.render(set_id, stored))


def _user(call: Call) -> Recipient:
    return profiles.existing(call.world, lookup.reference_in_path(call))


HANDLERS: dict[str, Callable[[Call], Reply]] = {
    "deleteObjectPreferenceSet": delete,
    "deleteUserPreferenceSet": delete,
    "generatePreferenceCenterSignedUrl": sign_center_url,
    "getObjectPreferenceSet": get,
    "getPreferenceCenterConfig": get_center,
    "getUserPreferenceSet": get,
    "listObjectPreferenceSets": list_all,
    "listUserPreferenceSets": list_all,
    "updateObjectPreferenceSet": put,
    "updateUserPreferenceSet": put,
}

# The section, its name and that of its entries in operation ids, and the path parameter with the key of an entry.
_SECTIONS = (
    ("categories", "Categories", "Category", "key"),
    ("channel_types", "ChannelTypes", "ChannelType", "type"),
    ("workflows", "Workflows", "Workflow", "key"),
)
for _section, _whole, _entry, _parameter in _SECTIONS:
    for _owner in ("Object", "User"):
        HANDLERS[f"update{_owner}Preference{_whole}"] = partial(put_section, section=_section)
        HANDLERS[f"update{_owner}Preference{_entry}"] = partial(put_entry, section=_section, parameter=_parameter)
