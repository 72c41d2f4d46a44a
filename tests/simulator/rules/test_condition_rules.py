"""Conditions on the statuses of messages, and what is left unevaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Delay, Send

from .scenes import HOUR, refs, status, trigger, where
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

# The ends of a delivery, and which conditions on them hold.
DELIVERIES: list[tuple[str, str, str, bool]] = [
    ("sent", "greater_than_or_equal_to", "sent", True),
    ("sent", "greater_than_or_equal_to", "delivered", False),
    ("sent", "less_than", "delivered", True),
    ("delivered", "greater_than_or_equal_to", "sent", True),
    ("delivered", "less_than", "delivered", False),
    ("bounced", "equal_to", "bounced", True),
    ("bounced", "equal_to", "undelivered", False),
    ("bounced", "greater_than_or_equal_to", "sent", False),
    ("bounced", "less_than", "sent", True),
    ("undelivered", "equal_to", "undelivered", True),
    ("undelivered", "equal_to", "bounced", False),
    ("undelivered", "less_than", "sent", True),
    ("sent", "equal_to", "skipped", False),
    ("sent", "not_equal_to", "skipped", True),
]


@rule("dw/step-conditions", "conditions tell bounced and undelivered messages from those that were sent or delivered")
@pytest.mark.parametrize(("outcome", "operator", "argument", "expected"), DELIVERIES)
def test_the_ends_of_deliveries(
    knock: Any, sim: Simulator, *, outcome: Any, operator: str, argument: str, expected: bool
) -> None:
    sim.delivery("email", outcome=outcome)
    condition = where("refs.email_1.delivery_status", f"$message.{argument}", operator)
    sim.workflow("w", steps=[Send("email"), Delay(300 * HOUR), Send("in_app_feed", conditions=condition)])
    trigger(knock)
    sim.advance(300 * HOUR)
    assert sim.messages(channel="email")[0].status == outcome
    assert refs(sim) == ["email_1", *(["in_app_feed_1"] if expected else [])]


@rule("dw/step-conditions", "a message that is queued, or that a sandbox does not send, has not been sent")
@pytest.mark.parametrize("sandbox", [False, True])
def test_what_has_not_been_sent(knock: Any, sim: Simulator, *, sandbox: bool) -> None:
    name = "refs.email_1.delivery_status"
    steps = [
        Send("email"),
        Send("in_app_feed", conditions=where(name, "$message.sent", "greater_than_or_equal_to")),
        Send("sms", conditions=where(name, "$message.sent", "less_than")),
    ]
    sim.workflow("w", steps=steps)
    trigger(knock, settings={"sandbox_mode": sandbox})
    assert sim.messages(channel="email")[0].status == ("not_sent" if sandbox else "queued")
    assert refs(sim) == ["email_1", "sms_1"]


# What a recipient did with a message, a condition on it, and whether it holds.
ENGAGEMENT: list[tuple[list[str], str, bool]] = [
    (["mark_as_read"], "read", True),
    (["mark_as_seen"], "read", False),
    (["mark_as_interacted"], "interacted", True),
    (["mark_as_read"], "interacted", False),
    (["archive"], "archived", True),
    (["mark_as_read"], "read_not_link_clicked", True),
    (["mark_as_read", "click"], "read_not_link_clicked", False),
    (["mark_as_seen"], "read_not_link_clicked", False),
    (["click"], "link_clicked", True),
    (["mark_as_read"], "link_clicked", False),
]


@rule("dw/step-conditions", "conditions tell whether a message was read, interacted with, clicked in or archived")
@rule("dw/step-conditions", "`read_not_link_clicked` holds while a message is read and no link in it was clicked")
@pytest.mark.parametrize(("acts", "case", "expected"), ENGAGEMENT)
def test_engagement(knock: Any, sim: Simulator, acts: list[str], case: str, *, expected: bool) -> None:
    name, argument = "refs.in_app_feed_1.engagement_status", f"$message.{case}"
    has, has_not = where(name, argument, "contains"), where(name, argument, "not_contains")
    steps = [Send("in_app_feed"), Delay(HOUR), Send("email", conditions=has), Send("sms", conditions=has_not)]
    sim.workflow("w", steps=steps)
    trigger(knock)
    message = sim.messages()[0]
    for act in acts:
        if act == "click":
            sim.click(message, "https://x.example")
        else:
            getattr(knock.messages, act)(message.id)
    sim.advance(HOUR)
    assert refs(sim) == ["in_app_feed_1", "email_1" if expected else "sms_1"]


YES, NO = where("data.n", 1), where("data.n", 2)
FAILS = where("data.n", "{{ 1 | divided_by: 0 }}")


@rule("c/conditions", "what follows a condition that decides is not evaluated")
@pytest.mark.parametrize(
    ("conditions", "sent", "errors"),
    [
        ({"any": [*YES, *FAILS]}, 1, 0),
        ({"all": [*NO, *FAILS]}, 0, 0),
        ({"any": [*NO, *FAILS]}, 0, 3),
        ({"all": [*YES, *FAILS]}, 0, 3),
    ],
)
def test_what_is_decided_is_not_evaluated(
    knock: Any, sim: Simulator, *, conditions: Any, sent: int, errors: int
) -> None:
    sim.workflow("w", steps=[Send("email", conditions=conditions)])
    trigger(knock, data={"n": 1})
    (run,) = knock.workflow_recipient_runs.list(workflow="w").items
    assert (status(knock), run.error_count, len(sim.messages())) == ("completed", errors, sent)


@rule("preferences/preference-conditions", "a preference with conditions opts in only if all of them hold")
@pytest.mark.parametrize("place", ["workflows", "categories", "channel_types"])
@pytest.mark.parametrize(("conditions", "sent"), [([*YES], 1), ([*YES, *YES], 1), ([*YES, *NO], 0), ([*NO], 0)])
def test_conditions_of_preferences(
    knock: Any, sim: Simulator, place: str, *, conditions: list[dict[str, object]], sent: int
) -> None:
    key = {"workflows": "w", "categories": "news", "channel_types": "email"}[place]
    sim.workflow("w", channels=["email"], categories=["news"])
    given: Any = {place: {key: {"conditions": conditions}}}
    knock.users.set_preferences("ana", "default", **given)
    trigger(knock, data={"n": 1})
    assert len(sim.messages()) == sent
