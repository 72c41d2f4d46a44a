"""Dependent records of a recipient: deleted with it, or transferred when a user is merged into another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knock_sdk import NotFoundError
from knock_sdk.testing import Simulator

from ..rules.table import rule

P1 = {"collection": "projects", "id": "p1"}


@pytest.fixture
def sim() -> Simulator:
    simulator = Simulator()
    simulator.workflow("now")
    simulator.workflow("later", delay=timedelta(hours=1))
    return simulator


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana")
    knock.users.update("ben")
    knock.objects.set("projects", "p1")
    return knock


@rule("c/users", "a deletion takes its messages along, within ten minutes")
@pytest.mark.parametrize("recipient", ["ana", P1])
def test_messages_of_a_deleted_recipient_are_deleted_after_ten_minutes(
    knock: Any, sim: Simulator, recipient: Any
) -> None:
    knock.workflows.trigger("now", recipients=[recipient, "ben"])
    (message,) = sim.messages(to=recipient)
    if recipient == P1:
        knock.objects.delete("projects", "p1")
    else:
        knock.users.delete("ana")
    sim.advance(minutes=9, seconds=59)
    assert knock.messages.get(message.id).id == message.id
    sim.advance(seconds=1)
    with pytest.raises(NotFoundError):
        knock.messages.get(message.id)
    assert [each.recipient for each in knock.messages.list().items] == ["ben"]


def test_a_recreated_recipient_keeps_the_messages_sent_since(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("now", recipients=["ana"], data={"n": 1})
    knock.users.delete("ana")
    knock.workflows.trigger("now", recipients=[{"id": "ana"}], data={"n": 2})
    sim.advance(hours=1)
    assert [message.data for message in knock.users.list_messages("ana").items] == [{"n": 2}]


def test_paused_runs_of_a_deleted_recipient_send_nothing(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("later", recipients=["ana", "ben"])
    knock.users.delete("ana")
    sim.advance(hours=2)
    assert [message.recipient for message in sim.messages()] == ["ben"]
    assert [(skip.to, skip.reason) for skip in sim.skips()] == [("ana", "not_identified")]


def test_deleting_a_recipient_deletes_its_schedules_and_memberships(knock: Any, sim: Simulator) -> None:
    daily = [{"frequency": "daily", "hours": 12}]
    knock.schedules.create(workflow="now", recipients=["ana", "ben", P1], repeats=daily)
    knock.audiences.add_members(
        "beta", members=[{"user": {"id": "ana"}}, {"user": {"id": "ben"}}], create_audience=True
    )
    knock.users.delete("ana")
    knock.objects.delete("projects", "p1")
    sim.advance(hours=24)
    assert [message.recipient for message in sim.messages()] == ["ben"]
    assert len(knock.schedules.list(workflow="now").items) == 1
    assert [member.user_id for member in knock.audiences.list_members("beta").entries] == ["ben"]


@rule("managing-recipients/merging-users", "activities of the last 30 days move too")
def test_merging_users_replaces_the_actor_of_recent_activities(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("now", recipients=["ben"], actor="ana", data={"n": 1})
    sim.advance(hours=31 * 24)
    knock.workflows.trigger("now", recipients=["ben"], actor="ana", data={"n": 2})
    knock.workflows.trigger("now", recipients=["ana"], data={"n": 3})
    knock.users.merge("ben", from_user_id="ana")
    found = {}
    for message in knock.users.list_messages("ben").items:
        (activity,) = knock.messages.list_activities(message.id).items
        found[activity.data["n"]] = (activity.actor and activity.actor.id, activity.recipient.id)
    assert found == {1: ("ana", "ben"), 2: ("ben", "ben"), 3: (None, "ben")}


def test_a_paused_run_of_a_merged_user_ends(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("later", recipients=["ana", "ben"])
    knock.users.merge("ben", from_user_id="ana")
    sim.advance(hours=2)
    assert [message.recipient for message in sim.messages()] == ["ben"]
    assert [(skip.to, skip.reason) for skip in sim.skips()] == [("ana", "not_identified")]


def test_merging_users_does_not_transfer_schedules_and_memberships(knock: Any) -> None:
    knock.schedules.create(workflow="now", recipients=["ana"], repeats=[{"frequency": "daily"}])
    knock.audiences.add_members("beta", members=[{"user": {"id": "ana"}}], create_audience=True)
    knock.users.merge("ben", from_user_id="ana")
    assert knock.schedules.list(workflow="now").items == []
    assert knock.audiences.list_members("beta").entries == []
