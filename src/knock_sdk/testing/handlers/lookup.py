"""Lookup: the recipients and channels that a request identifies in its path and query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.errors import Problem, not_found
from ..state.names import did_you_mean
from ..state.records import Reference

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..state.records import Channel, Workflow
    from ..state.world import World


def reference_in_path(call: Call) -> Reference:
    """Return the reference to the recipient in a request's path."""
    path = call.path
    if "user_id" in path:
        return Reference(path["user_id"])
    return Reference(path["object_id"] if "object_id" in path else path["id"], path["collection"])


def includes_preferences(call: Call) -> bool:
    """Return whether the query requests preference sets along with recipients."""
    return "preferences" in call.query.texts("include", ("preferences",))


def channel_of(world: World, channel_id: str) -> Channel:
    """Return the channel with an id.

    Raises:
        Problem: It does not exist.
    """
    channel = world.channels.by_id(channel_id)
    if channel is None:
        raise not_found("channel", channel_id, world.channels.hint(channel_id))
    return channel


def check_type(channel: Channel, wanted: str) -> Channel:
    """Return a channel, if it is of a type.

    Raises:
        Problem: It is of another one.
    """
    if channel.type != wanted:
        raise Problem("channel_invalid", f"The channel {channel.id!r} is of type {channel.type}, not {wanted}.")
    return channel


def workflow_of(world: World, key: str) -> Workflow:
    """Return the workflow with a key.

    Raises:
        Problem: It does not exist; the message suggests a similar key.
    """
    workflow = world.find_workflow(key)
    if workflow is None:
        hint = did_you_mean(key, world.workflows) or "."
        raise Problem("workflow_missing", f"The workflow {key!r} does not exist, or is not committed{hint}")
    return workflow
