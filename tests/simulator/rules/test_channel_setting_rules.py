"""Rules of what a channel itself is set to: its conditions and its sandbox mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Send

from .scenes import MINUTE, refs, status, trigger, where
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

CHANNELS = "int/overview"


@rule("c/conditions", "the conditions of a channel count besides those of the step")
@pytest.mark.parametrize(
    ("step", "channel", "skipped"),
    [
        (True, True, None),
        (False, True, "email_1"),
        (True, False, "channel email"),
        (False, False, "email_1"),
    ],
)
def test_conditions_of_channels(knock: Any, sim: Simulator, *, step: bool, channel: bool, skipped: str | None) -> None:
    sim.channel("email", conditions={"any": where("data.channel", value=True)})
    sim.workflow("w", steps=[Send("email", conditions=where("data.step", value=True)), Send("in_app_feed")])
    trigger(knock, data={"step": step, "channel": channel})
    assert refs(sim) == (["in_app_feed_1"] if skipped else ["email_1", "in_app_feed_1"])
    assert [(skip.reason, skip.detail) for skip in sim.skips()] == ([("conditions", skipped)] if skipped else [])


@rule("dw/channel-step", "the channel's conditions come before the recipient's data, and these before the preferences")
@pytest.mark.parametrize(
    ("go", "address", "allowed", "reason"),
    [
        (False, False, False, "conditions"),
        (False, True, True, "conditions"),
        (True, False, False, "no_address"),
        (True, True, False, "preferences"),
        (True, True, True, None),
    ],
)
def test_the_order_of_checks_with_conditions_of_channels(
    knock: Any, sim: Simulator, *, go: bool, address: bool, allowed: bool, reason: str | None
) -> None:
    sim.channel("email", conditions=where("data.go", value=True))
    sim.workflow("w", channels=["email"])
    knock.users.update("dora", **({"email": "d@x.example"} if address else {}))
    knock.users.set_preferences("dora", "default", channel_types={"email": allowed})
    knock.workflows.trigger("w", recipients=["dora"], data={"go": go})
    assert [skip.reason for skip in sim.skips()] == ([] if reason is None else [reason])


@rule("c/conditions", "a channel's condition that cannot be evaluated fails its step, and nothing else")
def test_conditions_of_channels_that_fail(knock: Any, sim: Simulator) -> None:
    sim.channel("email", conditions=where("data.n", "{{ 1 | divided_by: data.zero }}"))
    sim.workflow("w", channels=["email"])
    trigger(knock, data={"n": 1, "zero": 0})
    assert [skip.reason for skip in sim.skips()] == ["error"]
    assert status(knock) == "completed"


@rule(CHANNELS, "a channel in sandbox mode makes messages that are not sent, and its conditions do not count")
def test_channels_in_sandbox_mode(knock: Any, sim: Simulator) -> None:
    sim.channel("email", sandbox=True, conditions=where("data.never", value=True))
    sim.workflow("w", channels=["email", "sms"])
    trigger(knock)
    sim.advance(MINUTE)
    assert [(message.channel.key, message.status) for message in sim.messages()] == [
        ("email", "not_sent"),
        ("sms", "delivered"),
    ]


@rule(CHANNELS, "an in-app channel cannot be in sandbox mode")
@pytest.mark.parametrize("kind", ["in_app_feed", "in_app_guide"])
def test_in_app_channels_have_no_sandbox_mode(sim: Simulator, kind: str) -> None:
    with pytest.raises(ValueError, match=f"sandbox: channels of type {kind} have no sandbox mode"):
        sim.channel(kind, sandbox=True)
    assert not sim.channel(kind).sandbox


@rule("c/conditions", "conditions of channels cannot be about messages of earlier steps")
def test_conditions_of_channels_are_checked(sim: Simulator) -> None:
    status = where("refs.email_1.delivery_status", "$message.sent")
    with pytest.raises(ValueError, match=r"channel sms, conditions: 'refs\.email_1\.delivery_status' is about an"):
        sim.channel("sms", conditions=status)
    with pytest.raises(ValueError, match=r"channel sms, conditions\.0: `operator` is not one of"):
        sim.channel("sms", conditions=where("data.x", 1, "is"))
    assert sim.channel("sms").conditions == ()


def test_a_channel_that_is_declared_again_keeps_what_is_not_given(sim: Simulator) -> None:
    first = sim.channel("postmark", type="email", provider="email_postmark", conditions=where("data.x", 1))
    again = sim.channel("postmark", name="Postmark")
    assert (again.type, again.provider, again.id) == ("email", "email_postmark", first.id)
    assert again.conditions == first.conditions
    other = sim.channel("postmark", type="sms")
    assert (other.type, other.provider, other.id, other.name) == ("sms", "sms_twilio", first.id, "Postmark")
    assert other.conditions == ()
    with pytest.raises(ValueError, match="'postmrk' is not a channel type"):
        sim.channel("postmrk", name="x")
