"""Rules of audiences that Knock computes, and of the step that changes the others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import UnprocessableEntityError
from knock_sdk.testing import AudienceSegment, Delay, Send, UpdateAudience, UpdateUser, Wait

from .scenes import DAY, HOUR, events, refs, trigger
from .table import rule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from knock_sdk.testing import Simulator

AUDIENCES = "c/audiences"
STEP = "dw/update-audience-function"
MEMBER = [{"variable": "recipient", "operator": "is_audience_member", "argument": "paris"}]


def segment(**properties: object) -> AudienceSegment:
    """Return a segment of users whose properties equal the given ones."""
    return {
        "conditions": [
            {"property": name.replace("__", "."), "operator": "equal_to", "argument": value}
            for name, value in properties.items()
        ]
    }


def members(knock: Any, key: str = "paris") -> list[str]:
    """Return the ids of the members of an audience."""
    return [member.user_id for member in knock.audiences.list_members(key).entries]


@rule(AUDIENCES, "all conditions of a segment must hold, and one of the segments")
@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"city": "Paris", "plan": "pro"}, True),
        ({"city": "Paris", "plan": "free"}, False),
        ({"city": "Lyon", "plan": "pro"}, False),
        ({"address": {"country": "FR"}}, True),
        ({"address": "FR"}, False),
        ({}, False),
    ],
)
def test_segments(knock: Any, sim: Simulator, properties: dict[str, Any], expected: bool) -> None:
    sim.audience("paris", segments=[segment(city="Paris", plan="pro"), segment(address__country="FR")])
    knock.users.update("dora", properties=properties)
    assert members(knock) == (["dora"] if expected else [])


def test_segments_may_be_tuples(knock: Any, sim: Simulator) -> None:
    one = {"conditions": tuple(segment(city="Paris")["conditions"])}
    sim.audience("paris", segments=(one,))
    knock.users.update("dora", properties={"city": "Paris"})
    assert members(knock) == ["dora"]


CHANGES: list[tuple[str, Callable[[Any], object]]] = [
    ("update", lambda knock: knock.users.update("ana", properties={"city": "Paris"})),
    ("inline", lambda knock: trigger(knock, "other", recipients=[{"id": "ana", "city": "Paris"}])),
    ("bulk", lambda knock: knock.users.bulk.identify(users=[{"id": "ana", "city": "Paris"}])),
    ("merge", lambda knock: knock.users.merge("ana", from_user_id="eve")),
]


@rule(AUDIENCES, "members are found anew when a user is changed, in whatever way")
@pytest.mark.parametrize("change", [change for _, change in CHANGES], ids=[name for name, _ in CHANGES])
def test_members_follow_the_properties(knock: Any, sim: Simulator, change: Callable[[Any], object]) -> None:
    knock.users.update("eve", properties={"city": "Paris"})
    sim.workflow("other")
    sim.audience("paris", segments=[segment(city="Paris")])
    assert members(knock) == ["eve"]  # who fits when it is declared
    change(knock)
    sim.advance(HOUR)
    assert "ana" in members(knock)
    knock.users.update("ana", properties={"city": "Lyon"})
    assert "ana" not in members(knock)
    knock.users.delete("ana")
    assert "ana" not in members(knock)


@rule(AUDIENCES, "each user who enters a dynamic audience triggers its workflows, again after having left it")
def test_an_entry_triggers(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"])
    knock.users.update("ben", properties={"city": "Paris"})
    sim.audience("paris", workflows=["w"], segments=[segment(city="Paris")])
    assert sim.messages() == []
    for city in ("Paris", "Paris", "Lyon", "Paris"):
        knock.users.update("ana", properties={"city": city})
    assert [message.recipient for message in sim.messages()] == ["ana", "ana"]
    (run, _) = knock.workflow_recipient_runs.list(workflow="w").items
    assert (run.trigger_source.type, run.trigger_source.audience_key) == ("audience", "paris")


@rule(AUDIENCES, "conditions and runs that wait see the entry and the exit of a dynamic audience")
def test_conditions_and_waits(knock: Any, sim: Simulator) -> None:
    sim.audience("paris", segments=[segment(city="Paris")])
    leave = {"event_type": "audience", "audience_key": "paris", "event_key": "exit"}
    sim.workflow(
        "w",
        steps=[
            Send("sms", conditions=MEMBER),
            UpdateUser({"city": "Paris"}),
            Send("email", conditions=MEMBER),
            Wait(leave, DAY, on_match="continue"),
            Send("in_app_feed"),
        ],
    )
    trigger(knock)
    assert refs(sim) == ["email_1"]  # the step before it let Ana enter
    knock.users.update("ana", properties={"city": "Lyon"})
    assert refs(sim) == ["email_1", "in_app_feed_1"]


@rule(AUDIENCES, "segments read properties of users, and not the times that Knock sets")
@pytest.mark.parametrize(
    ("segments", "problem"),
    [
        ([], "audience paris: segments: takes one segment at least"),
        ("city", "audience paris: segments: takes a list"),
        ([{}], r"audience paris: segments\.0: must be an object with `conditions`, a list"),
        ([{"conditions": []}], r"audience paris: segments\.0\.conditions: takes one condition at least"),
        ([{"conditions": [], "name": "x"}], "has no field 'name'"),
        (
            [segment(city="x"), segment(created_at="x")],
            r"segments\.1\.conditions\.0: `property` 'created_at' cannot be",
        ),
        ([{"conditions": [{"variable": "city"}]}], "has no field 'variable'"),
        ([{"conditions": [{"operator": "exists"}]}], "`property` is missing"),
        ([{"conditions": [{"property": "city", "operator": "is"}]}], r"segments\.0\.conditions\.0: `operator` is not"),
        ([{"conditions": ["city"]}], "must be an object with `property`, `operator` and `argument`"),
    ],
)
def test_segments_are_checked(knock: Any, sim: Simulator, segments: Any, problem: str) -> None:
    with pytest.raises((TypeError, ValueError), match=problem):
        sim.audience("paris", segments=segments)
    assert knock.audiences.add_members("paris", members=[{"user": {"id": "ana"}}], create_audience=True) is None


def test_a_static_audience_that_becomes_dynamic_keeps_none_of_its_members(knock: Any, sim: Simulator) -> None:
    sim.audience("paris")
    given: Any = [{"user": {"id": "ana"}, "tenant": "acme"}, {"user": {"id": "ana"}}, {"user": {"id": "ben"}}]
    knock.audiences.add_members("paris", members=given)
    knock.users.update("ben", properties={"city": "Paris"})
    sim.audience("paris", segments=[segment(city="Paris")])
    assert [(each.user_id, each.tenant) for each in knock.audiences.list_members("paris").entries] == [("ben", None)]
    sim.audience("paris", segments=[segment(city="Paris"), segment(city="Lyon")])
    assert members(knock) == ["ben"]


def test_members_of_a_dynamic_audience_cannot_be_set(knock: Any, sim: Simulator) -> None:
    """What the API answers is not documented."""
    sim.audience("paris", segments=[segment(city="Paris")])
    given = [{"user": {"id": "ana", "name": "Changed"}}]
    for change in (
        lambda: knock.audiences.add_members("paris", members=given),
        lambda: knock.audiences.add_members("paris", members=given, create_audience=True),
        lambda: knock.audiences.remove_members("paris", members=given),
    ):
        with pytest.raises(UnprocessableEntityError, match="names the dynamic audience 'paris'"):
            change()
    assert knock.users.get("ana").name == "Ana"


@rule("cli/audience_json", "files have the type of an audience and its segments")
def test_files_of_audiences(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    for key, content in {
        "paris": {"name": "Paris", "type": "dynamic", "segments": [segment(city="Paris")]},
        "beta": {"name": "Beta", "type": "static", "description": None},
    }.items():
        folder = tmp_path / "audiences" / key
        folder.mkdir(parents=True)
        (folder / "audience.json").write_text(json.dumps(content))
    knock.users.update("ana", properties={"city": "Paris"})
    assert sim.load_content(tmp_path) == ["audiences/beta", "audiences/paris"]
    assert (members(knock), members(knock, "beta")) == (["ana"], [])
    (tmp_path / "audiences/beta/audience.json").write_text('{"type": "dynmic"}')
    with pytest.raises(ValueError, match=r"audience\.json: type: 'dynmic' is not one of static, dynamic; did you mean"):
        sim.load_content(tmp_path)


@rule(
    STEP, "the recipient enters or leaves a static audience, which later steps see; nothing happens if it is so already"
)
def test_a_step_changes_an_audience(knock: Any, sim: Simulator) -> None:
    sim.audience("paris", workflows=["welcome"])
    sim.workflow("welcome", channels=["sms"])
    sim.workflow(
        "w",
        steps=[
            Send("push", conditions=MEMBER),
            UpdateAudience("paris"),
            UpdateAudience("paris", ref="again"),
            Send("email", conditions=MEMBER),
            Delay(HOUR),
            UpdateAudience("paris", "remove"),
            UpdateAudience("paris", "remove", ref="removed"),
            Send("in_app_feed", conditions=MEMBER),
        ],
    )
    trigger(knock, tenant="acme")
    assert refs(sim) == ["email_1", "sms_1"]
    (member,) = knock.audiences.list_members("paris").entries
    assert (member.user_id, member.tenant) == ("ana", "acme")
    sim.advance(HOUR)
    assert refs(sim) == ["email_1", "sms_1"]
    assert members(knock) == []
    assert ("step.executed", "again") in events(knock)


@rule(STEP, "a step cannot add to the audience that triggers its workflow")
def test_a_step_cannot_add_to_its_own_audience(sim: Simulator) -> None:
    problem = r"workflow w, step update_audience_1: the audience 'paris' triggers the workflow"
    sim.workflow("w", steps=[UpdateAudience("paris")])
    with pytest.raises(ValueError, match=problem):
        sim.audience("paris", workflows=["w"])
    sim.workflow("w", steps=[UpdateAudience("paris", "remove")])
    sim.audience("paris", workflows=["w"])
    with pytest.raises(ValueError, match=problem):
        sim.workflow("w", steps=[UpdateAudience("paris")])


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (UpdateAudience("Paris"), "no audience 'Paris' is declared: call sim.audience('Paris'); did you mean 'paris'"),
        (UpdateAudience("computed"), "names the dynamic audience 'computed'"),
    ],
)
def test_a_step_without_an_audience_fails(knock: Any, sim: Simulator, step: UpdateAudience, problem: str) -> None:
    sim.audience("paris")
    sim.audience("computed", segments=[segment(city="Paris")])
    sim.workflow("w", steps=[step, Send("email")])
    trigger(knock)
    (skip,) = sim.skips()
    assert skip.reason == "error"
    assert problem in skip.detail


def test_an_object_is_no_member(knock: Any, sim: Simulator) -> None:
    sim.audience("paris", segments=[segment(city="Paris")])
    sim.audience("beta")
    knock.objects.set("projects", "p1", properties={"city": "Paris"})
    assert members(knock) == []
    sim.workflow("w", steps=[UpdateAudience("beta")])
    trigger(knock, recipients=[{"collection": "projects", "id": "p1"}])
    assert [skip.detail for skip in sim.skips()] == ["update_audience_1: audiences have users as members, not objects"]


def test_audiences_that_trigger_one_another_end(knock: Any, sim: Simulator) -> None:
    """What the API does is not documented; nothing may go on for ever."""
    for city, other in (("Paris", "Lyon"), ("Lyon", "Paris")):
        sim.workflow(f"in-{city.lower()}", steps=[Send("in_app_feed"), UpdateUser({"city": other})])
        sim.audience(city.lower(), workflows=[f"in-{city.lower()}"], segments=[segment(city=city)])
    knock.users.update("ana", properties={"city": "Paris"})
    assert len(sim.messages()) == 10
    (skip,) = sim.skips()
    assert "end at a depth of 10" in skip.detail
