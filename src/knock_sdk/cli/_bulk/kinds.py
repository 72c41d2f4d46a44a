"""What can be imported: for each kind, the method that sends it, and the schema of one of its rows."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ... import Knock
    from ...bulk import BulkReport


class ImportKind(str, Enum):
    """Kinds of rows."""

    USERS = "users"
    OBJECTS = "objects"
    TENANTS = "tenants"
    SUBSCRIPTIONS = "subscriptions"
    MEMBERS = "members"
    SCHEDULES = "schedules"


class Kind(NamedTuple):
    """How rows of a kind are imported."""

    send: Callable[..., BulkReport]
    """Sends rows: takes the client, the rows, the options of the job, and the place if there is one."""
    schema: str
    """Schema of a row, in the contract of the API."""
    prepare: Callable[[Any], object]
    """Makes what is sent of a row as it was read; raises a ValueError."""
    place: str | None = None
    """The option that says where the rows belong."""


def _users(client: Knock, rows: Iterable[Any], options: Mapping[str, Any]) -> BulkReport:
    return client.users.bulk.identify_many(rows, **options)


def _objects(client: Knock, rows: Iterable[Any], options: Mapping[str, Any], collection: str) -> BulkReport:
    return client.objects.bulk.set_many(collection, objects=rows, **options)


def _tenants(client: Knock, rows: Iterable[Any], options: Mapping[str, Any]) -> BulkReport:
    return client.tenants.bulk.set_many(rows, **options)


def _subscriptions(client: Knock, rows: Iterable[Any], options: Mapping[str, Any], collection: str) -> BulkReport:
    return client.objects.bulk.add_subscriptions_many(collection, subscriptions=rows, **options)


def _members(client: Knock, rows: Iterable[Any], options: Mapping[str, Any], audience: str) -> BulkReport:
    return client.audiences.add_members_many(audience, members=rows, **options)


def _schedules(client: Knock, rows: Iterable[Any], options: Mapping[str, Any]) -> BulkReport:
    return client.schedules.bulk.create_many(rows, **options)


def _record(row: Any) -> object:
    """Return a user, an object or a tenant; a text is its id."""
    return {"id": row} if isinstance(row, str) else row


def _subscription(row: Any) -> object:
    """Return a subscription; a row may name a single recipient."""
    if isinstance(row, str):
        raise ValueError("it is not an object with id and recipients")  # noqa: TRY004 (it is one of the file)
    if "recipient" in row and "recipients" not in row:
        rest = {name: value for name, value in row.items() if name != "recipient"}
        return {**rest, "recipients": [row["recipient"]]}
    return row


def _member(row: Any) -> object:
    """Return a member of an audience; a text is the id of the user."""
    return {"user": {"id": row}} if isinstance(row, str) else row


def _schedule(row: Any) -> object:
    if isinstance(row, str):
        raise ValueError("it is not an object with workflow and recipient")  # noqa: TRY004 (the same)
    return row


KINDS: Mapping[ImportKind, Kind] = {
    ImportKind.USERS: Kind(_users, "InlineIdentifyUserRequest", _record),
    ImportKind.OBJECTS: Kind(_objects, "BulkSetObjectRequest", _record, "--collection"),
    ImportKind.TENANTS: Kind(_tenants, "TenantRequest", _record),
    ImportKind.SUBSCRIPTIONS: Kind(_subscriptions, "BulkUpsertSubscription", _subscription, "--collection"),
    ImportKind.MEMBERS: Kind(_members, "AudienceMemberRequest", _member, "--audience"),
    ImportKind.SCHEDULES: Kind(_schedules, "BulkCreateSchedule", _schedule),
}
