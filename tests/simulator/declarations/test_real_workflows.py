"""Workflow folders of real applications, with their texts replaced: each loads whole, and sends what it should."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from knock_sdk import UnprocessableEntityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knock_sdk.testing import Simulator

FOLDERS = Path(__file__).parent / "workflows"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ADDRESSES = {"name": "Ana", "email": "ana@x.example", "phone_number": "+15550100"}
INCIDENT = {"title": "Disk", "severity": "critical", "id": "i1"}
THRESHOLD = {"metric_name": "CPU", "percent": 90, "severity": "critical", "channels": ["sms"]}


TOUR = {"tour": {"id": "t1", "name": "Rome"}}
CPU = "some text CPU some text 90%"


class Case(NamedTuple):
    """A folder, and what its workflow sends to a recipient with some properties, after a trigger with some data."""

    folder: str
    sent: list[tuple[timedelta, str, str]]
    """The time before each message, the reference of its step, and a part of its subject, title or text."""
    recipient: Mapping[str, Any] = MappingProxyType({})
    data: Mapping[str, Any] = MappingProxyType({})


NOW = timedelta()
CASES = [
    Case("w01", [(5 * MINUTE, "in_app_1", "Ben Bold</strong> some text some content"), (5 * MINUTE, "email_1", "")]),
    Case(
        "w02",
        [
            (NOW, "welcome_email", "some text App!"),
            (DAY, "free_setup_email", "some text App"),
            (2 * DAY, "free_explore_email", "some text App"),
        ],
        {"plan_type": "free"},
    ),
    Case(
        "w02",
        [
            (NOW, "welcome_email", "some text App!"),
            (DAY, "paid_getting_started_email", "some text pro some text"),
            (2 * DAY, "paid_tips_email", "some text"),
        ],
        {"plan_type": "pro"},
    ),
    Case(
        "w04",
        [
            (NOW, "in_app_feed_1", "<strong>Ana</strong> 👋 - some text Rome"),
            (NOW, "email_1", "some text Rome some text"),
            (5 * MINUTE, "email_2", "some text Rome some text"),
        ],
        {"role": "TRAVELER"},
        TOUR,
    ),
    Case("w04", [(5 * MINUTE, "email_3", "some text 1 some text booking")], {"role": "OPERATOR"}, TOUR),
    Case("w05", [(NOW, "email_1", "some text")]),
    Case(
        "w06",
        [
            (NOW, "push_1", "some text Disk"),
            (NOW, "sms_1", "some text Disk"),
            (30 * MINUTE, "email_1", "some text Disk"),
        ],
        {},
        {"incident": INCIDENT},
    ),
    Case("w06", [(NOW, "email_2", "Low: Disk")], {}, {"incident": {**INCIDENT, "severity": "low"}}),
    Case("w07", [(NOW, "sms_1", CPU)], {}, {"threshold": THRESHOLD}),
    Case(
        "w07",
        [(NOW, "email_1", CPU), (NOW, "sms_1", CPU)],
        {},
        {"threshold": {**THRESHOLD, "channels": ["email", "sms"]}},
    ),
    Case(
        "w07",
        [(NOW, "email_2", CPU)],
        {},
        {"threshold": {**THRESHOLD, "severity": "warning", "channels": ["email"]}},
    ),
    Case("w07", [], {}, {"threshold": {**THRESHOLD, "severity": "warning"}}),
    Case(
        "w08",
        # A batch leaves flat data: `data.digest.period` is gone.
        [(DAY, "email_1", "some text  some text"), (NOW, "in_app_feed_1", "<strong>1</strong> alert")],
        {},
        {"digest_key": "k", "digest": {"period": "week"}},
    ),
    Case(
        "w09",
        [
            (15 * MINUTE, "in_app_feed_1", "<strong>Ben Bold</strong> some text <strong>Plan</strong>"),
            (HOUR, "email_1", "some text Plan"),
            (NOW, "push_1", "some text Plan"),
        ],
        {},
        {"page_id": "p", "page_name": "Plan"},
    ),
    Case(
        "w10",
        [(NOW, "email_1", "Ben some text Acme some text"), (3 * DAY, "email_2", "some text Acme some text")],
        {},
        {"account_name": "Acme"},
    ),
    Case("w11", [(NOW, "in_app_feed_1", "- Ben Bold some text"), (HOUR, "email_1", "some text")]),
]


def text_of(content: Any) -> str:
    """Return the rendered texts of a message."""
    blocks = getattr(content, "blocks", None)
    return content.model_dump_json() if blocks is None else " ".join(str(block.rendered) for block in blocks)


def title_of(content: Any) -> str:
    """Return the subject or the title of a message or, without one, its text."""
    for name in ("subject_line", "title"):
        if getattr(content, name, None) is not None:
            return str(getattr(content, name))
    return text_of(content) if getattr(content, "blocks", None) else str(content.body)


def sample(schema: dict[str, Any]) -> dict[str, Any]:
    """Return data that satisfies the schema of a workflow, with all properties."""
    properties: dict[str, Any] = schema.get("properties", {})
    return {
        name: f"https://x.example/{name}" if each.get("format") == "uri" else f"some {name}"
        for name, each in properties.items()
    }


def schema_of(folder: str) -> dict[str, Any]:
    content = json.loads((FOLDERS / folder / "workflow.json").read_text("utf-8"))
    schema: dict[str, Any] = content.get("trigger_data_json_schema", {})
    return schema


def prepare(sim: Simulator, knock: Any, recipient: Mapping[str, Any]) -> None:
    """Declare what the workflows need from outside, and identify the recipient and an actor."""
    sim.set_variables({"app_url": "https://app.example", "app_name": "App", "internal_api_key": "k"})
    sim.http("fetch_user", {"plan": "free"})
    sim.http("http_fetch_1", {"items": [{"name": "One", "title": "One"}]})
    apns = sim.channel("apns", type="push", provider="push_apns")
    knock.users.update("ana", **{"properties": recipient, **ADDRESSES})
    knock.users.set_channel_data("ana", apns.id, data={"tokens": ["t1"]})
    knock.users.update("ben", name="Ben Bold")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.folder}-{case.recipient}-{len(case.sent)}")
def test_a_real_workflow_sends(knock: Any, sim: Simulator, case: Case) -> None:
    prepare(sim, knock, case.recipient)
    assert sim.load_workflows(FOLDERS / case.folder) == [case.folder]
    data = {**sample(schema_of(case.folder)), **case.data}
    knock.workflows.trigger(case.folder, recipients=["ana"], data=data, actor="ben")
    for number, (wait, ref, _) in enumerate(case.sent):
        if wait:
            assert len(sim.messages()) == number, "a message came too early"
            sim.advance(wait)
        assert [message.source.step_ref for message in sim.messages()][number] == ref
    sim.advance(30 * DAY)
    messages = sim.messages()
    assert [message.source.step_ref for message in messages] == [ref for _, ref, _ in case.sent]
    (run,) = knock.workflow_recipient_runs.list().items
    assert (run.status, run.error_count) == ("completed", 0)
    shown = [knock.messages.get_content(message.id).data for message in messages]
    for content, (_, _, expected) in zip(shown, case.sent, strict=True):
        assert expected in title_of(content)
        assert "{{" not in text_of(content), "Liquid was not rendered"


def test_a_real_workflow_that_reads_an_object_sends(knock: Any, sim: Simulator) -> None:
    prepare(sim, knock, {})
    sim.load_workflows(FOLDERS / "w03")
    knock.workflows.trigger("w03", recipients=["ana"])
    assert [message.source.step_ref for message in sim.messages()] == ["email_1"]


def test_every_folder_has_a_case() -> None:
    assert {case.folder for case in CASES} | {"w03"} == {folder.name for folder in FOLDERS.iterdir()}


@pytest.mark.parametrize("folder", ["w01", "w02"])
def test_a_real_workflow_refuses_data_that_its_schema_does_not_allow(knock: Any, sim: Simulator, folder: str) -> None:
    prepare(sim, knock, {})
    sim.load_workflows(FOLDERS / folder)
    with pytest.raises(UnprocessableEntityError):
        knock.workflows.trigger(folder, recipients=["ana"], data={})
    assert sim.messages() == []


def test_a_real_fetch_asks_for_what_its_settings_say(knock: Any, sim: Simulator) -> None:
    prepare(sim, knock, {})
    sim.load_workflows(FOLDERS / "w02")
    sim.load_workflows(FOLDERS / "w05")
    knock.workflows.trigger("w02", recipients=["ana"], data=sample(schema_of("w02")))
    knock.workflows.trigger("w05", recipients=["ana"])
    asked = [(fetch.method, fetch.url, fetch.query, fetch.headers) for fetch in sim.fetches]
    assert asked == [
        ("get", "https://api.example.com/v1/users/ana", {}, {"Authorization": "Bearer k"}),
        ("get", "https://api.example.com/items", {"user": "ana"}, {}),
    ]


def test_a_real_escalation_stops_when_the_push_is_seen(knock: Any, sim: Simulator) -> None:
    prepare(sim, knock, {})
    sim.load_workflows(FOLDERS / "w06")
    knock.workflows.trigger("w06", recipients=["ana"], data={"incident": INCIDENT})
    knock.messages.mark_as_seen(sim.messages(channel="push")[0].id)
    sim.advance(hours=1)
    assert [message.source.step_ref for message in sim.messages()] == ["push_1", "sms_1"]
    assert [(skip.channel, skip.reason) for skip in sim.skips()] == [("knock-email", "conditions")]


def test_a_real_batch_is_divided_by_its_key(knock: Any, sim: Simulator) -> None:
    prepare(sim, knock, {})
    sim.load_workflows(FOLDERS / "w01")
    for content in ("a", "b", "a"):
        knock.workflows.trigger("w01", recipients=["ana"], data={"content_id": content}, actor="ben")
    sim.advance(minutes=5)
    assert sorted(len(knock.messages.list_activities(message.id).items) for message in sim.messages()) == [1, 2]
