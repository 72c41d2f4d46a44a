"""Rules of waits for events, and of the guides that workflows show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Delay, Guide, Send, UpdateAudience, Wait

from .scenes import DAY, HOUR, events, refs, status, subjects, trigger, where
from .table import rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from knock_sdk.testing import Simulator

WAIT = "dw/wait-for-event-function"
PAID = {"event_type": "integration_source", "integration_source_key": "shop", "event_key": "paid"}
MATCHED = {
    "subject": "{{ refs.wait_for_event_1.matched }} {{ refs.wait_for_event_1.signal_variables.data.n }}",
    "body": "x",
}


def seen(**more: Any) -> dict[str, str]:
    return {"event_type": "message", "source_type": "workflow", "source_key": "w", "event_key": "seen", **more}


@rule(WAIT, "the run goes on when the event happens, and reads its payload")
def test_a_run_goes_on_with_the_event(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Wait(PAID, DAY), Send("email", MATCHED)])
    trigger(knock)
    assert (status(knock), refs(sim)) == ("paused", [])
    sim.event("paid", source="shop", user="ana", data={"n": 3})
    assert subjects(knock, sim) == ["true 3"]
    assert status(knock) == "completed"


@rule(WAIT, "when the time is over, the run halts or goes on, with an empty payload")
@pytest.mark.parametrize(
    ("on_timeout", "sent", "last"), [("halt", [], "cancelled"), ("continue", ["false "], "completed")]
)
def test_a_wait_can_time_out(knock: Any, sim: Simulator, on_timeout: Any, sent: list[str], last: str) -> None:
    sim.workflow("w", steps=[Wait(PAID, HOUR, on_timeout=on_timeout), Send("email", MATCHED)])
    trigger(knock)
    sim.advance(minutes=59)
    assert status(knock) == "paused"
    sim.advance(minutes=1)
    assert (subjects(knock, sim), status(knock)) == (sent, last)


@rule(WAIT, "`on_match: halt` cancels the run when the event happens")
def test_a_match_can_halt(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Wait(PAID, DAY, on_match="halt", on_timeout="continue"), Send("email")])
    trigger(knock)
    sim.event("paid", source="shop", user="ana")
    sim.advance(2 * DAY)
    assert (refs(sim), status(knock)) == ([], "cancelled")
    assert [(skip.reason, skip.detail) for skip in sim.skips()] == [("halted", "wait_for_event_1: on_match")]


@rule(WAIT, "an event is for the run's recipient; one of a source without a user may match any")
@pytest.mark.parametrize(("user", "sent"), [("ana", ["ana"]), ("dora", []), (None, ["ana", "ben"])])
def test_an_event_is_for_a_recipient(knock: Any, sim: Simulator, user: str | None, sent: list[str]) -> None:
    sim.workflow("w", steps=[Wait(PAID, DAY), Send("email")])
    knock.workflows.trigger("w", recipients=["ana", "ben"])
    sim.event("paid", source="shop", user=user)
    assert [message.recipient for message in sim.messages()] == sent


@rule(WAIT, "the first event that passes is taken; others, and those outside of the time, are ignored")
def test_the_first_event_is_taken(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Wait(PAID, DAY), Send("email", MATCHED), Delay(HOUR), Send("sms")])
    sim.event("paid", source="shop", user="ana", data={"n": 0})
    trigger(knock)
    for number in (1, 2):
        sim.event("paid", source="shop", user="ana", data={"n": number})
    assert subjects(knock, sim) == ["true 1"]
    sim.advance(HOUR)
    sim.event("paid", source="shop", user="ana")
    assert refs(sim) == ["email_1", "sms_1"]


@rule(WAIT, "an event that its conditions reject is recorded as `wait_conditions_evaluated`, and the wait goes on")
def test_a_rejected_event_is_recorded(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Wait(PAID, DAY, where("event.data.n", 2)), Send("email", MATCHED)])
    trigger(knock)
    sim.event("paid", source="shop", user="ana", data={"n": 1})
    assert events(knock)[-1] == ("wait_conditions_evaluated", "wait_for_event_1")
    assert status(knock) == "paused"
    sim.event("paid", source="shop", user="ana", data={"n": 2})
    assert subjects(knock, sim) == ["true 2"]


def test_another_event_of_the_source_is_ignored(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Wait(PAID, DAY), Send("email")])
    trigger(knock)
    sim.event("paid", source="other", user="ana")
    sim.event("refunded", source="shop", user="ana")
    assert status(knock) == "paused"
    assert ("wait_conditions_evaluated", "wait_for_event_1") not in events(knock)


@rule(WAIT, "an event of a message is one of its statuses, with its step in `event.step_ref`")
@pytest.mark.parametrize(("ref", "sent"), [("in_app_feed_1", ["in_app_feed_1", "email_1"]), ("x", ["in_app_feed_1"])])
def test_a_message_is_an_event(knock: Any, sim: Simulator, ref: str, sent: list[str]) -> None:
    wait = Wait(seen(), DAY, where("event.step_ref", ref))
    sim.workflow("w", steps=[Send("in_app_feed"), wait, Send("email")])
    trigger(knock)
    knock.messages.mark_as_read(sim.messages()[0].id)
    assert status(knock) == "paused"
    knock.messages.mark_as_seen(sim.messages()[0].id)
    assert refs(sim) == sent


@rule(WAIT, "deliveries are events too, when their time comes")
def test_a_delivery_is_an_event(knock: Any, sim: Simulator) -> None:
    wait = Wait(seen(event_key="delivered"), DAY, where("event.channel_type", "email"))
    sim.workflow("w", steps=[Send("email"), wait, Send("sms")])
    trigger(knock)
    assert refs(sim) == ["email_1"]
    sim.advance(seconds=10)
    assert refs(sim) == ["email_1", "sms_1"]


@rule(WAIT, "the start and the end of a workflow for the recipient are events")
@pytest.mark.parametrize("key", ["started", "completed"])
def test_a_workflow_is_an_event(knock: Any, sim: Simulator, key: str) -> None:
    event = {"event_type": "workflow", "source_key": "other", "event_key": key}
    sim.workflow("other", channels=["sms"])
    sim.workflow("w", steps=[Wait(event, DAY, where("event.notify_data.n", 1)), Send("email")])
    trigger(knock)
    knock.workflows.trigger("other", recipients=["ben"], data={"n": 1})
    assert status(knock) == "paused"
    knock.workflows.trigger("other", recipients=["ana"], data={"n": 1})
    assert refs(sim, channel="email") == ["email_1"]


def test_a_click_that_ends_a_wait_settles_what_follows(knock: Any, sim: Simulator) -> None:
    sim.audience("fans", workflows=["welcome"])
    sim.workflow("welcome", channels=["sms"])
    click = Wait(seen(event_key="link_clicked"), DAY, where("event.channel_type", "email"))
    sim.workflow("w", steps=[Send("email"), click, UpdateAudience("fans", "add")])
    trigger(knock)
    sim.click(sim.messages()[0], "https://x.example")
    assert refs(sim, channel="sms") == ["sms_1"]


def join(knock: Any) -> None:
    knock.audiences.add_members("vip", members=[{"user": {"id": "ana"}}])


def leave(knock: Any) -> None:
    knock.audiences.remove_members("vip", members=[{"user": {"id": "ana"}}])


@rule(WAIT, "entering and leaving an audience are events")
@pytest.mark.parametrize(("key", "act", "other"), [("enter", join, leave), ("exit", leave, join)])
def test_an_audience_is_an_event(
    knock: Any, sim: Simulator, key: str, act: Callable[[Any], None], other: Callable[[Any], None]
) -> None:
    sim.audience("vip")
    if key == "exit":
        join(knock)
    event = {"event_type": "audience", "audience_key": "vip", "event_key": key}
    sim.workflow("w", steps=[Wait(event, DAY), Send("email")])
    trigger(knock)
    other(knock)
    assert status(knock) == "paused"
    act(knock)
    assert refs(sim) == ["email_1"]


@rule(WAIT, "a change of the recipient is an event: of properties, preferences or channel data")
@pytest.mark.parametrize("what", ["properties", "preferences", "channel_data"])
def test_an_update_is_an_event(knock: Any, sim: Simulator, what: str) -> None:
    sim.workflow("w", steps=[Wait({"event_type": "recipient", "event_key": "updated"}, DAY), Send("email")])
    trigger(knock)
    knock.users.update("ben", name="B")
    assert status(knock) == "paused"
    if what == "properties":
        knock.users.update("ana", name="A")
    elif what == "preferences":
        knock.users.set_preferences("ana", "default", channel_types={"sms": False})
    else:
        push = sim.channel("apns", type="push", provider="push_apns")
        knock.users.set_channel_data("ana", push.id, data={"tokens": ["t"]})
    assert refs(sim) == ["email_1"]


def set_in_bulk(knock: Any, sim: Simulator) -> None:
    knock.users.bulk.set_preferences(user_ids=["ana"], preferences={"channel_types": {"push": False}})
    sim.advance(minutes=5)


def unset_channel_data(knock: Any, sim: Simulator) -> None:
    knock.users.unset_channel_data("ana", sim.channel("apns", type="push", provider="push_apns").id)


def unsubscribe(knock: Any, sim: Simulator) -> None:
    [message] = sim.messages(workflow="news")
    sim.click(message, str(knock.messages.get_content(message.id).data.text_body))


def merge(knock: Any, _: Simulator) -> None:
    knock.users.merge("ana", from_user_id="ben")


@rule(WAIT, "a change of the recipient is an event, by whatever it is changed")
@pytest.mark.parametrize("act", [set_in_bulk, unset_channel_data, unsubscribe, merge])
def test_each_way_to_change_a_recipient_is_an_event(
    knock: Any, sim: Simulator, act: Callable[[Any, Simulator], None]
) -> None:
    push = sim.channel("apns", type="push", provider="push_apns")
    knock.users.set_channel_data("ana", push.id, data={"tokens": ["t"]})
    knock.users.update("ben", name="B")
    link = {"text_body": "{{ vars.commercial_unsubscribe_url }}"}
    sim.workflow("news", channels=["email"], commercial=True, templates={"email": link})
    knock.workflows.trigger("news", recipients=["ana"])
    sim.workflow("w", steps=[Wait({"event_type": "recipient", "event_key": "updated"}, DAY), Send("sms")])
    trigger(knock)
    act(knock, sim)
    assert refs(sim, workflow="w") == ["sms_1"]


@rule(WAIT, "a wait takes at most 30 days, and messages and workflows need a condition")
@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Wait(PAID, 31 * DAY), "timeout: takes at most 30 days"),
        (Wait(PAID, 0 * DAY), "timeout: takes more than 0"),
        (Wait(seen(), DAY), "matching: an event of type message needs a condition"),
        (Wait({"event_type": "mesage"}, DAY), "event_type 'mesage' is not one of .*did you mean 'message'"),
        (Wait({"event_type": "audience", "event_key": "enter"}, DAY), "event: audience_key is missing"),
        (Wait({**PAID, "user": "x"}, DAY), "event: unknown field 'user'"),
        (
            Wait(seen(event_key="archved"), DAY, where("event.x", 1)),
            "event_key: 'archved' is not one of .*did you mean 'archived'",
        ),
    ],
)
def test_waits_are_checked(sim: Simulator, step: Wait, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.workflow("w", steps=[step])


@rule("sn/canceling-workflows", "a run that waits for an event can be cancelled")
def test_a_wait_can_be_cancelled(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Wait(PAID, DAY, on_timeout="continue"), Send("email")])
    trigger(knock, cancellation_key="k")
    knock.workflows.cancel("w", cancellation_key="k")
    sim.event("paid", source="shop", user="ana")
    sim.advance(2 * DAY)
    assert (refs(sim), status(knock)) == ([], "cancelled")


@rule(WAIT, "a run that waits keeps the version with which it began")
def test_a_wait_keeps_its_version(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Wait(PAID, DAY), Send("email")])
    trigger(knock)
    sim.workflow("w", channels=["sms"])
    sim.event("paid", source="shop", user="ana")
    assert refs(sim) == ["email_1"]


def test_the_end_of_an_earlier_wait_does_not_end_a_later_one(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Wait(PAID, HOUR), Wait(PAID, DAY, on_timeout="continue"), Send("email")])
    trigger(knock)
    sim.event("paid", source="shop", user="ana")
    sim.advance(2 * HOUR)
    assert status(knock) == "paused"
    sim.advance(DAY)
    assert refs(sim) == ["email_1"]


def reasons(knock: Any, sim: Simulator, user: str, **options: Any) -> dict[str, str]:
    response = knock.users.guides.get_channel(user, sim.channel("in_app_guide").id, **options)
    return {each.key: each.reason for each in response.ineligible_guides}


@rule("mapi/WorkflowInAppGuideStep", "the step lets the recipient see the guide; others do not see it")
def test_a_step_shows_a_guide(knock: Any, sim: Simulator) -> None:
    sim.guide("tour", content={})
    sim.workflow("w", steps=[Guide("tour"), Send("email")])
    assert reasons(knock, sim, "ana") == {"tour": "not_in_target_audience"}
    trigger(knock)
    assert reasons(knock, sim, "ana") == {}
    assert reasons(knock, sim, "ben") == {"tour": "not_in_target_audience"}
    assert refs(sim) == ["email_1"]


@rule("g/create-guides", "a member of the audience sees a guide with any tenant; a strict one, with its own alone")
@pytest.mark.parametrize(
    ("member_of", "asked_with", "strictly"),
    [
        ("acme", "acme", True),
        ("acme", "globex", False),
        ("acme", None, False),
        (None, None, True),
        (None, "acme", False),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_tenants_of_a_guides_audience(
    knock: Any, sim: Simulator, *, strict: bool, member_of: str | None, asked_with: str | None, strictly: bool
) -> None:
    sim.audience("vip")
    sim.guide("tour", content={}, audience="vip", strict_tenancy=strict)
    for tenant in ("acme", "globex"):
        knock.tenants.set(tenant)
    member: dict[str, Any] = {"user": {"id": "ana"}}
    knock.audiences.add_members("vip", members=[member if member_of is None else {**member, "tenant": member_of}])
    options = {} if asked_with is None else {"tenant": asked_with}
    assert (reasons(knock, sim, "ana", **options) == {}) == (strictly or not strict)
