"""Objects: set, read, listed and deleted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .. import cascades, recipients
from ..errors import missing
from ..exchange import NO_CONTENT, Reply
from ..paging import page
from ..series import Series

if TYPE_CHECKING:
    from ..exchange import Call
    from ..records import Recipient


def put(call: Call) -> Reply:
    """Create or update an object."""
    return Reply(recipients.render(recipients.identify(call.world, recipients.in_path(call), call.body, "")))


def get(call: Call) -> Reply:
    """Return an object."""
    reference = recipients.in_path(call)
    found = recipients.find(call.world, reference)
    if found is None:
        raise missing(f"object of the collection {reference.collection!r}", reference.id)
    return Reply(recipients.render(found))


def list_page(call: Call) -> Reply:
    """Return a page of a collection, in the order in which its objects were first set; an unknown one is empty."""
    render = partial(recipients.render, with_preferences=recipients.with_preferences(call))
    found: Series[Recipient] = call.world.collections.get(call.path["collection"], Series())
    return Reply(page(call, found, render, key="entries"))


def delete(call: Call) -> Reply:
    """Delete an object; one that does not exist is as gone as it can be."""
    cascades.delete(call.world, recipients.in_path(call))
    return NO_CONTENT


HANDLERS = {
    "deleteObject": delete,
    "getObject": get,
    "listObjects": list_page,
    "setObject": put,
}
