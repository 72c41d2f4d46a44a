"""Tests of events: each type has a class, and what Knock adds or leaves out is read all the same."""

from __future__ import annotations

import json
import logging
import pickle
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from codegen.contract.document import class_of, load
from knock_sdk import types, webhooks
from knock_sdk.testing import Simulator

SECRET = "a secret of ours"
CONTRACT = load(Path(__file__).parents[2] / "openapi" / "knock.yaml")
TYPES = list(CONTRACT.webhooks)
AT = datetime(2026, 1, 31, 17, 12, 59, 958652, tzinfo=timezone.utc)


def receive(event: Any) -> Any:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return webhooks.unwrap(body, webhooks.sign(body, secret=SECRET), secret=SECRET)


@pytest.fixture(scope="module")
def entities() -> dict[str, dict[str, Any]]:
    """What events of each kind are about."""
    sim = Simulator()
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    run = client.workflow_recipient_runs.list().items[0]
    return {
        "message": sim.messages()[0].model_dump(mode="json"),
        "workflow_recipient_run": run.model_dump(mode="json"),
        "workflow": {"key": "w", "name": "W", "steps": [{"ref": "email_1", "type": "channel"}], "active": True},
        "email_layout": {"key": "default", "footer_links": [{"text": "Home", "url": "https://x.example"}]},
        "translation": {"locale_code": "pt-BR", "format": "json", "content": "{}"},
        "source_event_action": {"key": "k", "anything": [1]},
        "partial": {"key": "badge", "type": "html", "content": "<b></b>"},
    }


DATA = {
    "message.delivery_attempted": {"attempt": 1, "max_attempts": 8, "retryable": True},
    "message.undelivered": {"failure_reason": "fatal_error", "failure_details": None},
    "message.bounced": {"failure_reason": "bounced", "failure_details": "No such mailbox", "token": "t"},
    "message.complaint": {"address": "ana@x.example"},
    "message.interacted": {"button": "yes"},
    "message.link_clicked": {"url": "https://x.example"},
}


def build(event_type: str, entities: dict[str, Any]) -> dict[str, Any]:
    details = DATA.get(event_type) or ({"commit_id": "c1"} if event_type.endswith("committed") else None)
    return {
        "__typename": "Event",
        "type": event_type,
        "created_at": "2026-01-31T17:12:59.958652Z",
        "data": entities[event_type.rpartition(".")[0]],
        "event_data": None if details is None else {"__typename": "EventData", **details},
    }


@pytest.mark.parametrize("event_type", TYPES)
def test_each_type_has_a_class(event_type: str, entities: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    raw = build(event_type, entities)
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


def test_the_details_are_typed(entities: dict[str, Any]) -> None:
    event = receive(build("message.bounced", entities))
    match event:
        case webhooks.MessageBounced(data=message, event_data=details) if details is not None:
            assert (message.recipient, details.token, details.failure_reason) == ("ana", "t", "bounced")
        case _:
            pytest.fail("no match")
    assert receive(build("message.delivery_attempted", entities)).event_data.max_attempts == 8
    assert receive(build("workflow.committed", entities)).event_data.commit_id == "c1"
    assert receive(build("message.interacted", entities)).event_data["button"] == "yes"


def test_an_unknown_type_is_kept(entities: dict[str, Any]) -> None:
    raw = {**build("message.sent", entities), "type": "branch.created", "data": {"a": 1}, "more": True}
    event = receive(raw)
    assert type(event) is webhooks.UnknownEvent
    assert (event.type, event.data, event.more) == ("branch.created", {"a": 1}, True)
    assert receive({**raw, "type": "another type"}).type == "another type"


def test_what_is_missing_is_read_leniently(entities: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    raw = build("message.read", entities)
    del raw["data"]["channel"], raw["created_at"]
    with caplog.at_level(logging.WARNING, "knock_sdk"):
        event = receive(raw)
        receive(raw)
    assert isinstance(event, webhooks.MessageRead)
    assert (event.created_at, event.data.channel, event.data.recipient) == (None, None, "ana")
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "an event does not match MessageRead and was read leniently"
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[]", b"null", b"{}", b'{"type": 5}', b'{"type": "message.sent"}', b'{"type": "x", "data": []}']
    + [b'{"type": "x", "data": {"a": NaN}}', b'{"type": "x", "data": {}', b"\xff", b"[" * 100_000],
)
def test_what_is_no_event(body: bytes) -> None:
    with pytest.raises(webhooks.WebhookPayloadError, match="the body is not an event"):
        receive(body)


JSON: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
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
