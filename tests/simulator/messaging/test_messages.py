"""The simulator's messages: listed with filters, read, and marked one by one and in batches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.workflow("comment", channels=["in_app_feed", "email"], categories=["collaboration"])
    sim.workflow("invoice", channels=["email"], categories=["billing", "finance"])
    return sim


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", email="ana@x.example")
    knock.users.update("ben", email="ben@x.example")
    return knock


def fill(knock: Any, sim: Simulator) -> dict[str, str]:
    """Send six messages; return their ids by short name."""
    knock.workflows.trigger("comment", recipients=["ana"], data={"n": 1, "note": "x", "ok": True}, tenant="acme")
    sim.advance(minutes=1)
    knock.workflows.trigger("invoice", recipients=["ana", "ben"], data={"n": 2})
    sim.advance(minutes=1)
    knock.workflows.trigger("comment", recipients=["ben"], data={"n": "1"}, settings={"sandbox_mode": True})
    names = ["feed1", "mail1", "invoice-ana", "invoice-ben", "feed2", "mail2"]
    return dict(zip(names, (message.id for message in sim.messages()), strict=True))


FILTERS: list[tuple[str, Callable[[dict[str, str], Simulator], dict[str, Any]], list[str]]] = [
    ("none", lambda _ids, _sim: {}, ["mail2", "feed2", "invoice-ben", "invoice-ana", "mail1", "feed1"]),
    ("tenant", lambda _ids, _sim: {"tenant": "acme"}, ["mail1", "feed1"]),
    ("channel", lambda _ids, sim: {"channel_id": sim.channel("in_app_feed").id}, ["feed2", "feed1"]),
    ("status", lambda _ids, _sim: {"status": ["not_sent"]}, ["mail2", "feed2"]),
    (
        "statuses",
        lambda _ids, _sim: {"status": ["not_sent", "delivered"]},
        ["mail2", "feed2", "invoice-ben", "invoice-ana", "mail1", "feed1"],
    ),
    ("seen", lambda _ids, _sim: {"engagement_status": ["seen"]}, ["invoice-ana", "feed1"]),
    ("seen and read", lambda _ids, _sim: {"engagement_status": ["seen", "read"]}, ["feed1"]),
    ("seen, not read", lambda _ids, _sim: {"engagement_status": ["seen", "unread"]}, ["invoice-ana"]),
    ("ids", lambda ids, _sim: {"message_ids": [ids["feed1"], ids["mail2"], "none"]}, ["mail2", "feed1"]),
    ("category", lambda _ids, _sim: {"workflow_categories": ["finance", "x"]}, ["invoice-ben", "invoice-ana"]),
    ("source", lambda _ids, _sim: {"source": "comment"}, ["mail2", "feed2", "mail1", "feed1"]),
    ("data", lambda _ids, _sim: {"trigger_data": {"n": 1}}, ["mail1", "feed1"]),
    ("data of another type", lambda _ids, _sim: {"trigger_data": {"n": "1"}}, ["mail2", "feed2"]),
    ("all the data", lambda _ids, _sim: {"trigger_data": {"note": "x", "ok": True}}, ["mail1", "feed1"]),
    ("a number is no flag", lambda _ids, _sim: {"trigger_data": {"ok": 1}}, []),
    ("later", lambda _ids, sim: {"inserted_at": {"gt": sim.now - timedelta(minutes=1)}}, ["mail2", "feed2"]),
    (
        "from then on",
        lambda _ids, sim: {"inserted_at": {"gte": sim.now - timedelta(minutes=1)}},
        ["mail2", "feed2", "invoice-ben", "invoice-ana"],
    ),
    (
        "between",
        lambda _ids, sim: {"inserted_at": {"gt": sim.now - timedelta(minutes=2), "lt": sim.now}},
        ["invoice-ben", "invoice-ana"],
    ),
    ("until", lambda _ids, sim: {"inserted_at": {"lte": sim.now - timedelta(minutes=2)}}, ["mail1", "feed1"]),
    ("two filters", lambda _ids, _sim: {"source": "comment", "status": ["delivered"]}, ["mail1", "feed1"]),
]


@rule(
    "api/listMessages",
    "messages are filtered by status, engagement, channel, source, categories, ids, data, tenant and time",
)
@pytest.mark.parametrize(("arguments", "expected"), [row[1:] for row in FILTERS], ids=[row[0] for row in FILTERS])
def test_filters(
    knock: Any,
    sim: Simulator,
    arguments: Callable[[dict[str, str], Simulator], dict[str, Any]],
    expected: list[str],
) -> None:
    ids = fill(knock, sim)
    knock.messages.mark_as_seen(ids["feed1"])
    knock.messages.mark_as_read(ids["feed1"])
    knock.messages.mark_as_seen(ids["invoice-ana"])
    short = {name: key for key, name in ids.items()}
    found = [short[message.id] for message in knock.messages.list(**arguments(ids, sim)).items]
    assert found == expected
    for_ana = [short[message.id] for message in knock.users.list_messages("ana", **arguments(ids, sim)).items]
    assert for_ana == [name for name in expected if name in {"feed1", "mail1", "invoice-ana"}]


def test_filters_by_run(knock: Any, sim: Simulator) -> None:
    ids = fill(knock, sim)
    one = knock.messages.get(ids["invoice-ben"])
    both = knock.messages.list(workflow_run_id=one.source.workflow_run_id).items
    assert {message.id for message in both} == {ids["invoice-ana"], ids["invoice-ben"]}
    (same,) = knock.messages.list(workflow_recipient_run_id=one.source.workflow_recipient_run_id).items
    assert same == one


@rule("js/clients/feed", "a range of times is `inserted_at.gt` or `inserted_at[gt]`")
def test_ranges_may_be_spelled_with_a_dot(knock: Any, sim: Simulator) -> None:
    fill(knock, sim)
    bound = (sim.now - timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    for name in ("inserted_at.gt", "inserted_at[gt]"):
        _, body = http(sim, "GET", f"/v1/messages?{name}={bound}")
        assert len(body["items"]) == 2


def test_an_unknown_user_has_no_messages(knock: Any) -> None:
    assert knock.users.list_messages("nobody").items == []


MARKS = [
    ("mark_as_seen", "mark_as_unseen", "seen"),
    ("mark_as_read", "mark_as_unread", "read"),
    ("archive", "unarchive", "archived"),
]


@rule("sn/message-statuses", "a status that is set again has the latest time, and each change is an event")
@rule("api/markMessageSeen", "deleting a status clears it, which is an event as well")
@pytest.mark.parametrize(("mark", "unmark", "status"), MARKS)
def test_marks_are_set_renewed_and_cleared(knock: Any, sim: Simulator, mark: str, unmark: str, status: str) -> None:
    ids = fill(knock, sim)
    message = getattr(knock.messages, mark)(ids["feed1"])
    assert getattr(message, f"{status}_at") == sim.now
    assert message.engagement_statuses == [status]
    assert message.status == "delivered"
    sim.advance(minutes=5)
    again = getattr(knock.messages, mark)(ids["feed1"])
    assert getattr(again, f"{status}_at") == again.updated_at == sim.now
    assert knock.messages.get(ids["feed1"]) == again
    cleared = getattr(knock.messages, unmark)(ids["feed1"])
    assert getattr(cleared, f"{status}_at") is None
    assert cleared.engagement_statuses == []
    assert getattr(knock.messages, unmark)(ids["feed1"]) == cleared
    events = [event.type for event in knock.messages.list_events(ids["feed1"]).items]
    past = [f"message.{status}", f"message.{status}", f"message.un{status}"]
    assert events == ["message.created", "message.delivered", *past]


@rule("sn/message-statuses", "seen, read and archived are independent of each other, and of the delivery")
def test_marks_are_independent(knock: Any, sim: Simulator) -> None:
    ids = fill(knock, sim)
    knock.messages.mark_as_read(ids["feed1"])
    message = knock.messages.archive(ids["feed1"])
    assert message.engagement_statuses == ["read", "archived"]
    assert message.seen_at is None
    assert knock.messages.get(ids["mail1"]).engagement_statuses == []


@rule("sn/message-statuses", "an interaction has metadata, and counts as reading")
def test_interaction_counts_as_reading(knock: Any, sim: Simulator) -> None:
    ids = fill(knock, sim)
    message = knock.messages.mark_as_interacted(ids["feed1"], metadata={"button": "open", "x": 3})
    assert (message.interacted_at, message.read_at, message.seen_at) == (sim.now, sim.now, None)
    assert message.engagement_statuses == ["read", "interacted"]
    event = knock.messages.list_events(ids["feed1"]).items[-1]
    assert (event.type, event.data, event.recipient) == ("message.interacted", {"button": "open", "x": 3}, "ana")
    knock.messages.mark_as_interacted(ids["feed1"])
    assert knock.messages.list_events(ids["feed1"]).items[-1].data is None


@rule("api/BatchMessagesStatusRequest", "a batch changes messages at once, and returns them")
@pytest.mark.parametrize(("mark", "unmark", "status"), MARKS)
def test_batches_of_messages_are_marked_and_unmarked(
    knock: Any, sim: Simulator, mark: str, unmark: str, status: str
) -> None:
    ids = fill(knock, sim)
    some = [ids["mail1"], ids["feed1"]]
    marked = getattr(knock.messages.batch, mark)(message_ids=[*some, "none", ids["mail1"]])
    assert [message.id for message in marked] == some
    assert {getattr(message, f"{status}_at") for message in marked} == {sim.now}
    assert knock.messages.get(some[0]) == marked[0]
    cleared = getattr(knock.messages.batch, unmark)(message_ids=some)
    assert [message.engagement_statuses for message in cleared] == [[], []]


def test_batch_interaction_and_contents(knock: Any, sim: Simulator) -> None:
    ids = fill(knock, sim)
    some = [ids["mail1"], ids["feed1"]]
    marked = knock.messages.batch.mark_as_interacted(message_ids=some, metadata={"a": 1})
    assert [message.interacted_at for message in marked] == [sim.now, sim.now]
    contents = knock.messages.batch.get_content(message_ids=some)
    assert [content.message_id for content in contents] == some
    assert [content.data.typename for content in contents] == ["MessageEmailContent", "MessageInAppFeedContent"]


@rule("api/markMessageUnseenAlias", "`unseen`, `unread` and `unarchived` clear a status too")
def test_the_older_paths_to_remove_marks_are_accepted(knock: Any, sim: Simulator) -> None:
    name = fill(knock, sim)["feed1"]
    knock.messages.mark_as_seen(name)
    knock.messages.mark_as_read(name)
    knock.messages.archive(name)
    for spelling in ("unseen", "unread", "unarchived"):
        assert knock.delete(f"/v1/messages/{name}/{spelling}")["id"] == name
    assert knock.messages.get(name).engagement_statuses == []


def test_an_unknown_message_is_not_found(knock: Any) -> None:
    for call in (knock.messages.get, knock.messages.get_content, knock.messages.list_events, knock.messages.archive):
        with pytest.raises(NotFoundError) as caught:
            call("none")
        assert caught.value.code == "resource_missing"


def test_the_simulator_lists_messages_by_recipient_channel_and_workflow(knock: Any, sim: Simulator) -> None:
    fill(knock, sim)
    assert len(sim.messages(to="ana")) == 3
    assert len(sim.messages(to="ana", channel="email")) == 2
    assert len(sim.messages(to="ana", channel="email", workflow="invoice")) == 1
    assert sim.messages(to="nobody") == []
    assert [message.source.key for message in sim.messages(to="ana")] == ["comment", "comment", "invoice"]
    assert repr(sim) == f"<Simulator at {sim.now.isoformat()}: {len(sim.requests)} requests, 6 messages>"
