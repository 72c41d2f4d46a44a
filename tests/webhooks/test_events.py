"""Tests of events: each type has a class, and what Knock adds or leaves out is read all the same."""

from __future__ import annotations

import json
import logging
import pickle
from datetime import datetime, timezone
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from codegen.contract.document import class_of, load
from knock_sdk import types, webhooks
from knock_sdk.webhooks import _events
from tests.support.events import build_event
from tests.support.paths import CONTRACT_FILE

SECRET = "a secret of ours"
CONTRACT = load(CONTRACT_FILE)
TYPES = list(CONTRACT.webhooks)
RECIPIENT = build_event("message.sent")["data"]["recipient"]
AT = datetime(2026, 1, 31, 17, 12, 59, 958652, tzinfo=timezone.utc)


def receive(event: Any) -> Any:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return webhooks.unwrap(body, webhooks.sign(body, secret=SECRET), secret=SECRET)


@pytest.mark.parametrize("event_type", TYPES)
def test_each_type_has_a_class(event_type: str, caplog: pytest.LogCaptureFixture) -> None:
    raw = build_event(event_type)
    event = receive(raw)
    name = class_of(event_type)
    assert type(event) is getattr(webhooks, name) is getattr(types, name)
    assert (event.type, event.created_at) == (event_type, AT)
    assert caplog.records == []  # nothing was read leniently
    assert json.loads(event.model_dump_json(exclude_none=False)) == raw
    assert TypeAdapter(types.Event).validate_json(json.dumps(raw)) == event == pickle.loads(pickle.dumps(event))


def test_the_documented_types() -> None:
    messages = "sent delivered delivery_attempted undelivered bounced complaint seen unseen read unread archived"
    expected = {f"message.{each}" for each in [*messages.split(), "unarchived", "interacted", "link_clicked"]}
    expected |= {f"workflow_recipient_run.{each}" for each in ("started", "completed", "error")}
    for resource in ("workflow", "email_layout", "translation", "source_event_action", "partial"):
        expected |= {f"{resource}.updated", f"{resource}.committed"}
    assert set(TYPES) == expected
    members = {model.__name__ for model in get_args(get_args(types.Event)[0])}
    assert members == {*map(class_of, TYPES), "UnknownEvent"} == members & set(webhooks.__all__)


def test_the_details_are_typed() -> None:
    event = receive(build_event("message.bounced"))
    match event:
        case webhooks.MessageBounced(data=message, event_data=details) if details is not None:
            assert (message.recipient, details.token, details.failure_reason) == (RECIPIENT, "t", "bounced")
        case _:
            pytest.fail("no match")
    assert receive(build_event("message.delivery_attempted")).event_data.max_attempts == 8
    assert receive(build_event("workflow.committed")).event_data.commit_id == "c1"
    assert receive(build_event("message.interacted")).event_data["button"] == "yes"


def test_an_unknown_type_is_kept() -> None:
    raw = {**build_event("message.sent"), "type": "branch.created", "data": {"a": 1}, "more": True}
    event = receive(raw)
    assert type(event) is webhooks.UnknownEvent
    assert (event.type, event.data, event.more) == ("branch.created", {"a": 1}, True)
    assert receive({**raw, "type": "another type"}).type == "another type"


def test_what_is_missing_is_read_leniently(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_events, "_warned", set())  # each class is reported once in a process
    raw = build_event("message.read")
    del raw["data"]["channel"], raw["created_at"]
    with caplog.at_level(logging.WARNING, "knock_sdk"):
        event = receive(raw)
        receive(raw)
    assert isinstance(event, webhooks.MessageRead)
    assert (event.created_at, event.data.channel, event.data.recipient) == (None, None, RECIPIENT)
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "an event does not match MessageRead and was read leniently"
    ]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"x", b"[]", b"null", b"{}", b"\xff", b"[" * 100_000),
        *(b'{"type": 5}', b'{"type": "message.sent"}', b'{"type": "x", "data": []}'),
        *(b'{"type": "x", "data": {"a": NaN}}', b'{"type": "x", "data": {}'),
    ],
)
def test_what_is_no_event(body: bytes) -> None:
    with pytest.raises(webhooks.WebhookPayloadError, match="the body is not an event"):
        receive(body)


JSON: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
FIELDS = ("type", "data", "event_data", "created_at", "__typename")


@settings(max_examples=1000)
@given(
    event=st.dictionaries(st.sampled_from(FIELDS), JSON),
    event_type=st.one_of(st.sampled_from(TYPES), st.text()),
    data=JSON,
)
def test_any_json_is_an_event_or_refused(event: dict[str, Any], event_type: str, data: Any) -> None:
    raw = {**event, "type": event_type, "data": data}
    try:
        read = receive(raw)
    except webhooks.WebhookPayloadError:
        assert not isinstance(data, dict)
    else:
        assert read.type == event_type
        assert (type(read) is webhooks.UnknownEvent) == (event_type not in TYPES)
