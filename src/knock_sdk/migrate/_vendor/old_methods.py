"""The methods of `knockapi` 0.5, and how their arguments are passed here."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - needed to evaluate the annotations
from types import MappingProxyType
from typing import NamedTuple

FIELDS = "{fields}"
"""A dict of fields: its keys become keywords."""
QUERY = "{query}"
"""A dict of query parameters: its keys become keywords."""
CALL = "{call}"
"""A dict of options of the call: `idempotency_key`."""
SET = "{set}"
"""A dict of options with `preference_set`, the id of the preference set; `default` if absent."""
BULK_SET = "{bulk set}"
"""The same, where the id belongs into the preferences."""
ENTRY = "{entry}"
"""The key of an entry of preferences, whose value is the next argument."""
STATUS = "{status}"
"""The status that chooses the method."""

_NONE: Mapping[str, str] = MappingProxyType({})


class OldMethod(NamedTuple):
    """A method of 0.5."""

    target: str
    """The method here; of several, the path with `{status}`."""
    parameters: tuple[str, ...]
    """In the order of their positions; `=` ends those that may be left out, and `|` separates spellings."""
    arguments: Mapping[str, str] = _NONE
    """What a parameter is called here, where its name differs, or what is made of it."""
    constants: Mapping[str, str] = _NONE
    """Arguments that are added, as Python source."""


def _row(target: str, parameters: str, constants: Mapping[str, str] = _NONE, /, **arguments: str) -> OldMethod:
    return OldMethod(target, tuple(parameters.split()), arguments, constants)


_MERGE = {"_persistence_strategy": '"merge"'}


def _preferences(owner: str, ids: str, here: Mapping[str, str]) -> Mapping[str, OldMethod]:
    """Return the rows of the preferences of users or objects, by what follows `set_`."""
    target = f"{owner}.set_preferences"
    rows: dict[str, OldMethod] = {
        "preferences": _row(
            target,
            f"{ids} channel_types= categories= workflows= options= preference_set=",
            options=SET,
            preference_set="id",
            **here,
        )
    }
    for section, one in (("channel_types", "channel_type"), ("workflows", "workflow"), ("categories", "category")):
        key = "channel_type" if one == "channel_type" else "key"
        rows[f"{section}_preferences"] = _row(
            target, f"{ids} preferences options=", _MERGE, preferences=section, options=SET, **here
        )
        rows[f"{one}_preferences"] = _row(
            target,
            f"{ids} {key} setting options=",
            _MERGE,
            **{key: ENTRY, "setting": section},
            options=SET,
            **here,
        )
    return rows


_USER = {"user_id": "user_id"}
_USERS_PREFERENCES = _preferences("users", "user_id", _USER)
_OBJECTS_PREFERENCES = _preferences("objects", "collection id", {"id": "object_id"})

OLD_METHODS: Mapping[str, OldMethod] = {
    "notify": _row(
        "workflows.trigger",
        "key|name recipients data= actor= cancellation_key= tenant= options=",
        options=CALL,
    ),
    "cancel_notify": _row("workflows.cancel", "key|name cancellation_key|cancelation_key recipients="),
    "workflows.trigger": _row(
        "workflows.trigger", "key recipients data= actor= cancellation_key= tenant= options=", options=CALL
    ),
    "workflows.cancel": _row("workflows.cancel", "key cancellation_key|cancelation_key recipients="),
    "workflows.create_schedules": _row(
        "schedules.create",
        "key recipients repeats= scheduled_at= data= actor= tenant= ending_at=",
        key="workflow",
    ),
    "workflows.update_schedules": _row("schedules.update", "schedule_ids schedule_attrs", schedule_attrs=FIELDS),
    "workflows.list_schedules": _row("schedules.list", "key options=", key="workflow", options=QUERY),
    "workflows.delete_schedules": _row("schedules.delete", "schedule_ids"),
    "users.get_user": _row("users.get", "id", id="user_id"),
    "users.get": _row("users.get", "id", id="user_id"),
    "users.list": _row("users.list", "options=", options=QUERY),
    "users.identify": _row("users.update", "id data= options=", id="user_id", data=FIELDS, options=CALL),
    "users.bulk_identify": _row("users.bulk.identify", "users"),
    "users.bulk.update": _row("users.bulk.identify", "users"),
    "users.delete": _row("users.delete", "id", id="user_id"),
    "users.bulk_delete": _row("users.bulk.delete", "user_ids"),
    "users.get_feed": _row("users.feeds.list_items", "user_id channel_id options=", channel_id="id", options=QUERY),
    "users.merge": _row("users.merge", "user_id from_user_id"),
    "users.get_channel_data": _row("users.get_channel_data", "id channel_id", id="user_id"),
    "users.set_channel_data": _row(
        "users.set_channel_data", "id channel_id channel_data", id="user_id", channel_data="data"
    ),
    "users.unset_channel_data": _row("users.unset_channel_data", "id channel_id", id="user_id"),
    "users.get_all_preferences": _row("users.list_preferences", "user_id"),
    "users.get_preferences": _row("users.get_preferences", "user_id options=", options=SET),
    **{f"users.set_{name}": row for name, row in _USERS_PREFERENCES.items()},
    "users.bulk_set_preferences": _row("users.bulk.set_preferences", "user_ids preferences options=", options=BULK_SET),
    "users.get_messages": _row("users.list_messages", "id options=", id="user_id", options=QUERY),
    "users.get_schedules": _row("users.list_schedules", "id options=", id="user_id", options=QUERY),
    "users.get_subscriptions": _row("users.list_subscriptions", "id options=", id="user_id", options=QUERY),
    "preferences.get_all": _row("users.list_preferences", "user_id"),
    "preferences.get": _row("users.get_preferences", "user_id options=", options=SET),
    "preferences.update": _USERS_PREFERENCES["preferences"],
    **{
        f"preferences.set_{name.removesuffix('_preferences')}": row
        for name, row in _USERS_PREFERENCES.items()
        if name != "preferences"
    },
    "objects.get": _row("objects.get", "collection id"),
    "objects.list": _row("objects.list", "collection options=", options=QUERY),
    "objects.set_object": _row("objects.set", "collection id data=", data=FIELDS),
    "objects.set": _row("objects.set", "collection id data=", data=FIELDS),
    "objects.bulk_set": _row("objects.bulk.set", "collection objects"),
    "objects.delete": _row("objects.delete", "collection id"),
    "objects.bulk_delete": _row("objects.bulk.delete", "collection object_ids"),
    "objects.get_channel_data": _row("objects.get_channel_data", "collection id channel_id", id="object_id"),
    "objects.set_channel_data": _row(
        "objects.set_channel_data", "collection id channel_id channel_data", id="object_id", channel_data="data"
    ),
    "objects.unset_channel_data": _row("objects.unset_channel_data", "collection id channel_id", id="object_id"),
    "objects.get_messages": _row("objects.list_messages", "collection id options=", options=QUERY),
    "objects.get_schedules": _row("objects.list_schedules", "collection id options=", options=QUERY),
    "objects.get_all_preferences": _row("objects.list_preferences", "collection id", id="object_id"),
    "objects.get_preferences": _row("objects.get_preferences", "collection id options=", id="object_id", options=SET),
    **{f"objects.set_{name}": row for name, row in _OBJECTS_PREFERENCES.items()},
    "objects.list_subscriptions": _row(
        "objects.list_subscriptions", "collection id options=", id="object_id", options=QUERY
    ),
    "objects.get_subscriptions": _row(
        "objects.list_subscriptions", "collection id options=", {"mode": '"recipient"'}, id="object_id", options=QUERY
    ),
    "objects.add_subscriptions": _row(
        "objects.add_subscriptions", "collection id recipients properties=", id="object_id"
    ),
    "objects.bulk_add_subscriptions": _row("objects.bulk.add_subscriptions", "collection subscriptions"),
    "objects.delete_subscriptions": _row("objects.delete_subscriptions", "collection id recipients", id="object_id"),
    "tenants.list": _row("tenants.list", "options=", options=QUERY),
    "tenants.get": _row("tenants.get", "id"),
    "tenants.set_tenant": _row("tenants.set", "id tenant_data|data=", tenant_data=FIELDS),
    "tenants.set": _row("tenants.set", "id data=", data=FIELDS),
    "tenants.delete": _row("tenants.delete", "id"),
    "messages.list": _row("messages.list", "options=", options=QUERY),
    "messages.get": _row("messages.get", "id", id="message_id"),
    "messages.set_status": _row("messages.{status}", "id status", id="message_id", status=STATUS),
    "messages.unset_status": _row("messages.{status}", "id status", id="message_id", status=STATUS),
    "messages.batch_set_status": _row("messages.batch.{status}", "message_ids status", status=STATUS),
    "messages.get_content": _row("messages.get_content", "id", id="message_id"),
    "messages.get_activities": _row("messages.list_activities", "id options=", id="message_id", options=QUERY),
    "messages.get_events": _row("messages.list_events", "id options=", id="message_id", options=QUERY),
    "messages.get_delivery_logs": _row("messages.list_delivery_logs", "id options=", id="message_id", options=QUERY),
    "bulk_operations.get": _row("bulk_operations.get", "id"),
    "request": _row("request", "method endpoint payload= options="),
}
"""By what follows the client in a call."""

_SETTING = {
    "seen": "mark_as_seen",
    "read": "mark_as_read",
    "interacted": "mark_as_interacted",
    "archived": "archive",
}
_UNSETTING = {"seen": "mark_as_unseen", "read": "mark_as_unread", "archived": "unarchive"}

STATUS_METHODS: Mapping[str, Mapping[str, str]] = {
    "messages.set_status": _SETTING,
    "messages.unset_status": _UNSETTING,
    "messages.batch_set_status": {
        **_SETTING,
        "unseen": "mark_as_unseen",
        "unread": "mark_as_unread",
        "unarchived": "unarchive",
    },
}
"""The methods that statuses have here."""

OLD_RESOURCES = frozenset(path.rpartition(".")[0] for path in OLD_METHODS) - {""}
"""Attributes of clients of 0.5 that have methods."""
