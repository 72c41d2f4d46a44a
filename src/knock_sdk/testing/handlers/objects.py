"""Objects: setting, reading, listing and deleting them, one by one and in bulk; subscriptions to them in bulk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..background import bulk_operations, cascades
from ..http.calls import NO_CONTENT, Reply
from ..http.paging import page
from ..recipients import profiles, subscriptions
from ..state.records import Reference
from ..state.rows import OrderedRows
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.calls import Call
    from ..state.json_objects import JSON
    from ..state.records import Recipient


def put(call: Call) -> Reply:
    """Create or update an object."""
    return Reply(profiles.render(profiles.identify(call.world, lookup.reference_in_path(call), call.body, "")))


def get(call: Call) -> Reply:
    """Return an object."""
    return Reply(profiles.render(profiles.existing(call.world, lookup.reference_in_path(call))))


def list_page(call: Call) -> Reply:
    """Return a page of a collection, in the order in which its objects were first set; an unknown one is empty."""
    render = partial(profiles.render, with_preferences=lookup.includes_preferences(call))
    found: OrderedRows[Recipient] = call.world.collections.get(call.path["collection"], OrderedRows())
    return Reply(page(call, found, render, key="entries"))


def delete(call: Call) -> Reply:
    """Delete an object; succeeds if there is none."""
    cascades.delete(call.world, lookup.reference_in_path(call))
    return NO_CONTENT


def bulk_put(call: Call) -> Reply:
    """Create or update objects of one collection."""
    collection = call.path["collection"]

    def work(sent: JSON) -> None:
        profiles.identify(call.world, Reference(sent["id"], collection), sent, "objects")

    name = f"objects.{collection}.set"
    return Reply(bulk_operations.run(call.world, name, call.body["objects"], work, _identity(collection)))


def bulk_delete(call: Call) -> Reply:
    """Delete objects of one collection; each that does not exist is an error of its row."""
    collection = call.path["collection"]

    def work(object_id: str) -> None:
        cascades.delete(call.world, profiles.existing(call.world, Reference(object_id, collection)).reference)

    def identity(object_id: str) -> JSON:
        return {"id": object_id, "collection": collection}

    name = f"objects.{collection}.delete"
    return Reply(bulk_operations.run(call.world, name, call.body["object_ids"], work, identity))


def bulk_subscribe(call: Call) -> Reply:
    """Subscribe recipients to objects; if the object or a recipient of a row does not exist, the row is an error."""
    collection = call.path["collection"]

    def work(row: JSON) -> None:
        to = Reference(row["id"], collection)
        subscriptions.subscribe_all(call.world, to, row["recipients"], row.get("properties"))

    name = f"objects.{collection}.upsert_subscriptions"
    return Reply(bulk_operations.run(call.world, name, call.body["subscriptions"], work, _identity(collection)))


def bulk_unsubscribe(call: Call) -> Reply:
    """Unsubscribe recipients from objects; recipients that are not subscribed are ignored."""
    collection = call.path["collection"]

    def work(row: JSON) -> None:
        subscriptions.unsubscribe_all(call.world, Reference(row["id"], collection), row["recipients"])

    # The API documents only the name of the job that adds subscriptions: a guess.
    name = f"objects.{collection}.delete_subscriptions"
    return Reply(bulk_operations.run(call.world, name, call.body["subscriptions"], work, _identity(collection)))


def _identity(collection: str) -> Callable[[JSON], JSON]:
    return lambda row: {"id": row["id"], "collection": collection}


HANDLERS = {
    "bulkAddSubscriptions": bulk_subscribe,
    "bulkDeleteObjects": bulk_delete,
    "bulkDeleteSubscriptions": bulk_unsubscribe,
    "bulkSetObjects": bulk_put,
    "deleteObject": delete,
    "getObject": get,
    "listObjects": list_page,
    "setObject": put,
}
