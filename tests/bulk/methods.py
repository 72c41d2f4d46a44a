"""The bulk methods, beside those with a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support.methods import reach

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from knock_sdk.testing import Simulator


class Method(NamedTuple):
    """A bulk method, and the method with a limit that sends the same requests."""

    many: str
    limited: str
    argument: str
    limit: int
    item: Callable[[int], Any]
    ids: tuple[str, ...] = ()
    given: Mapping[str, Any] = {}
    prepare: Callable[[Simulator], object] = lambda _: None

    def call_many(self, client: Any, items: Any, **keywords: Any) -> Any:
        """Call the bulk method."""
        positional = () if self.argument == "recipients" and self.many == "workflows.trigger_many" else (items,)
        keyword = {} if positional else {self.argument: items}
        return reach(client, self.many)(*self.ids, *positional, **keyword, **self.given, **keywords)

    def call_limited(self, client: Any, items: Any) -> Any:
        """Call the method with the limit."""
        return reach(client, self.limited)(*self.ids, **{self.argument: items}, **self.given)


def _id(number: int) -> str:
    return f"i{number}"


def _entity(number: int) -> dict[str, object]:
    return {"id": f"i{number}", "name": f"Näme {number}"}


def _member(number: int) -> dict[str, object]:
    return {"user": {"id": f"i{number}"}, "tenant": "acme"}


def _subscription(number: int) -> dict[str, object]:
    return {"id": f"i{number}", "recipients": ["ada", "bob"]}


def _records(sim: Simulator) -> None:
    """Have the users and objects that deletions and subscriptions need."""
    client = sim.client()
    client.users.bulk.identify(users=[{"id": "ada"}, {"id": "bob"}])
    for start in (0, 1000):
        some = [_entity(number) for number in range(start, min(start + 1000, 1001))]
        client.users.bulk.identify(users=some)
        client.tenants.bulk.set(tenants=some)
        client.objects.bulk.set("projects", objects=some)
    client.objects.set("projects", "apollo")


def _batch(name: str, **given: Any) -> Method:
    return Method(f"messages.batch.{name}_many", f"messages.batch.{name}", "message_ids", 50, _id, given=given)


METHODS = [
    Method(
        "audiences.add_members_many",
        "audiences.add_members",
        "members",
        1000,
        _member,
        ("beta",),
        {"create_audience": True},
    ),
    Method(
        "audiences.remove_members_many",
        "audiences.remove_members",
        "members",
        1000,
        _member,
        ("beta",),
        prepare=lambda sim: sim.audience("beta"),
    ),
    _batch("archive"),
    _batch("unarchive"),
    _batch("mark_as_read"),
    _batch("mark_as_unread"),
    _batch("mark_as_seen"),
    _batch("mark_as_unseen"),
    _batch("mark_as_interacted", metadata={"button": "ok"}),
    Method("objects.bulk.set_many", "objects.bulk.set", "objects", 1000, _entity, ("projects",)),
    Method("objects.bulk.delete_many", "objects.bulk.delete", "object_ids", 1000, _id, ("projects",), prepare=_records),
    Method(
        "objects.bulk.add_subscriptions_many",
        "objects.bulk.add_subscriptions",
        "subscriptions",
        100,
        _subscription,
        ("projects",),
        prepare=_records,
    ),
    Method(
        "objects.bulk.delete_subscriptions_many",
        "objects.bulk.delete_subscriptions",
        "subscriptions",
        100,
        _subscription,
        ("projects",),
        prepare=_records,
    ),
    Method(
        "objects.add_subscriptions_many",
        "objects.add_subscriptions",
        "recipients",
        100,
        _id,
        ("projects", "apollo"),
        {"properties": {"role": "owner"}},
        _records,
    ),
    Method(
        "schedules.bulk.create_many",
        "schedules.bulk.create",
        "schedules",
        1000,
        lambda number: {"workflow": "digest", "recipient": f"i{number}", "scheduled_at": "2030-01-01T00:00:00Z"},
    ),
    Method("tenants.bulk.set_many", "tenants.bulk.set", "tenants", 1000, _entity),
    Method("tenants.bulk.delete_many", "tenants.bulk.delete", "tenant_ids", 1000, _id, prepare=_records),
    Method("users.bulk.identify_many", "users.bulk.identify", "users", 1000, _entity),
    Method("users.bulk.delete_many", "users.bulk.delete", "user_ids", 1000, _id, prepare=_records),
    Method(
        "users.bulk.set_preferences_many",
        "users.bulk.set_preferences",
        "user_ids",
        1000,
        _id,
        given={"preferences": {"channel_types": {"sms": False}}},
        prepare=_records,
    ),
    Method(
        "workflows.trigger_many",
        "workflows.trigger",
        "recipients",
        1000,
        _id,
        ("digest",),
        {"data": {"n": 1}, "tenant": "acme"},
    ),
]
"""All that put several items into a request; `workflows.trigger_each` does not."""
BY_NAME = {method.many: method for method in METHODS}
