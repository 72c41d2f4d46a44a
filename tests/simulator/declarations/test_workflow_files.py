"""Workflow files as Knock's CLI pulls them: loading, running, errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import KnockError, UnprocessableEntityError
from tests.simulator.support.pair import settled_client

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator

COMMENTS: dict[str, Any] = {
    "name": "New comment",
    "categories": ["collaboration"],
    "trigger_frequency": "every_trigger",
    "settings": {"is_commercial": False, "override_preferences": True},
    "steps": [
        {
            "type": "batch",
            "ref": "batch_1",
            "name": "Batch",
            "settings": {
                "batch_key": "page_id",
                "batch_order": "asc",
                "batch_window": {"unit": "minutes", "value": 15},
                "batch_window_type": "fixed",
                "batch_execution_mode": "accumulate",
            },
        },
        {
            "type": "channel",
            "ref": "feed",
            "channel_key": "in-app-feed",
            "channel_type": "in_app_feed",
            "template": {"action_url": "{{ vars.app_url }}/pages/{{ page_id }}", "markdown_body@": "feed/body.md"},
        },
        {"type": "delay", "ref": "delay_1", "settings": {"delay_for": {"unit": "hours", "value": 1}}},
        {
            "type": "channel",
            "ref": "email_1",
            "channel_key": "postmark",
            "channel_type": "email",
            "conditions": {
                "all": [
                    {"variable": "refs.feed.engagement_status", "operator": "not_contains", "argument": "$message.seen"}
                ]
            },
            "template": {
                "settings": {"layout_key": "default"},
                "subject": "{{ total_activities }} on {{ page_name }}",
                "visual_blocks@": "email_1/visual_blocks.json",
            },
        },
    ],
    "$schema": "https://schemas.knock.app/cli/workflow.json",
    "__readonly": {"key": "new-comment", "active": True, "valid": True, "environment": "development"},
}
FILES = {
    "feed/body.md": "**{{ actor.name }}** wrote",
    "email_1/visual_blocks.json": json.dumps(
        [{"type": "markdown", "version": 1, "content@": "visual_blocks/1.content.md"}, {"type": "divider"}]
    ),
    "email_1/visual_blocks/1.content.md": "Hi {{ recipient.name }}",
}


def write(folder: Path, content: object = COMMENTS, files: dict[str, str] = FILES) -> Path:
    """Write a workflow's folder; return it."""
    for name, text in {**files, "workflow.json": json.dumps(content)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def with_fields(**changes: Any) -> dict[str, Any]:
    return {**COMMENTS, **changes}


def with_step(**step: Any) -> dict[str, Any]:
    return with_fields(steps=[*COMMENTS["steps"], {"ref": "extra", **step}])


def test_a_pulled_workflow_runs(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    sim.set_variables({"app_url": "https://app.example"})
    assert sim.load_workflows(write(tmp_path / "new-comment")) == ["new-comment"]
    knock.users.update("ana", name="Ana", email="ana@x.example")
    knock.users.update("ben", name="Ben")
    for page in ("p1", "p2", "p1"):
        data = {"page_id": page, "page_name": page.upper()}
        knock.workflows.trigger("new-comment", recipients=["ana"], actor="ben", data=data)
    sim.advance(minutes=15)
    first, second = sim.messages()
    body, url = knock.messages.get_content(first.id).data.blocks
    assert (body.rendered, url.rendered) == ("<p><strong>Ben</strong> wrote</p>", "https://app.example/pages/p1")
    assert (first.source.step_ref, first.source.categories) == ("feed", ["collaboration"])
    knock.messages.mark_as_seen(second.id)
    sim.advance(hours=1)
    (mail,) = sim.messages(channel="email")
    assert mail.channel.key == "postmark"
    content = knock.messages.get_content(mail.id).data
    assert (content.subject_line, content.text_body) == ("2 on P1", "Hi Ana")
    assert [(skip.channel, skip.reason) for skip in sim.skips()] == [("postmark", "conditions")]


@pytest.mark.parametrize("path", ["", "new-comment", "new-comment/workflow.json"])
def test_workflows_are_loaded_from_a_tree_a_folder_or_a_file(sim: Simulator, tmp_path: Path, path: str) -> None:
    write(tmp_path / "new-comment")
    write(tmp_path / "other", {"name": "Other", "steps": []}, {})
    assert sim.load_workflows(tmp_path / path) == (["new-comment", "other"] if path == "" else ["new-comment"])


def test_the_settings_of_a_workflow_file_apply(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["page_id"]}
    sim.load_workflows(
        write(
            tmp_path / "w",
            {
                "name": "Named by its folder",
                "conditions": {"all": [{"variable": "recipient.name", "operator": "exists"}]},
                "settings": {"is_commercial": True},
                "trigger_frequency": "once_per_recipient",
                "trigger_data_json_schema": schema,
                "steps": [{"type": "channel", "ref": "a", "channel_key": "email", "template": {"subject": "x"}}],
            },
            {},
        )
    )
    with pytest.raises(UnprocessableEntityError):
        knock.workflows.trigger("w", recipients=["ana"])
    ana = {"id": "ana", "name": "Ana", "email": "ana@x.example"}
    cleo = {**ana, "id": "cleo", "preferences": {"default": {"commercial_subscribed": False}}}
    for _ in range(2):
        knock.workflows.trigger("w", recipients=[ana, {"id": "ben"}, cleo], data={"page_id": 1})
    assert [message.recipient for message in sim.messages()] == ["ana"]
    reasons = [(skip.to, skip.reason) for skip in sim.skips()]
    assert reasons == [
        ("ben", "trigger_conditions"),
        ("cleo", "preferences"),
        ("ana", "trigger_frequency"),
        ("ben", "trigger_conditions"),
        ("cleo", "trigger_frequency"),
    ]


def test_an_inactive_workflow_cannot_be_triggered(sim: Simulator, tmp_path: Path) -> None:
    write(tmp_path / "w", with_fields(__readonly={"key": "off", "active": False}))
    assert sim.load_workflows(tmp_path) == ["off"]
    with settled_client(sim, "sync") as client, pytest.raises(KnockError, match="workflow_inactive"):
        client.workflows.trigger("off", recipients=[])


def test_throttle_delay_and_sliding_batch_steps_run(sim: Simulator, tmp_path: Path) -> None:
    steps = [
        {
            "type": "throttle",
            "ref": "t",
            "settings": {"throttle_limit": 2, "throttle_window": {"unit": "days", "value": 1}},
        },
        {"type": "delay", "ref": "d", "settings": {"delay_until_field_path": "data.at"}},
        {
            "type": "batch",
            "ref": "b",
            "settings": {
                "batch_window": {"unit": "minutes", "value": 1},
                "batch_window_type": "sliding",
                "batch_window_extension_limit": {"unit": "minutes", "value": 2},
                "batch_items_max_limit": 5,
                "batch_order": "desc",
            },
        },
        {
            "type": "channel",
            "ref": "c",
            "channel_key": "hook",
            "channel_type": "webhook",
            "template": {"url": "https://x.example"},
        },
    ]
    sim.load_workflows(write(tmp_path, with_fields(steps=steps), {}))
    with settled_client(sim, "sync") as client:
        for _ in range(3):
            at = {"unit": "seconds", "value": 30}
            client.workflows.trigger("new-comment", recipients=[{"id": "ana"}], data={"at": at})
            sim.advance(seconds=40)
        assert sim.messages() == []
        assert [skip.reason for skip in sim.skips()] == ["throttled"]
        sim.advance(minutes=2)
        (message,) = sim.messages()
        assert message.channel is not None
        assert (message.channel.key, message.channel.type) == ("hook", "http")


UNSUPPORTED = [
    ({"type": "teleport", "settings": {}}, "teleport"),
    ({"type": "update_audience", "settings": {}}, "update_audience"),
]


@pytest.mark.parametrize(("step", "message"), UNSUPPORTED)
def test_steps_of_unknown_types_are_rejected_or_skipped(
    sim: Simulator, tmp_path: Path, step: dict[str, Any], message: str
) -> None:
    write(tmp_path / "a")
    write(tmp_path / "b", with_fields(__readonly={"key": "b"}, steps=with_step(**step)["steps"]))
    with pytest.raises(ValueError, match=rf"b/workflow\.json: steps\.4 \(extra\): .*{message}"):
        sim.load_workflows(tmp_path)
    assert sim.load_workflows(tmp_path, unsupported="skip") == ["new-comment", "b"]


MALFORMED = [
    ({"name": "x"}, "steps is missing"),
    ([], "is not a JSON object"),
    (with_fields(steps=["x"]), r"steps\.0 is not an object"),
    (with_step(type="channel"), r"steps\.4 \(extra\): channel_key is missing"),
    (with_step(type="delay", settings={"delay_for": "5 minutes"}), "delay_for is not a duration"),
    (with_step(type="delay", settings=[]), "settings is not an object"),
    (with_step(type="delay", settings={}), "step extra: wait or until is missing"),
    (with_step(type="channel", channel_key="email", template={"subject": "{{"}), "step extra.subject"),
    (
        with_step(type="channel", channel_key="email", template={"html_body@": "../../secret"}),
        "is outside the folder",
    ),
    (with_fields(conditions={"all": [{"variable": "x", "operator": "like"}]}), "`operator`"),
    (with_fields(conditions={"all": "x"}), r"b/workflow\.json: workflow new-comment\.all: conditions must be a list"),
    (with_step(type="channel", channel_key="in_app_guide"), "the step for it is Guide"),
    (with_fields(trigger_data_json_schema={"type": 5}), "not a valid JSON schema"),
]


@pytest.mark.parametrize(("content", "message"), MALFORMED)
def test_malformed_files_change_nothing(sim: Simulator, tmp_path: Path, content: Any, message: str) -> None:
    sim.workflow("before")
    write(tmp_path / "a", with_fields(__readonly={"key": "a"}))
    write(tmp_path / "b", content)
    with pytest.raises(ValueError, match=message):
        sim.load_workflows(tmp_path)
    with settled_client(sim, "sync") as client, pytest.raises(KnockError, match="workflow_missing"):
        client.workflows.trigger("a", recipients=[])
    with pytest.raises(ValueError, match="no channel 'postmark'"):
        sim.channel("postmark")


def test_missing_and_unreadable_files_are_reported(sim: Simulator, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no workflow\.json"):
        sim.load_workflows(tmp_path)
    with pytest.raises(FileNotFoundError):
        sim.load_workflows(tmp_path / "none.json")
    write(tmp_path / "w", files={})
    with pytest.raises(FileNotFoundError):
        sim.load_workflows(tmp_path)
    (tmp_path / "w" / "workflow.json").write_text("{")
    with pytest.raises(ValueError, match="is not JSON"):
        sim.load_workflows(tmp_path)
