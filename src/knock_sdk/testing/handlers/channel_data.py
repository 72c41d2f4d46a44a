"""Channel data of users and objects, including tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.calls import NO_CONTENT, Reply
from ..http.errors import not_found
from ..recipients import channel_data, profiles
from . import lookup

if TYPE_CHECKING:
    from ..http.calls import Call


def get(call: Call) -> Reply:
    """Return a recipient's data for a channel."""
    channel = lookup.channel_of(call.world, call.path["channel_id"])
    recipient = profiles.find(call.world, lookup.reference_in_path(call))
    data = recipient.channel_data.get(channel.id) if recipient else None
    if data is None:
        raise not_found("channel data for the channel", channel.id)
    return Reply(channel_data.render(channel, data))


def put(call: Call) -> Reply:
    """Replace a recipient's data for a channel; the recipient is created if it does not exist."""
    channel = lookup.channel_of(call.world, call.path["channel_id"])
    data = channel_data.normalize(channel, call.body.get("data"), "data")
    recipient = profiles.ensure(call.world, lookup.reference_in_path(call))
    recipient.channel_data[channel.id] = data
    profiles.signal_update(call.world, recipient)
    return Reply(channel_data.render(channel, data))


def delete(call: Call) -> Reply:
    """Delete a recipient's data for a channel; succeeds if there is none."""
    channel = lookup.channel_of(call.world, call.path["channel_id"])
    recipient = profiles.find(call.world, lookup.reference_in_path(call))
    if recipient is not None and recipient.channel_data.pop(channel.id, None) is not None:
        profiles.signal_update(call.world, recipient)
    return NO_CONTENT


HANDLERS = {
    "getObjectChannelData": get,
    "getUserChannelData": get,
    "setObjectChannelData": put,
    "setUserChannelData": put,
    "unsetObjectChannelData": delete,
    "unsetUserChannelData": delete,
}
