"""Rules of the messages of guides: the first engagement makes one, and whatever changes it changes the guide."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError
from knock_sdk.testing import Send, Simulator, Wait

from .scenes import refs, trigger, where
from .table import rule

if TYPE_CHECKING:
    from collections.abc import Callable

ENGAGEMENT = "g/handling-engagement"
STEPS = {"hello": {"title": "Hello {{ recipient.name }}"}, "bye": {"title": "Bye"}}


class Tour:
    """A guide with two steps."""

    def __init__(self, knock: Any, sim: Simulator) -> None:
        self.knock, self.sim = knock, sim
        self.channel = sim.channel("in_app_guide").id
        self.id = sim.guide("tour", steps=STEPS)

    def engage(self, action: str, step: str = "hello", user: str = "ana", **more: Any) -> None:
        """Record an engagement."""
        if action == "seen":
            more.setdefault("content", {})
        names = {"channel_id": self.channel, "guide_id": self.id, "guide_key": "tour", "guide_step_ref": step}
        getattr(self.knock.users.guides, f"mark_message_as_{action}")(user, **names, **more)

    def step(self, **query: Any) -> Any:
        """Return the message of the first step as Ana's guide shows it."""
        (guide,) = self.knock.users.guides.get_channel("ana", self.channel, **query).entries
        return guide.steps[0].message

    def messages(self, **filters: Any) -> list[Any]:
        """Return the messages as the API lists them, oldest first."""
        return list(reversed(self.knock.messages.list(**filters).items))


@pytest.fixture
def tour(knock: Any, sim: Simulator) -> Tour:
    return Tour(knock, sim)


@rule(ENGAGEMENT, "there is no message before the first engagement, which makes one for the user and the step")
@pytest.mark.parametrize("action", ["seen", "interacted", "archived"])
def test_the_first_engagement_makes_a_message(tour: Tour, action: str) -> None:
    tour.step()  # a fetch makes none
    assert tour.messages() == []
    tour.engage(action)
    tour.engage(action)
    tour.engage("seen", "bye")
    tour.engage("seen", user="ben", tenant="acme")
    first, second, third = tour.messages()
    assert [(each.recipient, each.source.step_ref, each.tenant) for each in (first, second, third)] == [
        ("ana", "hello", None),
        ("ana", "bye", None),
        ("ben", "hello", "acme"),
    ]
    assert (first.source.type, first.source.key, first.workflow) == ("guide", "tour", None)
    assert (first.source.workflow_run_id, first.source.workflow_recipient_run_id) == (None, None)
    assert (first.channel.type, first.channel_id) == ("in_app_guide", tour.channel)
    assert getattr(first, f"{action}_at") == tour.sim.now
    assert tour.knock.messages.get(first.id).id == first.id
    assert tour.step().id == first.id


@rule(ENGAGEMENT, "a guide's message is among the messages of the API, and its engagement is among its events")
def test_the_message_is_listed(tour: Tour) -> None:
    tour.engage("seen", data={"plan": "pro"})
    tour.engage("interacted", metadata={"button": "ok"})
    (message,) = tour.messages(channel_id=tour.channel)
    assert tour.messages(source="tour") == tour.messages(status=["delivered"]) == [message]
    assert tour.messages(trigger_data={"plan": "pro"}) == [message]
    assert tour.messages(source="other") == []
    assert tour.knock.users.list_messages("ana").items == [message]
    assert tour.knock.workflow_recipient_runs.list().items == []
    assert message.data == {"plan": "pro"}
    events = tour.knock.messages.list_events(message.id).items
    assert [event.type for event in events] == [
        "message.created",
        "message.delivered",
        "message.seen",
        "message.interacted",
    ]
    assert events[-1].data == {"button": "ok"}
    (activity,) = tour.knock.messages.list_activities(message.id).items
    assert (activity.recipient.id, activity.data) == ("ana", {"plan": "pro"})
    assert tour.knock.messages.list_delivery_logs(message.id).items == []
    with pytest.raises(NotFoundError):
        tour.knock.messages.get_content(message.id)


