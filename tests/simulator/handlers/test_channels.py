"""Messages of a channel in bulk: every action and every filter; and batches with rate-limited messages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIStatusError, NotFoundError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.workflow("comment", channels=["in_app_feed", "email"])
    sim.workflow("invoice")
    return sim


@pytest.fixture
def knock(knock: Any) -> Any:
    for name in ("ana", "ben", "carl"):
        knock.users.update(name, email=f"{name}@x.example")
    return knock


def fill(knock: Any, sim: Simulator) -> dict[str, str]:
    """Send four in-app messages and two emails; return short names of the in-app messages by id."""
    knock.workflows.trigger("comment", recipients=["ana"], tenant="acme", data={"n": 1})
    sim.advance(minutes=1)
    knock.workflows.trigger("comment", recipients=["ben"], tenant="globex", settings={"sandbox_mode": True})
    sim.advance(minutes=1)
    knock.workflows.trigger("invoice", recipients=["ana"], data={"n": "1"})
    sim.advance(minutes=1)
    knock.workflows.trigger("invoice", recipients=["carl"])
    ids = [message.id for message in sim.messages(channel="in_app_feed")]
    knock.messages.mark_as_seen(ids[0])
    knock.messages.archive(ids[2])
    return dict(zip(ids, ["acme", "globex", "archived", "carl"], strict=True))


def update_in_bulk(knock: Any, channel: str, action: str, **filters: Any) -> Any:
    """Update messages in bulk; return the completed job."""
    job = knock.channels.bulk.update_message_status(channel, action, **filters)
    for _ in range(4):
        job = knock.bulk_operations.get(job.id)
        if job.status == "completed":
            return job
    pytest.fail(f"the job stays {job.status}")


FILTERS: list[tuple[str, Callable[[Simulator], dict[str, Any]], set[str]]] = [
    ("none", lambda _sim: {}, {"acme", "globex", "archived", "carl"}),
    ("not archived", lambda _sim: {"archived": "exclude"}, {"acme", "globex", "carl"}),
    ("archived too", lambda _sim: {"archived": "include"}, {"acme", "globex", "archived", "carl"}),
    ("only archived", lambda _sim: {"archived": "only"}, {"archived"}),
    ("delivery", lambda _sim: {"delivery_status": "not_sent"}, {"globex"}),
    ("engagement", lambda _sim: {"engagement_status": "seen"}, {"acme"}),
    ("no engagement", lambda _sim: {"engagement_status": "unseen"}, {"globex", "archived", "carl"}),
    ("any tenant", lambda _sim: {"has_tenant": True}, {"acme", "globex"}),
    ("no tenant", lambda _sim: {"has_tenant": False}, {"archived", "carl"}),
    ("newer", lambda sim: {"newer_than": sim.now - timedelta(minutes=2)}, {"archived", "carl"}),
    ("older", lambda sim: {"older_than": sim.now - timedelta(minutes=2)}, {"acme"}),
    ("recipients", lambda _sim: {"recipient_ids": ["ana", "carl"]}, {"acme", "archived", "carl"}),
    ("no recipients", lambda _sim: {"recipient_ids": []}, set()),
    ("tenants", lambda _sim: {"tenants": ["globex", "x"]}, {"globex"}),
    ("data", lambda _sim: {"trigger_data": '{"n": 1}'}, {"acme"}),
    ("workflows", lambda _sim: {"workflows": ["invoice"]}, {"archived", "carl"}),
    ("two filters", lambda _sim: {"workflows": ["comment"], "recipient_ids": ["ana"]}, {"acme"}),
]


@rule(
    "api/bulkUpdateMessagesForChannel",
    "messages of a channel are changed by filters, and the operation is named for the status",
)
@pytest.mark.parametrize(("arguments", "expected"), [row[1:] for row in FILTERS], ids=[row[0] for row in FILTERS])
def test_filters(
    knock: Any, sim: Simulator, arguments: Callable[[Simulator], dict[str, Any]], expected: set[str]
) -> None:
    short = fill(knock, sim)
    job = update_in_bulk(knock, sim.channel("in_app_feed").id, "read", **arguments(sim))
    assert {short[message.id] for message in sim.messages(channel="in_app_feed") if message.read_at} == expected
    assert not any(message.read_at for message in sim.messages(channel="email"))
    assert (job.name, job.estimated_total_rows) == ("messages.read", len(expected))
    assert (job.success_count, job.error_count, job.error_items) == (len(expected), 0, [])


ACTIONS = [
    ("seen", "unseen", "seen_at", "seen"),
    ("read", "unread", "read_at", "read"),
    ("archived", "unarchived", "archived_at", "archived"),
    ("archive", "unarchive", "archived_at", "archived"),
]


@rule("js/clients/feed", "`archive` and `unarchive` are spellings of the actions too")
@pytest.mark.parametrize("action", ACTIONS, ids=[row[0] for row in ACTIONS])
def test_each_action_sets_or_clears_a_timestamp(knock: Any, sim: Simulator, action: tuple[str, str, str, str]) -> None:
    do, undo, field, status = action
    feed = sim.channel("in_app_feed").id
    knock.workflows.trigger("invoice", recipients=["ana", "ben"])
    sim.advance(minutes=1)
    assert update_in_bulk(knock, feed, do).name == f"messages.{status}"
    marked_at = sim.now
    for message in sim.messages():
        assert getattr(message, field) == marked_at
        assert [event.type for event in knock.messages.list_events(message.id).items][-1] == f"message.{status}"
    job = update_in_bulk(knock, feed, undo, recipient_ids=["ana"])
    assert (job.name, job.success_count) == (f"messages.un{status}", 1)
    assert [getattr(message, field) for message in sim.messages()] == [None, marked_at]


def test_interacted_marks_messages_as_read_too(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("invoice", recipients=["ana"])
    update_in_bulk(knock, sim.channel("in_app_feed").id, "interacted")
    [message] = sim.messages()
    assert message.interacted_at == message.read_at == sim.now


@rule("api/bulkUpdateMessagesForChannel", "messages can be deleted in bulk")
def test_delete_removes_messages_and_their_pending_delivery(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("comment", recipients=["ana", "ben"])
    deleted, remaining = sim.messages(channel="email")
    job = update_in_bulk(knock, sim.channel("email").id, "delete", recipient_ids=["ana"])
    assert (job.name, job.success_count) == ("messages.delete", 1)
    with pytest.raises(NotFoundError):
        knock.messages.get(deleted.id)
    assert [message.id for message in sim.messages(channel="email")] == [remaining.id]
    assert deleted.id not in [message.id for message in knock.users.list_messages("ana").items]
    # Its delivery was pending; that of the other message continues.
    sim.advance(minutes=1)
    assert knock.messages.get(remaining.id).status == "delivered"


def test_bad_requests(sim: Simulator) -> None:
    feed = sim.channel("in_app_feed").id
    response, problem = http(sim, "POST", "/v1/channels/6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11/messages/bulk/read", {})
    assert (response.status, problem["code"]) == (404, "resource_missing")
    target = f"/v1/channels/{feed}/messages/bulk"
    for action, body, field in [
        ("forget", {}, "action"),
        ("read", {"archived": "yes"}, "archived"),
        ("read", {"trigger_data": "n"}, "trigger_data"),
        ("read", {"trigger_data": '{"n": {}}'}, "trigger_data.n"),
        ("read", {"older_than": "soon"}, "older_than"),
        ("read", {"delivery_status": "lost"}, "delivery_status"),
        ("read", {"user_ids": 5}, "user_ids"),
        ("read", {"user_ids": "ana"}, "user_ids"),
        ("read", {"user_ids": ["ana", 5]}, "user_ids"),
        ("read", {"user_ids": {"ana": 1}, "recipient_ids": ["ana"]}, "user_ids"),
    ]:
        response, problem = http(sim, "POST", f"{target}/{action}", body)
        assert (response.status, problem["errors"][0]["field"]) == (422, field)


@rule("js/clients/feed", "recipients may be sent as `user_ids`")
def test_recipients_may_be_sent_as_user_ids(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("invoice", recipients=["ana", "ben"])
    http(sim, "POST", f"/v1/channels/{sim.channel('in_app_feed').id}/messages/bulk/read", {"user_ids": ["ben"]})
    assert [message.recipient for message in sim.messages() if message.read_at] == ["ben"]
    for nobody in ({"user_ids": []}, {"recipient_ids": [], "user_ids": ["ana"]}):
        http(sim, "POST", f"/v1/channels/{sim.channel('in_app_feed').id}/messages/bulk/seen", nobody)
    assert [message.recipient for message in sim.messages() if message.seen_at] == []
    http(sim, "POST", f"/v1/channels/{sim.channel('in_app_feed').id}/messages/bulk/seen", {"user_ids": None})
    assert [message.recipient for message in sim.messages() if message.seen_at] == ["ana", "ben"]


BATCHES = [
    ("mark_as_seen", "mark_as_unseen", "seen_at"),
    ("mark_as_read", "mark_as_unread", "read_at"),
    ("archive", "unarchive", "archived_at"),
]


@rule("reference/content", "a batch returns all its messages; those over the limit are unchanged")
@pytest.mark.parametrize(("mark", "unmark", "field"), BATCHES)
def test_rate_limited_messages_of_a_batch_are_not_changed(
    knock: Any, sim: Simulator, mark: str, unmark: str, field: str
) -> None:
    knock.workflows.trigger("invoice", recipients=["ana", "ben", "carl"])
    ids = [message.id for message in sim.messages()]
    with sim.limit_batch(ids=ids[1:2]):
        returned = getattr(knock.messages.batch, mark)(message_ids=ids)
    assert [message.id for message in returned] == ids
    assert [getattr(message, field) for message in returned] == [sim.now, None, sim.now]
    getattr(knock.messages.batch, mark)(message_ids=ids)
    with sim.limit_batch(ids=ids[:1]):
        returned = getattr(knock.messages.batch, unmark)(message_ids=ids)
    assert [getattr(message, field) for message in returned] == [sim.now, None, None]


def test_a_rate_limited_interaction_records_no_event(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("invoice", recipients=["ana", "ben"])
    ids = [message.id for message in sim.messages()]
    with sim.limit_batch(ids=ids[1:]):
        returned = knock.messages.batch.mark_as_interacted(message_ids=ids, metadata={"button": "ok"})
    assert [message.interacted_at for message in returned] == [sim.now, None]
    events = [[event.type for event in knock.messages.list_events(name).items] for name in ids]
    assert ["message.interacted" in each for each in events] == [True, False]


@pytest.mark.parametrize("key", ["in_app_feed", "sms", "postmark"])
def test_a_channels_key_in_place_of_its_id_is_an_error_that_names_the_id(knock: Any, sim: Simulator, key: str) -> None:
    sim.channel("postmark", type="email", channel_id="4f1c9a52-7d0e-4f53-9a9b-2f3f5c1d8e60")
    calls = [
        lambda channel: knock.users.feeds.list_items("ana", channel),
        lambda channel: knock.users.set_channel_data("ana", channel, data={"tokens": ["t"]}),
        lambda channel: knock.users.get_channel_data("ana", channel),
        lambda channel: knock.users.guides.get_channel("ana", channel),
        lambda channel: knock.users.update("ana", channel_data={channel: {"tokens": ["t"]}}),
    ]
    hint = f"'{key}' is the key of a channel, whose id is {sim.channel(key).id}: sim.channel('{key}').id"
    for call in calls:
        with pytest.raises(APIStatusError, match=re.escape(hint)):
            call(key)
        with pytest.raises(APIStatusError) as caught:
            call("nothing")
        assert "is the key of a channel" not in caught.value.message


def test_a_feed_is_read_by_the_id_of_its_channel(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("comment", recipients=["ana"])
    assert len(knock.users.feeds.list_items("ana", sim.channel("in_app_feed").id).items) == 1
