"""The simulator's users: identified, listed, merged, deleted, one by one and in bulk."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


@rule("c/users", "the properties of a user are at the top level; `created_at` is what the account sets")
def test_an_identified_user_can_be_read(knock: Any, sim: Simulator) -> None:
    created = datetime(2024, 2, 29, 10, tzinfo=timezone.utc)
    user = knock.users.update(
        "jhammond", name="John", email="john@ingen.example", created_at=created, properties={"plan": "pro"}
    )
    assert user == knock.users.get("jhammond")
    assert (user.id, user.name, user.email, user.created_at, user.updated_at) == (
        "jhammond",
        "John",
        "john@ingen.example",
        created,
        sim.now,
    )
    assert user.properties == {"plan": "pro"}


@rule(
    "managing-recipients/identifying-recipients",
    "properties are merged deeply; they can be nulled and not removed, and lists are replaced",
)
def test_properties_are_merged_deeply_and_never_disappear(knock: Any) -> None:
    knock.users.update("ana", properties={"address": {"city": "Lima", "zip": "15001"}, "tags": ["a", "b"], "seats": 3})
    user = knock.users.update("ana", properties={"address": {"zip": "15002"}, "tags": ["c"], "seats": None})
    assert user.properties == {"address": {"city": "Lima", "zip": "15002"}, "tags": ["c"], "seats": None}


@rule("c/users", "`created_at` is null unless it is set")
def test_fields_set_by_the_server_are_not_properties(knock: Any, sim: Simulator) -> None:
    sent = {"updated_at": "1999-01-01T00:00:00Z", "__typename": "Robot", "id": "other"}
    user = knock.users.update("ana", properties=sent)
    assert (user.id, user.typename, user.updated_at) == ("ana", "User", sim.now)
    assert user.created_at is None


@rule(
    "managing-recipients/identifying-recipients",
    "`channel_data` and `preferences` of an inline recipient are stored apart; inline preferences are merged",
)
def test_inline_preferences_are_merged_and_channel_data_is_stored_separately(knock: Any, sim: Simulator) -> None:
    push = sim.channel("push").id
    knock.users.set_preferences("ana", "default", workflows={"a": False})
    user = knock.users.update(
        "ana", preferences={"default": {"workflows": {"b": False}}, "acme": {}}, channel_data={push: {"tokens": ["t"]}}
    )
    assert user.properties == {}
    assert knock.users.get_channel_data("ana", push).provider == "push_fcm"
    assert knock.users.get_preferences("ana", "default").workflows == {"a": False, "b": False}
    assert [one.id for one in knock.users.list_preferences("ana")] == ["default", "acme"]


def test_an_unknown_user_is_not_found_and_deleting_it_succeeds(knock: Any) -> None:
    with pytest.raises(NotFoundError) as caught:
        knock.users.get("nobody")
    assert caught.value.code == "resource_missing"
    assert caught.value.request_id
    knock.users.delete("nobody")


@rule("c/users", "a deleted user is gone with its properties and preferences")
def test_deleting_a_user_deletes_its_properties_and_preferences(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana", properties={"plan": "pro"})
    knock.users.set_preferences("ana", "default", workflows={"a": False})
    knock.workflows.trigger("b", recipients=["ana"])
    assert knock.users.delete("ana") is None
    with pytest.raises(NotFoundError):
        knock.users.get("ana")
    assert knock.users.list().items == []
    assert knock.users.get_preferences("ana", "default").workflows is None
    assert len(sim.messages(to="ana")) == 1
    assert knock.users.update("ana").properties == {}


@rule("api/listUsers", "users are listed in either order, with their preferences on demand")
def test_list_in_both_orders_with_preferences(knock: Any) -> None:
    for name in ("c", "a", "b"):
        knock.users.update(name)
    knock.users.update("c", name="again")
    knock.users.set_preferences("a", "default", workflows={"x": False})
    assert [user.id for user in knock.users.list().items] == ["c", "a", "b"]
    assert [user.id for user in knock.users.list(order="desc").items] == ["b", "a", "c"]
    with_sets = knock.users.list(include=["preferences"]).items
    assert [user.properties["preferences"].keys() for user in with_sets] == [set(), {"default"}, set()]
    assert with_sets[1].properties["preferences"]["default"]["workflows"] == {"x": False}


@rule(
    "managing-recipients/merging-users",
    "the first user's values win; the second one fills what is missing, and is deleted",
)
@rule(
    "managing-recipients/merging-users", "preference sets are added only if absent; messages of the last 30 days move"
)
def test_merging_users_fills_in_missing_values_and_transfers_recent_messages(knock: Any, sim: Simulator) -> None:
    knock.users.update("old", name="Old", email="old@x.example", properties={"a": {"x": 1, "y": 1}})
    knock.users.set_preferences("old", "default", workflows={"w": False})
    knock.users.set_preferences("old", "acme", workflows={"w": False})
    knock.workflows.trigger("w2", recipients=["old"])
    sim.advance(hours=31 * 24)
    knock.workflows.trigger("w2", recipients=["old"])
    knock.users.update("new", name="New", properties={"a": {"y": 2}})
    knock.users.set_preferences("new", "default", workflows={"v": False})
    user = knock.users.merge("new", from_user_id="old")
    assert (user.id, user.name, user.email) == ("new", "New", "old@x.example")
    assert user.properties == {"a": {"x": 1, "y": 2}}
    assert knock.users.get_preferences("new", "default").workflows == {"v": False}
    assert knock.users.get_preferences("new", "acme").workflows == {"w": False}
    with pytest.raises(NotFoundError):
        knock.users.get("old")
    assert [message.recipient for message in sim.messages()] == ["old", "new"]
    assert len(knock.users.list_messages("new").items) == 1


def test_merging_with_itself_or_an_unknown_user_is_rejected(knock: Any) -> None:
    knock.users.update("ana")
    with pytest.raises(UnprocessableEntityError):
        knock.users.merge("ana", from_user_id="ana")
    with pytest.raises(NotFoundError):
        knock.users.merge("ana", from_user_id="nobody")
    with pytest.raises(NotFoundError):
        knock.users.merge("nobody", from_user_id="ana")
    assert knock.users.get("ana").id == "ana"


@rule("old/bulk_operations", "a row with an error is listed, and the others are carried out")
def test_bulk_identify(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana", properties={"plan": "pro"})
    job = knock.users.bulk.identify(users=[{"id": "ana", "team": "a"}, {"id": "b/c"}, {"id": "ben", "name": "Ben"}])
    assert (job.name, job.status, job.estimated_total_rows, job.processed_rows) == ("users.identify", "queued", 3, 0)
    knock.bulk_operations.get(job.id)
    done = knock.bulk_operations.get(job.id)
    assert (done.status, done.processed_rows, done.success_count, done.error_count) == ("completed", 3, 2, 1)
    assert [item.id for item in done.error_items] == ["b/c"]
    assert done.completed_at == sim.now
    assert knock.users.get("ana").properties == {"plan": "pro", "team": "a"}
    assert knock.users.get("ben").name == "Ben"


@rule("old/users", "preferences set in bulk replace the set")
def test_bulk_delete_and_preferences(knock: Any, sim: Simulator) -> None:
    for name in ("a", "b"):
        knock.users.update(name)
        knock.users.set_preferences(name, "default", workflows={"old": False})
    job = knock.users.bulk.set_preferences(user_ids=["a", "b", "x"], preferences={"categories": {"c": False}})
    sim.advance(seconds=2)
    assert [item.id for item in knock.bulk_operations.get(job.id).error_items] == ["x"]
    stored = knock.users.get_preferences("a", "default")
    assert (stored.categories, stored.workflows) == ({"c": False}, None)
    job = knock.users.bulk.set_preferences(user_ids=["a"], preferences={"id": "acme", "workflows": {"w": False}})
    assert knock.users.get_preferences("a", "acme").workflows == {"w": False}
    job = knock.users.bulk.delete(user_ids=["a", "x"])
    sim.advance(seconds=2)
    assert knock.bulk_operations.get(job.id).success_count == 1
    assert [user.id for user in knock.users.list().items] == ["b"]
    with pytest.raises(NotFoundError):
        knock.bulk_operations.get("none")
