"""Rules of channel steps, send windows and channel groups."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Arm, Branch, ChannelRule, Send, SendWindow

from .scenes import HOUR, refs, trigger, where
from .table import rule

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator

STEP = "dw/channel-step"
WINDOWS = "dw/send-windows"
GROUP = "mapi/ChannelGroup"
WORKDAYS = [SendWindow(day, "10:00", "18:00") for day in ("monday", "tuesday", "wednesday", "thursday", "friday")]


@rule(STEP, "the step's conditions come first, then the recipient's data, then the preferences")
@pytest.mark.parametrize(
    ("go", "address", "allowed", "reason"),
    [
        (False, False, False, "conditions"),
        (True, False, False, "no_address"),
        (True, True, False, "preferences"),
        (True, True, True, None),
    ],
)
def test_the_order_of_the_checks(
    knock: Any, sim: Simulator, *, go: bool, address: bool, allowed: bool, reason: str | None
) -> None:
    sim.workflow("w", steps=[Send("email", conditions=where("data.go", value=True)), Send("in_app_feed")])
    knock.users.update("dora", **({"email": "d@x.example"} if address else {}))
    knock.users.set_preferences("dora", "default", channel_types={"email": allowed})
    knock.workflows.trigger("w", recipients=["dora"], data={"go": go})
    assert [skip.reason for skip in sim.skips()] == ([] if reason is None else [reason])
    assert refs(sim)[-1] == "in_app_feed_1"


@rule("int/overview", "email needs an address, SMS a number, push and chat channel data; in-app and webhooks nothing")
@pytest.mark.parametrize(
    ("channel", "missing"),
    [
        ("email", "email"),
        ("sms", "phone_number"),
        ("push", "channel_data"),
        ("chat", "channel_data"),
        ("in_app_feed", None),
        ("http", None),
    ],
)
def test_what_channels_need(knock: Any, sim: Simulator, channel: str, missing: str | None) -> None:
    sim.workflow("w", channels=[channel])
    knock.workflows.trigger("w", recipients=[{"id": "dora"}])
    assert [skip.detail for skip in sim.skips()] == ([] if missing is None else [missing])


@rule("sn/triggering-workflows/api", "in sandbox mode, messages are made and not sent")
def test_sandbox_mode(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email", "in_app_feed"])
    trigger(knock, settings={"sandbox_mode": True})
    sim.advance(HOUR)
    assert [message.status for message in sim.messages()] == ["not_sent", "not_sent"]


@rule("sn/debugging-workflows", "a step that fails is tried three times, halts its run, and does not stop other runs")
def test_a_failed_step_halts_its_run_alone(knock: Any, sim: Simulator) -> None:
    template = {"subject": "{{ 1 | divided_by: recipient.share }}", "body": "x"}
    sim.workflow("w", steps=[Send("email", template), Send("in_app_feed")])
    knock.users.update("ana", properties={"share": 0})
    knock.users.update("ben", properties={"share": 1})
    knock.workflows.trigger("w", recipients=["ana", "ben"])
    assert (refs(sim, to="ana"), refs(sim, to="ben")) == ([], ["email_1", "in_app_feed_1"])
    runs = {run.recipient: run for run in knock.workflow_recipient_runs.list().items}
    assert [(runs[name].status, runs[name].error_count) for name in ("ana", "ben")] == [
        ("completed", 3),
        ("completed", 0),
    ]


@rule(WINDOWS, "a message outside of the windows is made, stays queued until the next one, and the run goes on")
def test_a_message_waits_for_its_window(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Send("email", windows=WORKDAYS), Send("sms")])  # it is Monday, 9:00 in UTC
    trigger(knock)
    assert refs(sim) == ["email_1", "sms_1"]
    (message,) = sim.messages(channel="email")
    assert (message.status, message.scheduled_at) == ("queued", datetime.fromisoformat("2026-01-05T10:00:00+00:00"))
    sim.advance(minutes=59)
    assert sim.messages(channel="email")[0].status == "queued"
    sim.advance(minutes=2)
    (message,) = sim.messages(channel="email")
    assert (message.status, message.scheduled_at) == ("delivered", None)
    types = [event.type for event in knock.messages.list_events(message.id).items]
    assert sorted(types) == ["message.created", "message.delivered", "message.queued", "message.sent"]


@rule(WINDOWS, "inside of a window, messages are sent at once; without one on the day, on the next day that has one")
@pytest.mark.parametrize(
    ("after", "opens"),
    [
        (timedelta(hours=1), None),
        (timedelta(hours=8, minutes=59), None),
        (timedelta(hours=9), "2026-01-06T10:00:00+00:00"),
        (timedelta(days=4, hours=9), "2026-01-12T10:00:00+00:00"),
        (timedelta(days=5, hours=3), "2026-01-12T10:00:00+00:00"),
    ],
)
def test_the_next_window(knock: Any, sim: Simulator, after: timedelta, opens: str | None) -> None:
    sim.advance(after)
    sim.workflow("w", steps=[Send("email", windows=WORKDAYS)])
    trigger(knock)
    (message,) = sim.messages()
    assert message.scheduled_at == (None if opens is None else datetime.fromisoformat(opens))


@rule(WINDOWS, "windows are in the recipient's time zone, else in the account's")
@pytest.mark.parametrize(
    ("own", "account", "opens"),
    [
        ("America/New_York", "Etc/UTC", "2026-01-05T15:00:00+00:00"),
        (None, "America/New_York", "2026-01-05T15:00:00+00:00"),
        ("Asia/Tokyo", "America/New_York", "2026-01-06T01:00:00+00:00"),
    ],
)
def test_the_zone_of_windows(knock: Any, sim: Simulator, own: str | None, account: str, opens: str) -> None:
    sim.account_timezone = account
    if own is not None:
        knock.users.update("ana", timezone=own)
    sim.workflow("w", steps=[Send("email", windows=WORKDAYS)])
    trigger(knock)
    assert sim.messages()[0].scheduled_at == datetime.fromisoformat(opens)


def test_a_feed_shows_a_message_once_its_window_opens(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Send("in_app_feed", windows=WORKDAYS)])
    trigger(knock)
    feed = sim.channel("in_app_feed").id
    assert knock.users.feeds.list_items("ana", feed).items == []
    sim.advance(HOUR)
    assert len(knock.users.feeds.list_items("ana", feed).items) == 1


@rule("mapi/SendWindow", "a window has a day, and a start and an end; a day with `do_not_send` has none")
def test_windows_of_files(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    listed: list[dict[str, Any]] = [{"day": "monday", "type": "do_not_send"}, {"day": "tuesday", "type": "send"}]
    step = {"type": "channel", "ref": "e", "channel_key": "email", "send_windows": listed}
    file = tmp_path / "workflow.json"
    file.write_text(json.dumps({"name": "w", "key": "w", "steps": [step]}))
    sim.load_workflows(file)
    trigger(knock)
    assert sim.messages()[0].scheduled_at == datetime.fromisoformat("2026-01-06T00:00:00+00:00")
    for change, message in (
        ({"day": "mnday"}, "'mnday' is no day of the week; did you mean 'monday'"),
        ({"type": "sned"}, "type: 'sned' is not one of send, do_not_send; did you mean 'send'"),
        ({"form": "10:00:00"}, "send_windows has no field 'form'; did you mean 'from'"),
        ({"from": "25:00:00"}, "'25:00:00' is not a time"),
        ({"from": "18:00:00", "until": "08:00:00"}, "closes before it opens"),
    ):
        windows = [{"day": "tuesday", "type": "send", **change}]
        file.write_text(json.dumps({"name": "w", "steps": [{**step, "send_windows": windows}]}))
        with pytest.raises(ValueError, match=message):
            sim.load_workflows(file)


def declare_push(knock: Any, sim: Simulator) -> None:
    """Declare two push channels, with channel data of Ana for each."""
    for key in ("apns", "fcm"):
        channel = sim.channel(key, type="push", provider=f"push_{key}")
        knock.users.set_channel_data("ana", channel.id, data={"tokens": [key]})


IOS = {"variable": "data.device", "operator": "equal_to", "argument": "ios"}


@rule(GROUP, "`any` takes the first rule that matches, `all` every one; rules are `always`, `if` or `unless`")
@pytest.mark.parametrize(
    ("operator", "device", "channels"),
    [
        ("any", "ios", ["apns"]),
        ("any", "android", ["fcm"]),
        ("all", "ios", ["apns", "fcm"]),
        ("all", "android", ["fcm"]),
    ],
)
def test_rules_choose_channels(knock: Any, sim: Simulator, operator: Any, device: str, channels: list[str]) -> None:
    declare_push(knock, sim)
    sim.channel_group("mobile", [ChannelRule("apns", "if", IOS), "fcm"], operator=operator)
    sim.workflow("w", steps=[Send("mobile", {"title": "Hi", "text_body": "x"})])
    trigger(knock, data={"device": device})
    assert [message.channel.key for message in sim.messages()] == channels
    assert set(refs(sim)) == {"push_1"}


@rule(GROUP, "`unless` takes its channel where the condition does not hold; without any, the step is skipped")
@pytest.mark.parametrize(("device", "channels"), [("ios", []), ("android", ["fcm"])])
def test_a_group_can_choose_no_channel(knock: Any, sim: Simulator, device: str, channels: list[str]) -> None:
    declare_push(knock, sim)
    sim.channel_group("mobile", [ChannelRule("fcm", "unless", IOS)])
    sim.workflow("w", steps=[Send("mobile"), Send("email")])
    trigger(knock, data={"device": device})
    assert [message.channel.key for message in sim.messages(channel="push")] == channels
    assert refs(sim)[-1] == "email_1"
    assert [(skip.channel, skip.reason) for skip in sim.skips()] == ([] if channels else [("fcm", "conditions")])


@rule("dw/step-conditions", "of several messages of a step, the one with the highest status counts")
def test_the_highest_status_counts(knock: Any, sim: Simulator) -> None:
    declare_push(knock, sim)
    sim.channel_group("mobile", ["apns", "fcm"], operator="all")
    unseen = [{"variable": "refs.push_1.status", "operator": "less_than", "argument": "$message.seen"}]
    seen = [{"variable": "refs.push_1.status", "operator": "greater_than_or_equal_to", "argument": "$message.seen"}]
    branch = Branch([Arm([Send("sms")], seen), Arm([Send("email")])])
    sim.workflow("w", steps=[Send("mobile"), branch, Send("in_app_feed", conditions=unseen)])
    trigger(knock)
    assert refs(sim) == ["push_1", "push_1", "email_1", "in_app_feed_1"]


@rule(GROUP, "`is_in_random_cohort` takes a share of the recipients, always the same ones")
@pytest.mark.parametrize(("share", "least", "most"), [(0, 0, 0), ("50", 5, 35), (100, 40, 40)])
def test_a_share_of_the_recipients(knock: Any, sim: Simulator, share: Any, least: int, most: int) -> None:
    sim.channel("mail", type="email")
    condition = {"variable": "recipient.id", "operator": "is_in_random_cohort", "argument": share}
    sim.channel_group("mails", [ChannelRule("mail", "if", condition)])
    sim.workflow("w", steps=[Send("mails")])
    people = [{"id": f"u{number}", "email": "u@x.example"} for number in range(40)]
    for _ in range(2):
        knock.workflows.trigger("w", recipients=people)
    sent = [message.recipient for message in sim.messages()]
    assert sent[: len(sent) // 2] == sent[len(sent) // 2 :]
    assert least <= len(sent) // 2 <= most


@rule(GROUP, "the channels of a group have one type, and its rules a condition or none")
@pytest.mark.parametrize(
    ("channels", "message"),
    [
        (["email", "sms"], "takes channels of one type, and these are of email, sms"),
        ([], "these are of none"),
        ([ChannelRule("email", "iff", IOS)], "type: 'iff' is not one of always, if, unless; did you mean 'if'"),  # type: ignore[arg-type]
        ([ChannelRule("email", "if")], "has a condition"),
        ([ChannelRule("email", "if", {**IOS, "operator": "is_in_random_cohort"})], "takes the variable recipient.id"),
        ([ChannelRule("email", "if", {**IOS, "operator": "equals"})], "`operator` is not one of"),
        (["emial"], "no channel 'emial' is declared.*did you mean 'email'"),
    ],
)
def test_groups_are_checked(sim: Simulator, channels: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.channel_group("g", channels)
