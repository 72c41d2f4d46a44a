"""Workflows with steps: delays, throttles, trigger frequency, data schemas, and invalid declarations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knock_sdk import UnprocessableEntityError
from knock_sdk.testing import Batch, Delay, Send, Simulator, Throttle
from tests.simulator.support.pair import settled_client

HOUR = timedelta(hours=1)


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", email="ana@x.example", properties={"plan": "pro"}, timezone="America/New_York")
    knock.users.update("ben", email="ben@x.example", properties={"plan": "free"})
    return knock


def sent(sim: Simulator) -> list[tuple[object, str]]:
    """Return the recipient and the step of each message."""
    return [(message.recipient, message.source.step_ref or "") for message in sim.messages()]


def test_a_delay_comes_before_the_channels(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed", "email"], delay=HOUR)
    knock.workflows.trigger("w", recipients=["ana"])
    sim.advance(minutes=59)
    assert sent(sim) == []
    (run,) = knock.workflow_recipient_runs.list().items
    assert run.status == "paused"
    sim.advance(minutes=1)
    assert sent(sim) == [("ana", "in_app_feed_1"), ("ana", "email_1")]
    assert sim.messages()[0].inserted_at == sim.now
    assert knock.workflow_recipient_runs.get(run.id).status == "completed"


def test_steps_run_in_order(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Send("in_app_feed"), Delay(HOUR), Send("email"), Delay(HOUR), Send("email", ref="last")])
    knock.workflows.trigger("w", recipients=["ana"])
    assert sent(sim) == [("ana", "in_app_feed_1")]
    sim.advance(hours=1)
    assert sent(sim)[1:] == [("ana", "email_1")]
    sim.advance(hours=1)
    assert sent(sim)[2:] == [("ana", "last")]


def test_a_delay_can_be_skipped_for_one_trigger(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Delay(HOUR), Send("email"), Batch(HOUR), Send("in_app_feed")])
    knock.workflows.trigger("w", recipients=["ana"], settings={"skip_delay": True})
    assert sent(sim) == [("ana", "email_1")]
    sim.advance(hours=1)
    assert sent(sim) == [("ana", "email_1"), ("ana", "in_app_feed_1")]


@pytest.mark.parametrize(
    ("step", "data", "hours"),
    [
        (Delay(until="data.at"), {"at": "2026-01-05T12:00:00Z"}, 3),
        (Delay(until="at"), {"at": "2026-01-05T12:00:00Z"}, 3),
        (Delay(until="data.at"), {"at": {"unit": "days", "value": 2}}, 48),
        (Delay(-HOUR, until="data.at"), {"at": "2026-01-05T12:00:00Z"}, 2),
        (Delay(HOUR, until="data.at"), {"at": "2026-01-05T12:00:00Z"}, 4),
        # It is 9 o'clock in UTC, and 4 in New York.
        (Delay(until="data.at"), {"at": {"frequency": "daily", "hours": 9, "minutes": 30}}, 5.5),
        (Delay(until="data.at"), {"at": {"frequency": "weekly", "days": "weekends"}}, 5 * 24 - 4),
        (Delay(until="data.at"), {"at": {"frequency": "weekly", "days": ["tue"]}}, 20),
    ],
)
def test_dynamic_delays(knock: Any, sim: Simulator, step: Delay, data: dict[str, Any], hours: float) -> None:
    sim.workflow("w", steps=[step, Send("email")])
    knock.workflows.trigger("w", recipients=["ana"], data=data)
    sim.advance(timedelta(hours=hours) - timedelta(seconds=1))
    assert sent(sim) == []
    sim.advance(seconds=1)
    assert sent(sim) == [("ana", "email_1")]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "soon",
        "2020-01-01T00:00:00Z",
        5,
        {"unit": "eons", "value": 1},
        {"unit": "days"},
        {"frequency": "never"},
        {"frequency": "weekly", "days": "holidays"},
        {"frequency": "daily", "hours": 24},
    ],
)
def test_an_invalid_delay_is_skipped_with_an_error(knock: Any, sim: Simulator, value: Any) -> None:
    sim.workflow("w", steps=[Delay(until="data.at"), Send("email")])
    knock.workflows.trigger("w", recipients=["ana"], data={"at": value})
    assert sent(sim) == [("ana", "email_1")]
    (run,) = knock.workflow_recipient_runs.list(has_errors=True).items
    (error,) = [event for event in knock.workflow_recipient_runs.get(run.id).events if event.status == "error"]
    assert (error.step_ref, error.step_type, run.error_count) == ("delay_1", "delay", 1)


def test_a_paused_run_reads_current_data_when_it_continues(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email", "in_app_feed"], delay=HOUR)
    knock.workflows.trigger("w", recipients=["ana"])
    knock.users.update("ana", email="new@x.example")
    knock.users.set_preferences("ana", "default", channel_types={"in_app_feed": False})
    sim.advance(hours=1)
    (message,) = sim.messages()
    assert knock.messages.get_content(message.id).data.to == "new@x.example"
    assert [(skip.channel, skip.reason) for skip in sim.skips()] == [("in_app_feed", "preferences")]


def test_a_recipient_deleted_during_a_delay_is_skipped(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"], delay=HOUR)
    knock.workflows.trigger("w", recipients=["ana"])
    knock.users.delete("ana")
    sim.advance(hours=1)
    assert sim.messages() == []
    assert [skip.reason for skip in sim.skips()] == ["not_identified"]


def test_runs_keep_the_version_that_they_began_with(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"], delay=HOUR)
    knock.workflows.trigger("w", recipients=["ana"])
    sim.workflow("w", channels=["in_app_feed"])
    sim.advance(hours=1)
    assert sent(sim) == [("ana", "email_1")]


def test_runs_end_when_their_workflow_becomes_inactive(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"], delay=HOUR)
    knock.workflows.trigger("w", recipients=["ana"])
    sim.workflow("w", channels=["email"], active=False)
    sim.advance(hours=1)
    assert sent(sim) == []
    assert [(skip.channel, skip.reason) for skip in sim.skips()] == [(None, "workflow_inactive")]


def test_a_throttle_limits_the_runs_of_each_recipient(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Throttle(HOUR, limit=2), Send("email")])
    for _ in range(3):
        knock.workflows.trigger("w", recipients=["ana", "ben"])
        sim.advance(minutes=10)
    assert [message.recipient for message in sim.messages()] == ["ana", "ben"] * 2
    assert [(skip.to, skip.reason, skip.detail) for skip in sim.skips()] == [
        ("ana", "throttled", "throttle_1"),
        ("ben", "throttled", "throttle_1"),
    ]
    sim.advance(minutes=30)
    knock.workflows.trigger("w", recipients=["ana"])
    assert len(sim.messages()) == 5


@pytest.mark.parametrize("key", ["alert", "data.alert", "{{ data.alert }}"])
def test_a_throttle_counts_each_key_separately(knock: Any, sim: Simulator, key: str) -> None:
    sim.workflow("w", steps=[Throttle(HOUR, key=key), Send("email")])
    for alert in ("a", "b", "a"):
        knock.workflows.trigger("w", recipients=["ana"], data={"alert": alert})
    assert [message.data for message in sim.messages()] == [{"alert": "a"}, {"alert": "b"}]


def test_a_throttle_whose_key_is_missing_is_skipped(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Throttle(HOUR, key="alert"), Send("email")])
    for _ in range(2):
        knock.workflows.trigger("w", recipients=["ana"])
    assert len(sim.messages()) == 2
    assert [run.error_count for run in knock.workflow_recipient_runs.list().items] == [1, 1]


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("every_trigger", [None, None, "acme", "acme"]),
        ("once_per_recipient", [None]),
        ("once_per_recipient_per_tenant", [None, "acme"]),
    ],
)
def test_trigger_frequency(knock: Any, sim: Simulator, frequency: Any, expected: list[str | None]) -> None:
    sim.workflow("w", channels=["email"], trigger_frequency=frequency)
    for tenant in (None, None, "acme", "acme"):
        knock.workflows.trigger("w", recipients=["ana"], tenant=tenant)
    assert [message.tenant for message in sim.messages()] == expected
    assert {skip.reason for skip in sim.skips()} <= {"trigger_frequency"}
    assert len(sim.skips()) == 4 - len(expected)


def test_trigger_data_is_validated_against_the_schema(knock: Any, sim: Simulator) -> None:
    schema = {
        "type": "object",
        "required": ["page"],
        "properties": {"page": {"type": "object", "properties": {"id": {"type": "string"}}}},
    }
    sim.workflow("w", data_schema=schema)
    for data, field, kind in ((None, "data", "required"), ({"page": {"id": 5}}, "data.page.id", "type")):
        with pytest.raises(UnprocessableEntityError) as caught:
            knock.workflows.trigger("w", recipients=["ana", {"id": "new"}], data=data)
        assert [(error.field, error.type) for error in caught.value.errors] == [(field, kind)]
    assert sim.messages() == []
    assert [user.id for user in knock.users.list().items] == ["ana", "ben"]
    knock.workflows.trigger("w", recipients=["ana"], data={"page": {"id": "p"}})
    assert len(sim.messages()) == 1


def test_sandbox_mode_runs_all_steps(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"], delay=HOUR)
    knock.workflows.trigger("w", recipients=["ana"], settings={"sandbox_mode": True})
    sim.advance(hours=2)
    assert [message.status for message in sim.messages()] == ["not_sent"]


CONDITION = {"variable": "data.x", "operator": "equal_to", "argument": 1}
INVALID: list[tuple[dict[str, Any], str]] = [
    ({"steps": [Delay()]}, "step delay_1: wait or until is missing"),
    ({"steps": [Delay(timedelta(days=366))]}, "365 days"),
    ({"steps": [Batch(timedelta())]}, "step batch_1: window"),
    ({"steps": [Batch(HOUR, max_activities=1)]}, "max_activities"),
    ({"steps": [Batch(HOUR, render_limit=101)]}, "render_limit"),
    ({"steps": [Batch(HOUR, sliding_limit=HOUR)]}, "sliding_limit"),
    ({"steps": [Throttle(timedelta(days=32))]}, "31 days"),
    ({"steps": [Throttle(HOUR, limit=0)]}, "limit"),
    ({"steps": [Send("email"), Send("sms", ref="email_1")]}, "two steps"),
    ({"steps": [Send("nowhere")]}, "no channel 'nowhere'"),
    ({"steps": [Send("email")], "channels": ["email"]}, "either steps"),
    ({"steps": [Send("email")], "delay": HOUR}, "either steps"),
    ({"steps": [Send("email", conditions=[{**CONDITION, "operator": "like"}])]}, "step email_1.0: `operator`"),
    ({"steps": [Send("email", conditions={"all": [], "some": []})]}, "`all` or `any`"),
    ({"conditions": [{**CONDITION, "operator": "equals"}]}, "did you mean 'equal_to'"),
    (
        {"conditions": [{**CONDITION, "variable": "recipeint.plan"}]},
        "workflow w.0: `variable` .* did you mean 'recipient'",
    ),
    ({"conditions": {"any": [{"all": [{**CONDITION, "argment": 1}]}]}}, "w.any.0.all.0: .* did you mean 'argument'"),
    ({"conditions": [{**CONDITION, "argument": "{{ data.x | nofilter }}"}]}, "nofilter"),
    ({"conditions": [{**CONDITION, "operator": ["equal_to"]}]}, "`operator` is not one of"),
    ({"conditions": {"none": [CONDITION]}}, "`all` or `any`"),
    ({"channels": ["email"], "templates": {"sms": {"body": "x"}}}, "does not send to"),
    ({"data_schema": {"type": "nothing"}}, "not a valid JSON schema"),
]


@pytest.mark.parametrize(("options", "message"), INVALID)
def test_invalid_workflows_are_rejected(options: dict[str, Any], message: str) -> None:
    sim = Simulator()
    with pytest.raises(ValueError, match=message):
        sim.workflow("w", **options)
    with settled_client(sim, "sync") as client:
        # The workflow was not declared, so any workflow can be triggered.
        client.workflows.trigger("w", recipients=[{"id": "ana"}])
