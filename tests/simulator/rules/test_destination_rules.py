"""Rules of devices and connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError
from knock_sdk.testing import Delay, Send, SendWindow, Simulator, Wait

from .scenes import MINUTE, refs, trigger, where
from .table import rule

if TYPE_CHECKING:
    from collections.abc import Sequence

METADATA = "int/push/device-metadata"
DEREGISTRATION = "int/push/token-deregistration"
PLAYER = "11111111-1111-4111-8111-111111111111"
DEVICES = [
    {"token": "paris", "locale": "fr", "timezone": "Europe/Paris"},
    {"token": "tokyo", "locale": "ja", "timezone": "Asia/Tokyo"},
    {"token": "any"},
]


def connect(knock: Any, sim: Simulator, data: object, channel: str = "push") -> str:
    """Store Ana's channel data; return the channel's id."""
    channel_id = sim.channel(channel).id
    knock.users.set_channel_data("ana", channel_id, data=data)
    return channel_id


def tokens(knock: Any, sim: Simulator, **filters: Any) -> list[str]:
    """Return the token of each push message."""
    return [knock.messages.get_content(message.id).data.token for message in sim.messages(**filters)]


@rule(METADATA, "a push step makes a message for each device")
@pytest.mark.parametrize(
    ("provider", "data", "expected"),
    [
        ("push_fcm", {"tokens": ["a", "b"]}, ["a", "b"]),
        ("push_apns", {"devices": [{"token": "a"}, {"token": "b", "locale": "fr"}]}, ["a", "b"]),
        ("push_aws_sns", {"target_arns": ["arn:1", "arn:2"]}, ["arn:1", "arn:2"]),
        ("push_one_signal", {"player_ids": [PLAYER, PLAYER.replace("1", "2")]}, [PLAYER, PLAYER.replace("1", "2")]),
    ],
)
def test_a_message_for_each_device(
    knock: Any, sim: Simulator, provider: str, data: object, expected: Sequence[str]
) -> None:
    sim.channel("push", provider=provider)
    sim.workflow("w", channels=["push"])
    connect(knock, sim, data)
    trigger(knock)
    assert tokens(knock, sim) == expected
    first, second = (message.id for message in sim.messages())
    knock.messages.mark_as_seen(first)
    assert knock.messages.get(second).seen_at is None  # each has a life of its own


@rule(METADATA, "the locale of a device precedes that of the recipient in translations")
def test_the_locale_of_a_device(knock: Any, sim: Simulator) -> None:
    for locale, text in {"en": "Hello", "fr": "Bonjour", "ja": "こんにちは", "de": "Hallo"}.items():
        sim.translation(locale, {"hello": text})
    sim.workflow("w", steps=[Send("push", {"title": "{{ 'hello' | t }}", "text_body": "x"})])
    knock.users.update("ana", locale="de")
    connect(knock, sim, {"devices": DEVICES})
    trigger(knock)
    titles = [knock.messages.get_content(message.id).data.title for message in sim.messages()]
    assert titles == ["Bonjour", "こんにちは", "Hallo"]


@rule(METADATA, "the time zone of a device precedes that of the recipient in send windows")
def test_the_time_zone_of_a_device(knock: Any, sim: Simulator) -> None:
    sim.advance(minutes=30)  # a Monday: 10:30 in Paris, 18:30 in Tokyo, 01:30 in Los Angeles
    sim.workflow("w", steps=[Send("push", windows=[SendWindow("monday", "10:00", "18:00")])])
    knock.users.update("ana", timezone="America/Los_Angeles")
    connect(knock, sim, {"devices": DEVICES})
    trigger(knock)
    sim.advance(minutes=1)
    assert tokens(knock, sim, status="sent") == ["paris"]
    sim.advance(hours=9)  # 10:31 in Los Angeles
    assert tokens(knock, sim, status="sent") == ["paris", "any"]
    sim.advance(days=6, hours=7)  # the next Monday, 10:31 in Tokyo
    assert tokens(knock, sim, status="sent") == ["paris", "tokyo", "any"]


@rule(DEREGISTRATION, "the token of a message that bounces is named by the event, and removed from the recipient")
@pytest.mark.parametrize("on", [None, True, False])
def test_tokens_that_bounce(knock: Any, sim: Simulator, on: bool | None) -> None:
    sim.channel("push", token_deregistration=on)
    sim.workflow("w", channels=["push"])
    push = connect(knock, sim, {"devices": DEVICES[:2]})
    sim.delivery("push", outcome="bounced")
    trigger(knock)
    sim.delivery("push", outcome="sent")
    knock.users.set_channel_data("ana", push, data={"devices": DEVICES})  # one more, while they are on their way
    sim.advance(minutes=1)
    bounced = [knock.messages.list_events(message.id).items[-1] for message in sim.messages(status="bounced")]
    assert [event.data["token"] for event in bounced] == ["paris", "tokyo"]
    stored = knock.users.get_channel_data("ana", push).data
    assert stored.tokens == (["paris", "tokyo", "any"] if on is False else ["any"])
    assert [device.token for device in stored.devices] == stored.tokens
    trigger(knock)
    assert len(sim.messages()) == 2 + len(stored.tokens)


@rule("mapi/push channel_overrides", "a step's `token_deregistration` precedes that of the channel")
@pytest.mark.parametrize(
    ("channel", "step", "left"),
    [(True, False, ["a"]), (False, True, []), (True, None, []), (False, None, ["a"]), (True, True, [])],
)
def test_a_step_overrides_deregistration(
    knock: Any, sim: Simulator, *, channel: bool, step: bool | None, left: list[str]
) -> None:
    sim.channel("push", token_deregistration=channel)
    sim.workflow("w", steps=[Send("push", overrides={"token_deregistration": step})])
    push = connect(knock, sim, {"tokens": ["a"]})
    sim.delivery("push", outcome="bounced")
    trigger(knock)
    sim.advance(minutes=1)
    assert [message.status for message in sim.messages()] == ["bounced"]
    assert knock.users.get_channel_data("ana", push).data.tokens == left


@pytest.mark.parametrize(
    ("channel", "name"), [("push", "token_deregistration"), ("email", "open_tracking"), ("sms", "link_tracking")]
)
def test_switches_that_steps_override_are_true_or_false(sim: Simulator, channel: str, name: str) -> None:
    with pytest.raises(ValueError, match=rf"overrides\.{name}: must be true or false, not 'off'"):
        sim.workflow("w", steps=[Send(channel, overrides={name: "off"})])


def test_a_bounce_after_the_channel_data_is_gone_adds_none(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["push"])
    push = connect(knock, sim, {"tokens": ["a"]})
    sim.delivery("push", outcome="bounced")
    trigger(knock)
    knock.users.unset_channel_data("ana", push)
    sim.advance(minutes=1)
    assert [message.status for message in sim.messages()] == ["bounced"]
    with pytest.raises(NotFoundError):
        knock.users.get_channel_data("ana", push)


@rule("dw/step-conditions", "of the messages for several devices, the one with the highest status counts")
@pytest.mark.parametrize("seen", [0, 1, None])
def test_conditions_on_several_devices(knock: Any, sim: Simulator, seen: int | None) -> None:
    condition = where("refs.push_1.engagement_status", "$message.seen", "contains")
    sim.workflow("w", steps=[Send("push"), Delay(MINUTE), Send("sms", conditions=condition)])
    connect(knock, sim, {"tokens": ["a", "b"]})
    trigger(knock)
    if seen is not None:
        knock.messages.mark_as_seen(sim.messages()[seen].id)
    sim.advance(minutes=2)
    assert refs(sim, channel="sms") == ([] if seen is None else ["sms_1"])


@pytest.mark.parametrize("seen", [0, 1])
def test_a_wait_ends_with_an_event_of_any_device(knock: Any, sim: Simulator, seen: int) -> None:
    event = {"event_type": "message", "source_type": "workflow", "source_key": "w", "event_key": "seen"}
    matching = where("refs.push_1.engagement_status", "$message.seen", "contains")
    sim.workflow("w", steps=[Send("push"), Wait(event, 60 * MINUTE, matching), Send("sms")])
    connect(knock, sim, {"tokens": ["a", "b"]})
    trigger(knock)
    assert refs(sim, channel="sms") == []
    knock.messages.mark_as_seen(sim.messages()[seen].id)
    assert refs(sim, channel="sms") == ["sms_1"]


@rule("int/chat/whatsapp", "WhatsApp needs the recipient's phone number, and no channel data")
@pytest.mark.parametrize("number", ["+15550100", None])
def test_whatsapp_needs_a_phone_number(knock: Any, sim: Simulator, number: str | None) -> None:
    sim.channel("whatsapp", type="chat", provider="chat_whatsapp")
    sim.workflow("w", channels=["whatsapp"])
    knock.users.update("dora", **({} if number is None else {"phone_number": number}))
    knock.workflows.trigger("w", recipients=["dora"])
    sent = [knock.messages.get_content(message.id).data.connection for message in sim.messages()]
    assert sent == ([] if number is None else [{"phone_number": number}])
    skips = [(skip.reason, skip.detail) for skip in sim.skips()]
    assert skips == ([("no_address", "phone_number")] if number is None else [])


@rule(DEREGISTRATION, "a recipient whose last token was removed has no channel data to send to")
def test_the_last_token(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["push"])
    connect(knock, sim, {"tokens": ["a"]})
    sim.delivery("push", outcome="bounced")
    trigger(knock)
    sim.advance(minutes=1)
    trigger(knock)
    assert [skip.reason for skip in sim.skips()] == ["no_address"]


def test_a_message_for_each_connection(knock: Any, sim: Simulator) -> None:
    """No document says it of chat: one of overrides speaks of exactly one message as of an exception."""
    sim.workflow("w", channels=["chat"])
    hooks = [{"incoming_webhook": {"url": f"https://hook.example/{number}"}} for number in (1, 2)]
    connect(knock, sim, {"connections": hooks}, "chat")
    trigger(knock)
    sent = [knock.messages.get_content(message.id).data.connection for message in sim.messages()]
    assert sent == hooks


def test_a_template_that_fails_for_one_device_sends_to_none(knock: Any, sim: Simulator) -> None:
    sim.translation("fr", {"n": "{{ 1 | divided_by: 0 }}"})
    sim.translation("en", {"n": "one"})
    sim.workflow("w", steps=[Send("push", {"title": "{{ 'n' | t }}", "text_body": "x"})])
    connect(knock, sim, {"devices": [{"token": "a"}, *DEVICES[:1]]})
    trigger(knock)
    assert sim.messages() == []
    assert [skip.reason for skip in sim.skips()] == ["error"]
