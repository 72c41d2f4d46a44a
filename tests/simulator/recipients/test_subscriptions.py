"""The simulator's subscriptions: added, deleted, listed from both ends, one object at a time and in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

P1 = {"collection": "projects", "id": "p1"}
TEAM = {"collection": "teams", "id": "t"}


@pytest.fixture(autouse=True)
def _create_recipients(sim: Simulator) -> None:
    client = sim.client()
    for name in ("ana", "ben", "cy"):
        client.users.update(name, name=name.title())
    client.objects.set("projects", "p1", name="Isla")
    client.objects.set("teams", "t", name="Team")


def subscribers(page: Any) -> list[str]:
    return [entry.recipient.id for entry in page.items]


def objects(page: Any) -> list[str]:
    return [entry.object.id for entry in page.items]


@rule("c/subscriptions", "users and objects subscribe to an object, with properties of the subscription")
def test_added_subscriptions_are_returned_and_listed(knock: Any, sim: Simulator) -> None:
    made = knock.objects.add_subscriptions("projects", "p1", recipients=["ana", TEAM], properties={"role": "lead"})
    assert [each.typename for each in made] == ["Subscription", "Subscription"]
    assert [each.recipient.typename for each in made] == ["User", "Object"]
    assert made[0].recipient == knock.users.get("ana")
    assert made[1].recipient == knock.objects.get("teams", "t")
    assert made[0].object == knock.objects.get("projects", "p1")
    assert {(each.inserted_at, each.updated_at) for each in made} == {(sim.now, sim.now)}
    assert made[0].properties == {"role": "lead"}
    assert knock.objects.list_subscriptions("projects", "p1").items == made[::-1]
    assert knock.users.list_subscriptions("ana").items == made[:1]
    assert knock.objects.list_subscriptions("teams", "t", mode="recipient").items == made[1:]
    assert knock.objects.list_subscriptions("teams", "t").items == []
    assert knock.objects.list_subscriptions("projects", "p1", mode="recipient").items == []


@rule("c/subscriptions", "a recipient subscribes to an object once")
def test_adding_a_subscription_again_updates_it(knock: Any, sim: Simulator) -> None:
    (first,) = knock.objects.add_subscriptions("projects", "p1", recipients=["ana"], properties={"a": 1, "b": 1})
    sim.advance(minutes=1)
    (unchanged,) = knock.objects.add_subscriptions("projects", "p1", recipients=["ana"])
    assert unchanged.properties == {"a": 1, "b": 1}
    (changed,) = knock.objects.add_subscriptions("projects", "p1", recipients=["ana", "ana"], properties={"a": 2})
    assert (changed.inserted_at, changed.updated_at) == (first.inserted_at, sim.now)
    assert changed.properties == {"a": 2}
    assert subscribers(knock.objects.list_subscriptions("projects", "p1")) == ["ana"]


@rule("c/subscriptions", "subscribers can be identified inline")
def test_recipients_can_be_identified_inline(knock: Any) -> None:
    inline = [{"id": "dee", "name": "Dee"}, {"id": "t2", "collection": "teams", "size": 3}, {"id": "eve"}]
    made = knock.objects.add_subscriptions("projects", "p1", recipients=inline)
    assert [each.recipient.id for each in made] == ["dee", "t2", "eve"]
    assert knock.users.get("dee").name == "Dee"
    assert knock.users.get("eve").name is None
    assert knock.objects.get("teams", "t2").properties == {"size": 3}


def test_referenced_recipients_must_exist_or_nothing_is_added(knock: Any) -> None:
    references = ["ana", "nobody", {"id": "dee"}, {"collection": "teams", "id": "none"}, "dee"]
    with pytest.raises(UnprocessableEntityError) as caught:
        knock.objects.add_subscriptions("projects", "p1", recipients=references)
    assert [error.field for error in caught.value.errors] == ["recipients.1", "recipients.3"]
    assert knock.objects.list_subscriptions("projects", "p1").items == []
    with pytest.raises(NotFoundError):
        knock.users.get("dee")


@rule("c/subscriptions", "the subscriptions of an object that does not exist cannot be listed")
def test_the_object_must_exist(knock: Any) -> None:
    with pytest.raises(NotFoundError):
        knock.objects.add_subscriptions("projects", "none", recipients=[{"id": "dee"}])
    with pytest.raises(NotFoundError):
        knock.users.get("dee")
    with pytest.raises(NotFoundError):
        knock.objects.list_subscriptions("projects", "none")
    assert knock.objects.delete_subscriptions("projects", "none", recipients=["ana"]) == []
    assert knock.users.list_subscriptions("nobody").items == []


@rule("api/deleteSubscriptionsForObject", "deleted subscriptions are returned; the recipients come in the body")
def test_delete_returns_the_deleted_subscriptions(knock: Any) -> None:
    made = knock.objects.add_subscriptions("projects", "p1", recipients=["ana", "ben", TEAM])
    deleted = knock.objects.delete_subscriptions("projects", "p1", recipients=[TEAM, "cy", "ana", "ana"])
    assert deleted == [made[2], made[0]]
    assert subscribers(knock.objects.list_subscriptions("projects", "p1")) == ["ben"]
    assert knock.users.list_subscriptions("ana").items == []
    assert knock.objects.delete_subscriptions("projects", "p1", recipients=["ana"]) == []


def test_filters(knock: Any) -> None:
    knock.objects.set("teams", "u")
    recipients_of_p1 = ["ana", "ben", "cy", TEAM, {"collection": "teams", "id": "u"}]
    knock.objects.add_subscriptions("projects", "p1", recipients=recipients_of_p1)
    knock.objects.add_subscriptions("teams", "t", recipients=["ana", {"collection": "projects", "id": "p1"}])

    def of_p1(*recipients: Any) -> list[str]:
        return subscribers(knock.objects.list_subscriptions("projects", "p1", recipients=list(recipients)))

    assert of_p1("ana") == ["ana"]
    assert of_p1("cy", "ana", "nobody") == ["cy", "ana"]
    assert of_p1(TEAM, {"collection": "teams", "id": "u"}) == ["u", "t"]
    assert of_p1("ben", TEAM) == ["t", "ben"]
    assert of_p1({"collection": "projects", "id": "t"}) == []
    assert objects(knock.users.list_subscriptions("ana")) == ["t", "p1"]
    assert objects(knock.users.list_subscriptions("ana", objects=[P1])) == ["p1"]
    assert objects(knock.users.list_subscriptions("ana", objects=[P1, TEAM])) == ["t", "p1"]
    by_p1 = knock.objects.list_subscriptions("projects", "p1", mode="recipient", objects=[TEAM])
    assert objects(by_p1) == ["t"]
    assert knock.objects.list_subscriptions("projects", "p1", mode="recipient", objects=[P1]).items == []


@rule("node/lib/stringifyQuery", "lists of references come as `name[]=` and `name[][id]=`, or with indices")
@pytest.mark.parametrize(
    "query",
    [
        "recipients[]=ana&recipients[][id]=t&recipients[][collection]=teams",
        "recipients[0]=ana&recipients[1][id]=t&recipients[1][collection]=teams",
        "recipients[][id]=ana&recipients[][id]=t&recipients[][collection]=teams&recipients[]=ana",
        "recipients%5B%5D=ana&recipients%5B%5D%5Bcollection%5D=teams&recipients%5B%5D%5Bid%5D=t",
    ],
)
def test_lists_of_references_are_read_in_every_spelling(sim: Simulator, query: str) -> None:
    sim.client().objects.add_subscriptions("projects", "p1", recipients=["ana", "ben", TEAM])
    if "[id]=ana" in query:  # a collection is assigned to the first reference without one
        sim.client().objects.set("teams", "ana")
        sim.client().objects.add_subscriptions("projects", "p1", recipients=[{"collection": "teams", "id": "ana"}])
        query = query.replace("recipients[][id]=ana&recipients[][id]=t", "recipients[][id]=t")
    _, page = http(sim, "GET", f"/v1/objects/projects/p1/subscriptions?{query}")
    assert [entry["recipient"]["id"] for entry in page["entries"]] == ["t", "ana"]


@rule("py/_qs", "references whose fields come grouped are paired again")
def test_references_whose_fields_come_grouped_are_paired(sim: Simulator) -> None:
    client = sim.client()
    client.objects.add_subscriptions("projects", "p1", recipients=["ana"])
    client.objects.add_subscriptions("teams", "t", recipients=["ana"])
    grouped = "objects[][id]=p1&objects[][id]=t&objects[][collection]=projects&objects[][collection]=teams"
    _, page = http(sim, "GET", f"/v1/users/ana/subscriptions?{grouped}")
    assert [entry["object"]["id"] for entry in page["entries"]] == ["t", "p1"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("recipients=ana", "recipients"),
        ("recipients[][collection]=teams", "recipients.0.id"),
        ("recipients[0][id]=t&recipients[0][collection][]=teams", "recipients.0.collection"),
        ("mode=both", "mode"),
        ("include[]=messages", "include"),
        ("page_size=51", "page_size"),
    ],
)
def test_malformed_queries_are_rejected(sim: Simulator, query: str, field: str) -> None:
    response, problem = http(sim, "GET", f"/v1/objects/projects/p1/subscriptions?{query}")
    assert response.status == 422
    assert problem["errors"][0]["field"].startswith(field)


def test_preferences_are_included_if_requested(knock: Any) -> None:
    knock.users.set_preferences("ana", "default", workflows={"w": False})
    knock.objects.add_subscriptions("projects", "p1", recipients=["ana"])
    (shown,) = knock.objects.list_subscriptions("projects", "p1", include=["preferences"]).items
    assert shown.recipient.properties["preferences"]["default"]["workflows"] == {"w": False}
    (plain,) = knock.users.list_subscriptions("ana").items
    assert "preferences" not in plain.recipient.properties


def test_pages_do_not_shift_when_subscribers_are_added_and_deleted(knock: Any, sim: Simulator) -> None:
    names = [f"u{number}" for number in range(7)]
    knock.objects.add_subscriptions("projects", "p1", recipients=[{"id": name} for name in names])
    first = knock.objects.list_subscriptions("projects", "p1", page_size=3)
    assert subscribers(first) == ["u6", "u5", "u4"]
    knock.objects.delete_subscriptions("projects", "p1", recipients=["u4", "u2"])
    sim.client().objects.add_subscriptions("projects", "p1", recipients=["ana"])
    second = knock.objects.list_subscriptions("projects", "p1", page_size=3, after=first.page_info.after)
    assert subscribers(second) == ["u3", "u1", "u0"]
    assert second.page_info.after is None
    back = knock.objects.list_subscriptions("projects", "p1", page_size=3, before=second.page_info.before)
    assert subscribers(back) == ["ana", "u6", "u5"]


def test_deleting_the_object_or_the_recipient_deletes_subscriptions(knock: Any) -> None:
    knock.objects.add_subscriptions("projects", "p1", recipients=["ana", "ben", TEAM])
    knock.objects.add_subscriptions("teams", "t", recipients=["ana", "cy"])
    knock.users.delete("ana")
    assert subscribers(knock.objects.list_subscriptions("projects", "p1")) == ["t", "ben"]
    knock.objects.delete("teams", "t")
    assert subscribers(knock.objects.list_subscriptions("projects", "p1")) == ["ben"]
    assert knock.users.list_subscriptions("cy").items == []
    knock.objects.bulk.delete("projects", object_ids=["p1"])
    assert knock.users.list_subscriptions("ben").items == []
    knock.users.update("ana")
    knock.objects.set("projects", "p1")
    assert knock.users.list_subscriptions("ana").items == []
    assert knock.objects.list_subscriptions("projects", "p1").items == []


def test_merging_users_deletes_the_subscriptions_of_the_merged_user(knock: Any) -> None:
    knock.objects.add_subscriptions("projects", "p1", recipients=["ana"])
    knock.objects.add_subscriptions("teams", "t", recipients=["ana", "ben"])
    knock.users.merge("ben", from_user_id="ana")
    assert subscribers(knock.objects.list_subscriptions("projects", "p1")) == []
    assert subscribers(knock.objects.list_subscriptions("teams", "t")) == ["ben"]


@rule("api/BulkUpsertSubscription", "subscriptions to many objects are added in one operation")
def test_bulk_add_and_delete(knock: Any) -> None:
    rows = [
        {"id": "p1", "recipients": ["ana", {"id": "dee"}], "properties": {"role": "lead"}},
        {"id": "p2", "recipients": ["ana"]},
        {"id": "p1", "recipients": ["nobody", "ben"]},
    ]
    job = knock.objects.bulk.add_subscriptions("projects", subscriptions=rows)
    assert job.name == "objects.projects.upsert_subscriptions"
    while job.status != "completed":
        job = knock.bulk_operations.get(job.id)
    assert (job.processed_rows, job.success_count) == (3, 1)
    assert [(item.id, item.collection) for item in job.error_items] == [("p2", "projects"), ("p1", "projects")]
    assert subscribers(knock.objects.list_subscriptions("projects", "p1")) == ["dee", "ana"]
    assert knock.users.list_subscriptions("dee").items[0].properties == {"role": "lead"}
    job = knock.objects.bulk.delete_subscriptions("projects", subscriptions=[{"id": "p1", "recipients": ["ana", "cy"]}])
    while job.status != "completed":
        job = knock.bulk_operations.get(job.id)
    assert (job.success_count, job.error_count) == (1, 0)
    assert subscribers(knock.objects.list_subscriptions("projects", "p1")) == ["dee"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "recipients"),
        ({"recipients": "ana"}, "recipients"),
        ({"recipients": [5]}, "recipients.0"),
        ({"recipients": [{"name": "x"}]}, "recipients.0.id"),
        ({"recipients": ["ana"], "properties": []}, "properties"),
        ({"recipients": ["ana"] * 101}, "recipients"),
        ({"recipients": ["ana/b"]}, "recipients.0"),
    ],
)
def test_malformed_bodies_are_rejected(sim: Simulator, body: Any, field: str) -> None:
    response, problem = http(sim, "POST", "/v1/objects/projects/p1/subscriptions", body)
    assert (response.status, problem["code"]) == (422, "invalid_params")
    assert problem["errors"][0]["field"] == field
