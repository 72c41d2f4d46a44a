"""Objects: set, read, listed and deleted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..background import cascades
from ..http.calls import NO_CONTENT, Reply
from ..http.errors import missing
from ..http.paging import page
from ..recipients import profiles
from ..state.rows import Series
from . import lookup

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..state.records import Recipient


def put(call: Call) -> Reply:
    """Create or update an object."""
    return Reply(profiles.render(profiles.identify(call.world, lookup.in_path(call), call.body, "")))


def get(call: Call) -> Reply:
    """Return an object."""
    reference = lookup.in_path(call)
    found = profiles.find(call.world, reference)
    if found is None:
        raise missing(f"object of the collection {reference.collection!r}", reference.id)
    return Reply(profiles.render(found))


def list_page(call: Call) -> Reply:
    """Return a page of a collection, in the order in which its objects were first set; an unknown one is empty."""
    render = partial(profiles.render, with_preferences=lookup.with_preferences(call))
    found: Series[Recipient] = call.world.collections.get(call.path["collection"], Series())
    return Reply(page(call, found, render, key="entries"))


def delete(call: Call) -> Reply:
    """Delete an object; one that does not exist is as gone as it can be."""
    cascades.delete(call.world, lookup.in_path(call))
    return NO_CONTENT


HANDLERS = {
    "deleteObject": delete,
    "getObject": get,
    "listObjects": list_page,
    "setObject": put,
}
