"""Fields of workflow files: misspelt ones are refused with the nearest right one; types of channels left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.support.pair import settled_client

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator

MINUTES = {"unit": "minutes", "value": 5}
EVENT = {"event_type": "recipient"}
GID = "gid://Object/$users/u1"


def load(sim: Simulator, folder: Path, *steps: Any, **fields: Any) -> list[str]:
    folder.mkdir(exist_ok=True)
    content = {"name": "W", "steps": [{"ref": "s", **step} for step in steps], **fields}
    (folder / "workflow.json").write_text(json.dumps(content))
    return sim.load_workflows(folder)


def step(kind: str, settings: Any = None, **fields: Any) -> dict[str, Any]:
    return {"type": kind, **({} if settings is None else {"settings": settings}), **fields}


def channel(**fields: Any) -> dict[str, Any]:
    return {"type": "channel", "channel_key": "email", **fields}


MISSPELT = [
    (channel(conditon={}), "the step has no field 'conditon'; did you mean 'conditions'"),
    (channel(chanel_type="email"), "the step has no field 'chanel_type'; did you mean 'channel_type'"),
    (
        channel(channel_overrides={"to_adress": "x"}),
        "overrides: unknown field to_adress; .*; did you mean 'to_address'",
    ),
    (
        channel(channel_key="sms", channel_overrides={"cc_address": "x"}),
        "overrides: unknown field cc_address; steps of sms channels override link_tracking",
    ),
    (channel(template={"subjet": "x"}), "subjet"),
    (step("dealy", {"delay_for": MINUTES}), "there is no step of type 'dealy'; did you mean 'delay'"),
    (step("delay", {"delay": MINUTES}), "settings has no field 'delay'; did you mean 'delay_for'"),
    (step("delay", {"delay_for": {"unit": "minute", "value": 5}}), "delay_for is not a duration"),
    (
        step("batch", {"batch_windw_type": "fixed"}),
        "settings has no field 'batch_windw_type'; did you mean 'batch_window_type'",
    ),
    (
        step("batch", {"batch_window": MINUTES, "batch_window_type": "slidng"}),
        "batch_window_type: 'slidng' is not one of fixed, sliding; did you mean 'sliding'",
    ),
    (
        step("batch", {"batch_window": MINUTES, "batch_order": "ascending"}),
        "batch_order: 'ascending' is not one of asc, desc",
    ),
    (step("batch", {"batch_window": MINUTES, "batch_execution_mode": "flush"}), "batch_execution_mode: 'flush'"),
    (
        step("batch", {"batch_window": MINUTES, "workflow_version_mode": "last"}),
        "workflow_version_mode: 'last' is not one of latest, pinned",
    ),
    (step("batch", {"batch_window": MINUTES, "batch_items_max_limit": "5"}), "batch_items_max_limit is not an integer"),
    (step("throttle", {"throttle_limt": 1}), "settings has no field 'throttle_limt'; did you mean 'throttle_limit'"),
    (step("throttle", {"throttle_window": MINUTES, "throttle_limit": 0}), "limit: takes at least 1"),
    (
        step("http_fetch", {"method": "gett", "url": "x"}),
        "method: 'gett' is not one of get, post, put, delete, patch; did you mean 'get'",
    ),
    (step("http_fetch", {"method": "get"}), "url is missing"),
    (step("http_fetch", {"url": "https://x.example"}), "method is missing"),
    (step("http_fetch", {"method": "get", "url": "x", "headers": [{"name": "a"}]}), "headers has no field 'name'"),
    (step("http_fetch", {"method": "get", "url": "{{ x"}), r"step s\.url"),
    (step("update_data", {}), "data is missing"),
    (step("update_data", {"data": "{{ 1 | nofilter }}"}), "nofilter"),
    (step("update_user", {"update_properties": "{}"}), "recipient_mode is missing"),
    (
        step("update_user", {"recipient_mode": "curent", "update_properties": "{}"}),
        "recipient_mode: 'curent' is not one of current, reference; did you mean 'current'",
    ),
    (step("update_user", {"recipient_mode": "reference", "update_properties": "{}"}), "recipient_gid is missing"),
    (
        step("update_user", {"recipient_mode": "reference", "recipient_gid": "u1", "update_properties": "{}"}),
        "recipient_gid: 'u1' is not like 'gid://Object/",
    ),
    (
        step("update_tenant", {"recipient_mode": "reference", "recipient_gid": GID, "update_properties": "{}"}),
        "is not like 'gid://Object/.tenants/<id>'",
    ),
    (step("update_object", {"recipient_gid": "gid://Object/projects/p1"}), "update_properties is missing"),
    (step("trigger_workflow", {}), "workflow_key is missing"),
    (
        step("trigger_workflow", {"workflow_key": "w", "recipient": "x"}),
        "settings has no field 'recipient'; did you mean 'recipients'",
    ),
    (step("wait_for_event", {"event": EVENT}), "expires_after is missing"),
    (
        step("wait_for_event", {"event": EVENT, "expires_after": MINUTES, "on_match": "stop"}),
        "on_match: 'stop' is not one of continue, halt",
    ),
    (
        step("wait_for_event", {"event": {"event_type": "user"}, "expires_after": MINUTES}),
        "event_type 'user' is not one of",
    ),
    (
        step("wait_for_event", {"event": EVENT, "expires_after": MINUTES, "match_conditions": [{"operator": "or"}]}),
        "operator: 'or' is not one of and",
    ),
    (step("ai_agent", {"model": "x:y"}), "request_prompt is missing"),
    (
        step("ai_agent", {"model": "x:y", "request_prompt": "x", "response_type": "xml"}),
        "response_type: 'xml' is not one of text, json",
    ),
    (
        step("ai_agent", {"model": "x:y", "request_prompt": "x", "response_type": "json", "response_schema": "{"}),
        "response_schema is not JSON",
    ),
    (
        step("branch", branches=[{"nam": "x", "steps": []}]),
        r"steps\.0\.branches\.0: the branch has no field 'nam'; did you mean 'name'",
    ),
    (
        step("branch", branches=[{"conditions": {"all": []}, "steps": [step("delay", {"delay_four": 1})]}]),
        r"steps\.0\.branches\.0\.steps\.0 \(None\): settings has no field 'delay_four'; did you mean 'delay_for'",
    ),
    (step("branch", branches=[{"steps": "x"}]), r"steps\.0\.branches\.0\.steps is missing, or is not a list"),
    (
        step("random_cohort", cohort_branches=[{"name": "A", "percent": 50}]),
        r"cohort_branches\.0: the cohort has no field 'percent'",
    ),
    (channel(channel_type="in_app_guide", channel_key=None), "guide_key is missing"),
    (channel(channel_type="emial"), "channel_type: 'emial' is not a channel type"),
    (
        channel(
            conditions={"all": [{"variable": "refs.t.status", "operator": "less_than", "argument": "$message.seen"}]}
        ),
        "'refs.t.status' in a condition: no step has the reference 't'",
    ),
    (channel(conditions={"all": [{"variable": "data.x", "operator": "equals"}]}), "`operator`"),
]


@pytest.mark.parametrize(("content", "message"), MISSPELT, ids=[message[:40] for _, message in MISSPELT])
def test_a_misspelt_field_of_a_step_is_refused(sim: Simulator, tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        load(sim, tmp_path / "w", content)
    assert str(error.value).startswith(f"{tmp_path / 'w' / 'workflow.json'}: ")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"trigger_frequency": "sometimes"}, "trigger_frequency: 'sometimes' is not one of every_trigger"),
        ({"trigger_frequency": "once_per_recipent"}, "did you mean 'once_per_recipient'"),
        ({"catgories": []}, "the workflow has no field 'catgories'; did you mean 'categories'"),
        ({"settings": {"is_comercial": True}}, "settings has no field 'is_comercial'; did you mean 'is_commercial'"),
        ({"settings": {"is_commercial": "yes"}}, "is_commercial is neither true nor false"),
        ({"settings": []}, "settings is not an object"),
    ],
)
def test_a_misspelt_field_of_a_workflow_is_refused(sim: Simulator, tmp_path: Path, fields: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(sim, tmp_path / "w", **fields)


def test_a_frequency_that_does_not_exist_is_refused_in_python_too(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="'once' is not one of every_trigger"):
        sim.workflow("w", trigger_frequency="once")  # type: ignore[arg-type]


def test_fields_that_files_of_the_cli_have_are_taken(sim: Simulator, tmp_path: Path) -> None:
    fields = {
        "$schema": "https://x.example",
        "__readonly": {"key": "k", "active": True, "valid": True, "sha": "x"},
        "description": "x",
        "tags": ["x"],
        "goal_attachment": None,
        "conditions": None,
        "settings": None,
        "trigger_data_json_schema": None,
    }
    assert load(sim, tmp_path / "w", channel(name="x", description=None, conditions=None), **fields) == ["k"]


TYPES = [
    ({"subject": "x", "html_body": "x"}, "email"),
    ({"visual_blocks": [], "settings": {}}, "email"),
    ({"settings": {"layout_key": "default"}, "text_body": "x"}, "email"),
    ({"text_body": "x"}, "sms"),
    ({"text_body": "x", "settings": {"to_number": "1"}}, "sms"),
    ({"title": "x", "text_body": "x"}, "push"),
    ({"text_body": "x", "settings": {"delivery_type": "silent"}}, "push"),
    ({"markdown_body": "x", "action_url": "x"}, "in_app_feed"),
    ({"markdown_body": "x", "action_buttons": []}, "in_app_feed"),
    ({"markdown_body": "x", "summary": "x"}, "chat"),
    ({"json_body": "{}"}, "chat"),
    ({"method": "post", "url": "https://x.example"}, "http"),
]


@pytest.mark.parametrize(("template", "kind"), TYPES)
def test_the_type_of_a_channel_follows_from_its_template(
    sim: Simulator, tmp_path: Path, template: Any, kind: str
) -> None:
    load(sim, tmp_path / "w", channel(channel_key="mine", template=template))
    assert sim.channel("mine").type == kind


@pytest.mark.parametrize("template", [{"markdown_body": "x"}, {}, None])
def test_a_type_that_is_not_clear_is_asked_for(sim: Simulator, tmp_path: Path, template: Any) -> None:
    mine = channel(channel_key="mine", template=template)
    message = r"steps\.0 \(s\): the type of the channel 'mine' is not known: add channel_type .* sim\.channel\('mine'"
    with pytest.raises(ValueError, match=message):
        load(sim, tmp_path / "w", mine)
    sim.channel("mine", type="chat")
    assert load(sim, tmp_path / "w", mine) == ["w"]


def test_another_file_may_give_the_type(sim: Simulator, tmp_path: Path) -> None:
    for name, fields in (("a", {}), ("b", {"channel_type": "chat"})):
        (tmp_path / name).mkdir()
        content = {"name": name, "steps": [{"ref": "s", **channel(channel_key="mine", **fields)}]}
        (tmp_path / name / "workflow.json").write_text(json.dumps(content))
    assert sim.load_workflows(tmp_path) == ["a", "b"]
    assert sim.channel("mine").type == "chat"


def test_a_type_that_is_another_than_declared_is_refused(sim: Simulator, tmp_path: Path) -> None:
    sim.channel("mine", type="sms")
    with pytest.raises(ValueError, match="channel_type: is email, but 'mine' is declared as sms"):
        load(sim, tmp_path / "w", channel(channel_key="mine", channel_type="email"))


def test_a_channel_group_is_declared_before_its_workflow(sim: Simulator, tmp_path: Path) -> None:
    group = {"type": "channel", "channel_group_key": "mails", "template": {"subject": "x", "html_body": "x"}}
    with pytest.raises(ValueError, match=r"no channel group 'mails' is declared: call sim\.channel_group\('mails'"):
        load(sim, tmp_path / "w", group)
    sim.channel_group("mails", ["email"])
    load(sim, tmp_path / "w", group)
    with settled_client(sim, "sync") as client:
        client.workflows.trigger("w", recipients=[{"id": "ana", "email": "a@x.example"}])
    assert [message.channel.key for message in sim.messages() if message.channel] == ["email"]


def test_json_files_are_texts_unless_they_hold_visual_blocks(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    items = '{% for each in data.list %}{"text": "{{ each }}"}{% unless forloop.last %},{% endunless %}{% endfor %}'
    body = f'{{"blocks": [{items}]}}'
    (tmp_path / "w" / "s").mkdir(parents=True)
    (tmp_path / "w" / "s" / "json_body.json").write_text(body)
    load(sim, tmp_path / "w", channel(channel_key="slack", template={"json_body@": "s/json_body.json", "summary": "x"}))
    slack = sim.channel("slack").id
    knock.users.set_channel_data("ana", slack, data={"connections": [{"access_token": "x", "channel_id": "C"}]})
    knock.workflows.trigger("w", recipients=["ana"], data={"list": [1, 2]})
    (message,) = sim.messages()
    template = knock.messages.get_content(message.id).data.template
    assert json.loads(json.dumps(template.json_content)) == {"blocks": [{"text": "1"}, {"text": "2"}]}


def test_a_value_in_place_wins_over_a_file(sim: Simulator, tmp_path: Path) -> None:
    template = {"subject": "x", "html_body": "in place", "html_body@": "nothing.html"}
    assert load(sim, tmp_path / "w", channel(template=template)) == ["w"]


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("nothing.html", FileNotFoundError, r"workflow\.json: steps\.0\.template\.html_body@: there is no file"),
        ("../x.html", ValueError, r"steps\.0\.template\.html_body@: .* is outside the folder"),
    ],
)
def test_a_file_that_cannot_be_read_names_its_field(
    sim: Simulator, tmp_path: Path, path: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        load(sim, tmp_path / "w", channel(template={"html_body@": path}))
