"""Audiences: adding, removing and listing members, and conditions on membership."""

from __future__ import annotations

from typing import Any

import pytest

from knock_sdk import NotFoundError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

from ..rules.table import rule

MEMBER = [{"variable": "recipient", "operator": "is_audience_member", "argument": "beta"}]
NOT_MEMBER = [{"variable": "recipient", "operator": "is_not_audience_member", "argument": "beta"}]


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.audience("beta")
    return sim


def members(knock: Any, key: str = "beta") -> list[tuple[str, str | None]]:
    return [(member.user_id, member.tenant) for member in knock.audiences.list_members(key).entries]


@rule("c/audiences", "members are identified inline")
def test_members_are_identified_and_listed_in_order(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana", properties={"plan": "pro"})
    start = sim.now
    added = [{"user": {"id": "ben", "name": "Ben"}}, {"user": {"id": "ana", "seats": 3}, "tenant": "acme"}]
    assert knock.audiences.add_members("beta", members=added) is None
    sim.advance(hours=1)
    knock.audiences.add_members("beta", members=[{"user": {"id": "ben"}}, {"user": {"id": "ana"}}])
    assert members(knock) == [("ben", None), ("ana", "acme"), ("ana", None)]
    first, second, third = knock.audiences.list_members("beta").entries
    assert [first.added_at == start, second.added_at == start, third.added_at == sim.now] == [True] * 3
    assert (first.user.id, first.user.name) == ("ben", "Ben")
    assert knock.users.get("ana").properties == {"plan": "pro", "seats": 3}


@rule("c/audiences", "a user that leaves an audience stays a user")
def test_removed_members_remain_users(knock: Any) -> None:
    knock.audiences.add_members(
        "beta",
        members=[{"user": {"id": "ana"}}, {"user": {"id": "ana"}, "tenant": "acme"}, {"user": {"id": "ben"}}],
    )
    removed = [{"user": {"id": "ana", "name": "Ana"}}, {"user": {"id": "ben"}, "tenant": "acme"}, {"user": {"id": "x"}}]
    assert knock.audiences.remove_members("beta", members=removed) is None
    assert members(knock) == [("ana", "acme"), ("ben", None)]
    assert [(user.id, user.name) for user in knock.users.list().items] == [("ana", None), ("ben", None)]


@rule("api/addAudienceMembers", "an unknown audience is not found, unless `create_audience` in the query is true")
def test_an_unknown_audience_is_not_found_unless_it_is_created(knock: Any, sim: Simulator) -> None:
    for call in (
        lambda: knock.audiences.add_members("new", members=[{"user": {"id": "ana"}}]),
        lambda: knock.audiences.add_members("new", members=[{"user": {"id": "ana"}}], create_audience=False),
        lambda: knock.audiences.remove_members("new", members=[{"user": {"id": "ana"}}]),
        lambda: knock.audiences.list_members("new"),
    ):
        with pytest.raises(NotFoundError) as caught:
            call()
        assert caught.value.code == "resource_missing"
    assert knock.users.list().items == []
    knock.audiences.add_members("new", members=[{"user": {"id": "ana"}}], create_audience=True)
    knock.audiences.add_members("new", members=[{"user": {"id": "ben"}}], create_audience=True)
    assert members(knock, "new") == [("ana", None), ("ben", None)]
    sim.audience("new")
    assert members(knock, "new") == [("ana", None), ("ben", None)]


def test_one_invalid_member_rejects_the_whole_request(knock: Any, sim: Simulator) -> None:
    body = {"members": [{"user": {"id": "ana"}}, {"user": {"id": "a/b"}}]}
    response, problem = http(sim, "POST", "/v1/audiences/beta/members", body)
    assert (response.status, problem["errors"][0]["field"]) == (422, "members.1.user.id")
    body = {"members": [{"user": {"id": "ana"}}, {"user": {"id": "ben", "blob": "x" * 300_000}}]}
    response, problem = http(sim, "POST", "/v1/audiences/fresh/members?create_audience=true", body)
    assert (response.status, problem["errors"][0]["field"]) == (422, "members.1.user")
    assert http(sim, "GET", "/v1/audiences/fresh/members")[0].status == 404
    body = {"members": [{"user": {"id": str(number)}} for number in range(1001)]}
    response, problem = http(sim, "POST", "/v1/audiences/beta/members", body)
    assert (response.status, problem["errors"][0]["field"]) == (422, "members")
    assert members(knock) == []
    assert knock.users.list().items == []


def test_pages_of_members(sim: Simulator) -> None:
    body = {"members": [{"user": {"id": f"u{number}"}} for number in range(60)]}
    http(sim, "POST", "/v1/audiences/beta/members", body)
    _, page = http(sim, "GET", "/v1/audiences/beta/members")
    _, rest = http(sim, "GET", f"/v1/audiences/beta/members?after={page['page_info']['after']}")
    listed = [member["user_id"] for member in page["entries"] + rest["entries"]]
    assert listed == [f"u{number}" for number in range(60)]
    assert (len(page["entries"]), rest["page_info"]["after"]) == (50, None)


@rule("c/conditions", "conditions can test membership in an audience")
def test_conditions_of_workflows_can_test_membership(knock: Any, sim: Simulator) -> None:
    sim.workflow("inside", conditions=MEMBER)
    sim.workflow("outside", conditions=NOT_MEMBER)
    knock.audiences.add_members("beta", members=[{"user": {"id": "ana"}}])
    for workflow in ("inside", "outside"):
        knock.workflows.trigger(
            workflow, recipients=["ana", {"id": "ben"}, {"id": "ana", "collection": "pets", "n": 1}]
        )
    assert [message.workflow for message in sim.messages(to="ana")] == ["inside"]
    assert [message.workflow for message in sim.messages(to="ben")] == ["outside"]
    assert [message.workflow for message in sim.messages(to={"id": "ana", "collection": "pets"})] == ["outside"]
    knock.audiences.remove_members("beta", members=[{"user": {"id": "ana"}}])
    knock.workflows.trigger("inside", recipients=["ana"])
    assert len(sim.messages(to="ana")) == 1


@rule("c/audiences", "a membership counts in runs with its tenant, one without a tenant in runs without one")
def test_the_tenant_of_the_run_must_be_that_of_the_membership(knock: Any, sim: Simulator) -> None:
    sim.workflow("inside", conditions=MEMBER)
    knock.audiences.add_members("beta", members=[{"user": {"id": "ana"}, "tenant": "acme"}, {"user": {"id": "ben"}}])
    for tenant in ("acme", "globex", None):
        knock.workflows.trigger("inside", recipients=["ana", "ben"], tenant=tenant)
    assert [(message.recipient, message.tenant) for message in sim.messages()] == [("ana", "acme"), ("ben", None)]


def test_conditions_of_preferences_can_test_membership(knock: Any, sim: Simulator) -> None:
    sim.workflow("w")
    for name in ("ana", "ben"):
        knock.users.update(name)
        knock.users.set_preferences(name, "default", workflows={"w": {"conditions": NOT_MEMBER}})
    knock.audiences.add_members("beta", members=[{"user": {"id": "ana"}}])
    knock.workflows.trigger("w", recipients=["ana", "ben"])
    assert [message.recipient for message in sim.messages()] == ["ben"]


def test_deleted_users_are_removed_from_audiences(knock: Any) -> None:
    knock.audiences.add_members(
        "beta", members=[{"user": {"id": "ana"}}, {"user": {"id": "ana"}, "tenant": "acme"}, {"user": {"id": "ben"}}]
    )
    knock.users.delete("ana")
    knock.users.update("ana")
    assert members(knock) == [("ben", None)]


def test_a_snapshot_restores_the_members(knock: Any, sim: Simulator) -> None:
    knock.audiences.add_members("beta", members=[{"user": {"id": "ana"}}])
    before = sim.snapshot()
    knock.audiences.add_members("beta", members=[{"user": {"id": "ben"}}])
    sim.restore(before)
    assert members(knock) == [("ana", None)]


def test_a_new_member_triggers_the_workflows_of_the_audience(knock: Any, sim: Simulator) -> None:
    sim.workflow("welcome")
    sim.workflow("off", active=False)
    sim.audience("beta", workflows=["welcome", "off", "none"])
    for _ in range(2):
        knock.audiences.add_members(
            "beta", members=[{"user": {"id": "ana"}}, {"user": {"id": "ana"}, "tenant": "acme"}]
        )
    assert [(message.workflow, message.recipient, message.tenant) for message in sim.messages()] == [
        ("welcome", "ana", None),
        ("welcome", "ana", "acme"),
    ]
    runs = knock.workflow_recipient_runs.list(workflow="welcome").items
    assert {(run.trigger_source.type, run.trigger_source.audience_key) for run in runs} == {("audience", "beta")}
    with pytest.raises(TypeError, match="takes a list"):
        sim.audience("beta", workflows="welcome")