CHANGES: list[tuple[str, Callable[[Any, str], object]]] = [
    ("read_at", lambda messages, message: messages.mark_as_read(message)),
    ("interacted_at", lambda messages, message: messages.mark_as_interacted(message)),
    ("archived_at", lambda messages, message: messages.archive(message)),
    ("read_at", lambda messages, message: messages.batch.mark_as_read(message_ids=[message])),
]


@rule(ENGAGEMENT, "what changes a guide's message changes the step of the guide")
@pytest.mark.parametrize(("field", "change"), CHANGES)
def test_a_change_of_the_message_changes_the_guide(
    tour: Tour, field: str, change: Callable[[Any, str], object]
) -> None:
    tour.engage("seen")
    (message,) = tour.messages()
    tour.sim.advance(minutes=1)
    change(tour.knock.messages, message.id)
    assert getattr(tour.step(), field) == tour.sim.now
    assert tour.step().seen_at == message.seen_at


@rule(ENGAGEMENT, "a link of a guide's message that is followed shows in the guide")
def test_a_link_of_a_guide(tour: Tour) -> None:
    tour.engage("seen")
    (message,) = tour.sim.messages(channel="in_app_guide")
    tour.sim.click(message, "https://x.example")
    assert tour.step().link_clicked_at == tour.sim.now


@rule("api/resetUserGuideEngagement", "a reset forgets the engagement, and the next one makes a new message")
def test_a_reset_begins_anew(tour: Tour) -> None:
    tour.engage("seen")
    tour.knock.users.guides.reset_guide_engagements("ana", guide_key="tour")
    assert tour.step().id is None
    tour.engage("seen")
    assert len({message.id for message in tour.messages()}) == 2


def test_a_deleted_message_is_made_again(tour: Tour) -> None:
    tour.engage("seen")
    (first,) = tour.messages()
    tour.knock.channels.bulk.update_message_status(tour.channel, "delete", recipient_ids=["ana"])
    tour.engage("seen")
    (second,) = tour.messages()
    assert second.id not in (first.id, None)
    assert tour.step().id == second.id


@rule("managing-recipients/merging-users", "a merge moves the messages of guides too")
def test_a_merge_moves_the_history(tour: Tour) -> None:
    tour.engage("seen", user="ben")
    tour.knock.users.merge("ana", from_user_id="ben")
    (message,) = tour.messages()
    assert (message.recipient, tour.step().id) == ("ana", message.id)
    tour.engage("interacted")
    assert tour.messages()[0].interacted_at == tour.sim.now


@rule("dw/wait-for-event-function", "a message of a guide is an event, with the guide as its source")
@pytest.mark.parametrize(("key", "found"), [("tour", True), ("other", False)])
def test_a_guide_is_the_source_of_an_event(tour: Tour, key: str, found: bool) -> None:
    event = {"event_type": "message", "source_type": "guide", "source_key": key, "event_key": "interacted"}
    wait = Wait(event, timedelta(days=1), where("event.step_ref", "hello"), on_match="continue")
    tour.sim.workflow("w", steps=[wait, Send("email")])
    trigger(tour.knock)
    tour.engage("interacted", "bye")
    assert refs(tour.sim) == []
    tour.engage("interacted")
    assert refs(tour.sim) == (["email_1"] if found else [])


@rule(ENGAGEMENT, "messages of guides do not count as sent")
def test_messages_of_guides_do_not_count_as_sent(tour: Tour) -> None:
    tour.engage("seen")
    assert tour.sim.outbox == []
    tour.sim.assert_not_sent(to="ana")
    assert "sent: nothing" in tour.sim.summary()
    tour.sim.assert_sent(to="ana", channel="in_app_guide", status="seen")
    with pytest.raises(AssertionError, match=r"ana +in_app_guide"):
        tour.sim.assert_not_sent(channel="in_app_guide")
    copy = Simulator()
    copy.restore(tour.sim.snapshot())
    assert [message.seen_at for message in copy.messages(channel="in_app_guide")] == [tour.sim.now]
