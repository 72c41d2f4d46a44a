"""The account that is fuzzed takes steps of every type, and what it has begun comes to an end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .account import build_account, finish, write_names

if TYPE_CHECKING:
    from pathlib import Path

STEPS = {
    "ai_agent",
    "batch",
    "branch",
    "channel",
    "delay",
    "http_fetch",
    "random_cohort",
    "throttle",
    "trigger_workflow",
    "update_audience",
    "update_data",
    "update_object",
    "update_tenant",
    "update_user",
    "wait_for_event",
}
"""The names of Knock's types of steps; guides, which make messages once users see them, are of the type `channel`."""
CHANNELS = {"chat", "email", "http", "in_app_feed", "push", "sms"}


def test_the_account_takes_steps_of_every_type_to_every_type_of_channel() -> None:
    simulator = build_account()
    assert finish(simulator) == set()
    client = simulator.client()
    found = {
        event.step_type
        for run in client.workflow_recipient_runs.list()
        for event in client.workflow_recipient_runs.get(run.id).events
    }
    assert found - {None} == STEPS
    assert {message.channel.type for message in simulator.outbox} == CHANNELS


def test_hooks_get_the_names_of_what_exists(tmp_path: Path) -> None:
    simulator = build_account()
    write_names(simulator, tmp_path / "names.json")
    names = json.loads((tmp_path / "names.json").read_text(encoding="utf-8"))
    assert all(names.values())
    client = simulator.client()
    assert {client.messages.get(name).id for name in names["message_id"]} == set(names["message_id"])
    assert [client.users.get(name).id for name in names["user_id"]] == names["user_id"]
    assert [client.tenants.get(name).id for name in names["tenants"]] == names["tenants"]
