"""The older operations that set one section of a preference set, or one entry of a section.

The contract says nothing of their bodies. As older clients of the API send them, the body is the section itself, or the
entry: `{"subscribed": false}` for what is true or false, else the entry's object. All merge into the set.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..http.calls import Reply
from ..http.errors import refused_field
from ..recipients import preferences, profiles
from ..state.world import PROVIDERS
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.calls import Call
    from ..state.json_objects import JSON


def put_section(call: Call, *, section: str) -> Reply:
    """Merge a section into a recipient's set."""
    return _merge(call, section, call.body)


def put_entry(call: Call, *, section: str, named_by: str) -> Reply:
    """Merge one entry of a section into a recipient's set."""
    name = call.path[named_by]
    if section == "channel_types" and name not in PROVIDERS:
        raise refused_field(named_by, "inclusion", f"{name!r} is none of {', '.join(PROVIDERS)}")
    entry: Any = call.body.get("subscribed", call.body)
    return _merge(call, section, {name: entry})


def _merge(call: Call, section: str, sent: JSON) -> Reply:
    change: JSON = {section: sent}
    preferences.check(change, "")
    recipient = profiles.ensure(call.world, lookup.in_path(call))
    set_id = call.path["id"]
    recipient.preferences[set_id] = preferences.stored(recipient.preferences.get(set_id, {}), change, "merge")
    return Reply(preferences.render(set_id, recipient.preferences[set_id]))


# The section, its name in the ids of operations, that of an entry, and the path parameter that names the entry.
_SECTIONS = (
    ("categories", "Categories", "Category", "key"),
    ("channel_types", "ChannelTypes", "ChannelType", "type"),
    ("workflows", "Workflows", "Workflow", "key"),
)

HANDLERS: dict[str, Callable[[Call], Reply]] = {}
for _section, _whole, _entry, _named_by in _SECTIONS:
    for _owner in ("Object", "User"):
        HANDLERS[f"update{_owner}Preference{_whole}"] = partial(put_section, section=_section)
        HANDLERS[f"update{_owner}Preference{_entry}"] = partial(put_entry, section=_section, named_by=_named_by)
