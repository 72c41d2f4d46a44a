"""The simulator's objects: set, listed and deleted, one by one and in bulk, with their messages and preferences."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


def names(page: Any) -> list[str]:
    return [entry.id for entry in page.items]


@rule("c/objects", "the properties of an object are under `properties`")
def test_a_set_object_can_be_read(knock: Any, sim: Simulator) -> None:
    made = knock.objects.set("projects", "p1", name="Isla", timezone="America/Lima", properties={"plan": {"seats": 3}})
    assert made == knock.objects.get("projects", "p1")
    assert (made.typename, made.id, made.collection, made.updated_at) == ("Object", "p1", "projects", sim.now)
    assert made.properties == {"name": "Isla", "timezone": "America/Lima", "plan": {"seats": 3}}
    assert made.created_at is None


@rule("c/objects", "the properties of an object are merged deeply")
def test_properties_are_merged_deeply(knock: Any, sim: Simulator) -> None:
    knock.objects.set(
        "projects", "p1", name="Isla", properties={"plan": {"seats": 3, "name": "pro"}, "tags": ["a", "b"]}
    )
    sim.advance(minutes=1)
    changed = knock.objects.set("projects", "p1", properties={"plan": {"seats": None}, "tags": ["c"]})
    assert changed.properties == {"name": "Isla", "plan": {"seats": None, "name": "pro"}, "tags": ["c"]}
    assert changed.updated_at == sim.now


@rule("c/objects", "an object is identified by its collection and its id")
def test_the_same_id_in_another_collection_is_another_object(knock: Any) -> None:
    knock.objects.set("projects", "x", name="Project")
    knock.objects.set("teams", "x", name="Team")
    knock.users.update("x", name="User")
    assert knock.objects.get("projects", "x").properties == {"name": "Project"}
    assert knock.objects.get("teams", "x").properties == {"name": "Team"}
    assert knock.users.get("x").name == "User"
    knock.objects.delete("teams", "x")
    assert knock.objects.get("projects", "x").id == "x"
    assert knock.users.get("x").id == "x"


def test_an_unknown_object_is_not_found_and_deleting_it_succeeds(knock: Any) -> None:
    with pytest.raises(NotFoundError) as caught:
        knock.objects.get("projects", "p1")
    assert caught.value.code == "resource_missing"
    assert "'p1'" in str(caught.value)
    assert knock.objects.delete("projects", "p1") is None


def test_ids_may_contain_any_character(knock: Any) -> None:
    made = knock.objects.set("a/b", "c#d é", name="Odd")
    assert (made.collection, made.id) == ("a/b", "c#d é")
    assert knock.objects.get("a/b", "c#d é") == made
    assert names(knock.objects.list("a/b")) == ["c#d é"]


@pytest.mark.parametrize("path", ["users/ana", "objects/projects/p1", "tenants/acme"])
@pytest.mark.parametrize("sent", ["yesterday", 5, {}])
def test_a_malformed_created_at_is_refused(sim: Simulator, path: str, sent: object) -> None:
    response, problem = http(sim, "PUT", f"/v1/{path}", {"created_at": sent})
    assert (response.status, problem["errors"][0]["field"]) == (422, "created_at")
    assert http(sim, "GET", f"/v1/{path}")[0].status == 404


def test_created_at_is_stored_as_sent(sim: Simulator) -> None:
    client = sim.client(strict=True)
    http(sim, "PUT", "/v1/objects/projects/p1", {"created_at": "2024-02-29T10:00:00+02:00"})
    assert client.objects.get("projects", "p1").created_at == datetime(2024, 2, 29, 8, tzinfo=timezone.utc)


@rule("c/objects", "listing a collection that does not exist is no error")
def test_list_pages_and_includes(knock: Any) -> None:
    for name in ("c", "a", "b"):
        knock.objects.set("projects", name)
    knock.objects.set("teams", "z")
    knock.objects.set("projects", "c", name="again", preferences={"default": {"workflows": {"w": False}}})
    assert names(knock.objects.list("projects")) == ["c", "a", "b"]
    first = knock.objects.list("projects", page_size=2)
    assert names(first) == ["c", "a"]
    assert names(knock.objects.list("projects", page_size=2, after=first.page_info.after)) == ["b"]
    assert names(knock.objects.list("nothing")) == []
    (with_sets, *_) = knock.objects.list("projects", include=["preferences"]).items
    assert with_sets.properties["preferences"]["default"]["workflows"] == {"w": False}
    assert "preferences" not in knock.objects.list("projects").items[0].properties


@rule("api/Message", "a message's recipient is the id of a user, or the id and the collection of an object")
def test_messages_of_an_object(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed", "email"])
    knock.objects.set("projects", "p1", properties={"email": "p1@x.example"})
    knock.users.update("p1", email="user@x.example")
    knock.workflows.trigger("w", recipients=[{"collection": "projects", "id": "p1"}, "p1"], data={"n": 1})
    found = knock.objects.list_messages("projects", "p1").items
    assert [message.channel.type for message in found] == ["email", "in_app_feed"]
    assert {message.recipient.collection for message in found} == {"projects"}
    (email,) = knock.objects.list_messages("projects", "p1", status=["queued"]).items
    assert email.channel.type == "email"
    assert knock.objects.list_messages("projects", "other").items == []
    assert len(knock.users.list_messages("p1").items) == 2


def test_deleting_an_object_deletes_its_preferences_and_channel_data(knock: Any, sim: Simulator) -> None:
    push = sim.channel("push").id
    knock.objects.set("projects", "p1", name="P", channel_data={push: {"tokens": ["t"]}})
    knock.objects.set_preferences("projects", "p1", "default", workflows={"w": False})
    assert knock.objects.delete("projects", "p1") is None
    assert knock.objects.list_preferences("projects", "p1") == []
    with pytest.raises(NotFoundError):
        knock.objects.get_channel_data("projects", "p1", push)
    assert knock.objects.set("projects", "p1").properties == {}


def test_preferences_of_an_object(knock: Any) -> None:
    empty = knock.objects.get_preferences("projects", "p1", "default")
    assert (empty.id, empty.workflows, empty.channel_types) == ("default", None, None)
    stored = knock.objects.set_preferences("projects", "p1", "default", workflows={"a": False}, categories={"c": True})
    assert stored == knock.objects.get_preferences("projects", "p1", "default")
    assert knock.objects.get("projects", "p1").properties == {}
    replaced = knock.objects.set_preferences("projects", "p1", "default", workflows={"b": False})
    assert (replaced.workflows, replaced.categories) == ({"b": False}, None)
    merged = knock.objects.set_preferences(
        "projects", "p1", "default", workflows={"c": False}, _persistence_strategy="merge"
    )
    assert merged.workflows == {"b": False, "c": False}
    knock.objects.set_preferences("projects", "p1", "acme", channel_types={"email": False})
    assert [each.id for each in knock.objects.list_preferences("projects", "p1")] == ["default", "acme"]
    assert knock.objects.unset_preferences("projects", "p1", "default") is None
    assert [each.id for each in knock.objects.list_preferences("projects", "p1")] == ["acme"]


@rule("preferences/overview", "objects have preferences too")
def test_an_objects_preferences_apply_to_its_messages(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed", "email"])
    knock.objects.set("projects", "p1", properties={"email": "p1@x.example"})
    knock.objects.set_preferences("projects", "p1", "default", channel_types={"email": False})
    knock.workflows.trigger("w", recipients=[{"collection": "projects", "id": "p1"}])
    (message,) = sim.messages(to={"collection": "projects", "id": "p1"})
    assert message.channel is not None
    assert message.channel.type == "in_app_feed"


@rule("api/BulkOperation", "an operation on objects has the collection in its name and in its errors")
def test_bulk_set_and_delete(knock: Any) -> None:
    knock.objects.set("projects", "a", properties={"plan": "pro"})
    job = knock.objects.bulk.set("projects", objects=[{"id": "a", "name": "A"}, {"id": "b", "team": {"size": 3}}])
    assert (job.name, job.estimated_total_rows) == ("objects.projects.set", 2)
    assert knock.objects.get("projects", "a").properties == {"plan": "pro", "name": "A"}
    assert knock.objects.get("projects", "b").properties == {"team": {"size": 3}}
    job = knock.objects.bulk.delete("projects", object_ids=["a", "x"])
    assert job.name == "objects.projects.delete"
    while job.status != "completed":
        job = knock.bulk_operations.get(job.id)
    assert (job.success_count, job.error_count) == (1, 1)
    assert [(item.id, item.collection) for item in job.error_items] == [("x", "projects")]
    assert names(knock.objects.list("projects")) == ["b"]


@rule("managing-recipients/identifying-recipients", "too many properties are refused, and nothing is stored")
def test_too_large_properties_are_rejected(knock: Any) -> None:
    with pytest.raises(UnprocessableEntityError, match="256,000"):
        knock.objects.set("projects", "p1", properties={"blob": "x" * 256_001})
    assert names(knock.objects.list("projects")) == []


@pytest.mark.parametrize(
    ("target", "body", "field"),
    [
        ("/v1/objects/projects/p1", {"name": 5}, "name"),
        ("/v1/objects/projects/p1", {"channel_data": []}, "channel_data"),
        ("/v1/objects/projects/p1", {"preferences": {"default": {"workflows": 1}}}, "preferences.default.workflows"),
        ("/v1/objects/projects/p1/preferences/default", {"channel_types": {"email": "no"}}, "channel_types.email"),
    ],
)
def test_malformed_bodies_are_rejected(sim: Simulator, target: str, body: Any, field: str) -> None:
    response, problem = http(sim, "PUT", target, body)
    assert (response.status, problem["code"]) == (422, "invalid_params")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert http(sim, "GET", "/v1/objects/projects/p1")[0].status == 404


OLDER = [
    ("workflows", {"a": False, "b": {"channel_types": {"email": False}}}, None),
    ("workflows/a", {"subscribed": False}, {"a": False}),
    ("workflows/a", {"channel_types": {"email": False}}, None),
    ("categories", {"c": False}, None),
    ("categories/c", {"subscribed": True}, {"c": True}),
    ("channel_types", {"email": False}, None),
    ("channel_types/sms", {"subscribed": False}, {"sms": False}),
]


@pytest.mark.parametrize("owner", ["/v1/users/ana", "/v1/objects/projects/p1"])
@pytest.mark.parametrize(("path", "body", "expected"), OLDER)
def test_older_operations_merge_one_section_or_entry(
    sim: Simulator, owner: str, path: str, body: Any, expected: Any
) -> None:
    section, _, entry = path.partition("/")
    target = f"{owner}/preferences/default"
    before: dict[str, Any] = {
        "commercial_subscribed": False,
        section: {"push" if section == "channel_types" else "z": True},
    }
    http(sim, "PUT", target, before)
    response, merged = http(sim, "PUT", f"{target}/{path}", body)
    assert response.status == 200
    assert merged == http(sim, "GET", target)[1]
    changed = expected or ({entry: body} if entry else body)
    assert merged[section] == {**before[section], **changed}
    assert merged["commercial_subscribed"] is False


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("workflows/a", {"subscribed": "no"}, "workflows.a"),
        ("workflows/a", {"conditions": [{"variable": "x"}]}, "workflows.a.conditions.0.operator"),
        ("channel_types", {"email": 1}, "channel_types.email"),
        ("channel_types/fax", {"subscribed": True}, "type"),
    ],
)
def test_older_operations_reject_invalid_settings(sim: Simulator, path: str, body: Any, field: str) -> None:
    response, problem = http(sim, "PUT", f"/v1/users/ana/preferences/default/{path}", body)
    assert response.status == 422
    assert field in [error["field"] for error in problem["errors"]]
    assert http(sim, "GET", "/v1/users/ana")[0].status == 404
