"""Objects of one collection in bulk: set, deleted, subscribed to and unsubscribed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..background import bulk_operations, cascades
from ..http.errors import missing
from ..recipients import profiles
from ..state.records import Reference
from . import subscriptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.calls import Call, Reply
    from ..state.json_objects import JSON


def put(call: Call) -> Reply:
    """Create or update objects."""
    collection = call.path["collection"]

    def work(sent: JSON) -> None:
        profiles.identify(call.world, Reference(sent["id"], collection), sent, "objects")

    return bulk_operations.run(
        call.world, f"objects.{collection}.set", call.body["objects"], work, _identity(collection)
    )


def delete(call: Call) -> Reply:
    """Delete objects; those that do not exist are errors."""
    collection = call.path["collection"]

    def work(name: str) -> None:
        reference = Reference(name, collection)
        if profiles.find(call.world, reference) is None:
            raise missing("object", name)
        cascades.delete(call.world, reference)

    def identity(name: str) -> JSON:
        return {"id": name, "collection": collection}

    return bulk_operations.run(call.world, f"objects.{collection}.delete", call.body["object_ids"], work, identity)


def subscribe(call: Call) -> Reply:
    """Subscribe recipients to objects; if an object or a recipient is missing, the whole row is an error."""
    collection = call.path["collection"]

    def work(row: JSON) -> None:
        to = Reference(row["id"], collection)
        subscriptions.subscribe_all(call.world, to, row["recipients"], row.get("properties"))

    name = f"objects.{collection}.upsert_subscriptions"
    return bulk_operations.run(call.world, name, call.body["subscriptions"], work, _identity(collection))


def unsubscribe(call: Call) -> Reply:
    """Unsubscribe recipients from objects; what is not subscribed is passed over."""
    collection = call.path["collection"]

    def work(row: JSON) -> None:
        subscriptions.unsubscribe_all(call.world, Reference(row["id"], collection), row["recipients"])

    # The name is a guess: the API documents that of the job that adds subscriptions only.
    name = f"objects.{collection}.delete_subscriptions"
    return bulk_operations.run(call.world, name, call.body["subscriptions"], work, _identity(collection))


def _identity(collection: str) -> Callable[[JSON], JSON]:
    return lambda row: {"id": row["id"], "collection": collection}


HANDLERS = {
    "bulkAddSubscriptions": subscribe,
    "bulkDeleteObjects": delete,
    "bulkDeleteSubscriptions": unsubscribe,
    "bulkSetObjects": put,
}
