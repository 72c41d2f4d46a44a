"""Contents of messages beside the template: addresses that a step sets, settings of push and SMS, attachments."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Batch, Send, Simulator

from ..rules.table import rule

if TYPE_CHECKING:
    from pathlib import Path

FILE = {"name": "a.txt", "content_type": "text/plain", "content": b64encode(b"text").decode()}


@pytest.fixture
def knock(knock: Any, sim: Simulator) -> Any:
    push = {sim.channel("push").id: {"tokens": ["t"]}}
    knock.users.update("ana", name="Ana", email="ana@x.example", phone_number="+12025550100", channel_data=push)
    knock.users.update("ben", name="Ben")
    return knock


def send(knock: Any, sim: Simulator, step: Send, to: str = "ana", **options: Any) -> tuple[Any, Any]:
    """Send a message; return its contents, and the body of the call to the provider."""
    sim.workflow("w", steps=[step])
    knock.workflows.trigger("w", **{"recipients": [to], **options})
    assert sim.messages(), sim.summary()
    message = sim.messages()[-1]
    sim.advance(minutes=1)
    (log,) = knock.messages.list_delivery_logs(message.id).items
    return knock.messages.get_content(message.id).data, log.request.body


def fail(knock: Any, sim: Simulator, step: Send, **options: Any) -> str:
    """Send a message that cannot be rendered; return the reason."""
    sim.workflow("w", steps=[step])
    knock.workflows.trigger("w", **{"recipients": ["ana"], **options})
    assert sim.messages() == []
    (skip,) = sim.skips()
    assert skip.reason == "error"
    return skip.detail


EMAIL = {"subject": "S", "body": "text"}


@rule("int/email/settings", "a step sets addresses in Liquid; copies are lists with commas")
def test_an_email_has_the_addresses_that_the_step_sets(knock: Any, sim: Simulator) -> None:
    overrides = {
        "to_address": "{{ data.to }}",
        "cc_address": "c@x.example, d@x.example",
        "bcc_address": "{{ data.missing }}",
        "reply_to_address": "{{ actor.name | downcase }}@x.example",
        "from_address": "{{ vars.sender }}",
        "from_name": "{{ recipient.name }} & co",
    }
    sim.set_variables({"sender": "team@x.example"})
    mail, _ = send(knock, sim, Send("email", EMAIL, overrides=overrides), actor="ben", data={"to": "x@x.example"})
    assert (mail.to, mail.cc, mail.bcc) == ("x@x.example", "c@x.example, d@x.example", None)
    assert (mail.reply_to, mail.from_) == ("ben@x.example", "Ana & co <team@x.example>")


@pytest.mark.parametrize(
    ("overrides", "sender"),
    [
        (None, "Knock simulator <simulator@knock.invalid>"),
        ({"from_address": "a@x.example"}, "Knock simulator <a@x.example>"),
        ({"from_name": "A"}, "A <simulator@knock.invalid>"),
        ({"from_name": "{{ data.missing }}", "link_tracking": True}, "Knock simulator <simulator@knock.invalid>"),
    ],
)
def test_the_sender_is_overridden_in_parts(
    knock: Any, sim: Simulator, overrides: dict[str, Any] | None, sender: str
) -> None:
    mail, _ = send(knock, sim, Send("email", EMAIL, overrides=overrides))
    assert (mail.from_, mail.to, mail.cc) == (sender, "ana@x.example", None)


def test_an_address_of_the_step_stands_for_the_recipients(knock: Any, sim: Simulator) -> None:
    to = {"to_address": "{{ data.to }}"}
    mail, _ = send(knock, sim, Send("email", EMAIL, overrides=to), to="ben", data={"to": "x@x.example"})
    assert mail.to == "x@x.example"
    knock.workflows.trigger("w", recipients=["ben"], data={})
    assert [(skip.to, skip.reason, skip.detail) for skip in sim.skips()] == [("ben", "no_address", "email")]


@rule("int/email/settings", "JSON overrides are merged into the call to the provider")
@rule("int/email/attachments", "attachments are at the template's key in the data, and not in the content of the API")
def test_json_overrides_and_attachments_reach_the_provider(knock: Any, sim: Simulator) -> None:
    overrides = {"json_overrides": '{"headers": {"X-Id": "{{ recipient.id }}"}}'}
    template = {**EMAIL, "settings": {"attachment_key": "files.all"}}
    mail, call = send(knock, sim, Send("email", template, overrides=overrides), data={"files": {"all": [FILE, FILE]}})
    assert (call["headers"], call["attachments"]) == ({"X-Id": "ana"}, [FILE, FILE])
    assert call["subject_line"] == "S"
    assert "attachments" not in mail.model_dump()


@rule("int/email/attachments", "a batch has the attachments of its first activity alone")
def test_the_attachments_after_a_batch_are_those_of_the_first_activity(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(timedelta(hours=1)), Send("email", EMAIL)])
    for name in ("first", "second"):
        knock.workflows.trigger("w", recipients=["ana"], data={"attachments": {**FILE, "name": name}})
    sim.advance(hours=2)
    (log,) = knock.messages.list_delivery_logs(sim.messages()[0].id).items
    assert [file["name"] for file in log.request.body["attachments"]] == ["first"]


ATTACHMENTS = [
    ("x", "data.attachments: must be an attachment or a list of them"),
    ([1], "data.attachments.0: must be an object with name, content_type, content"),
    ([FILE, {**FILE, "content": None}], "data.attachments.1.content: is missing, or is no text"),
    ({**FILE, "content": "not base64!"}, "data.attachments.content: is not in base64"),
]


@pytest.mark.parametrize(("value", "message"), ATTACHMENTS)
def test_a_malformed_attachment_ends_the_step(knock: Any, sim: Simulator, value: Any, message: str) -> None:
    assert message in fail(knock, sim, Send("email", EMAIL), data={"attachments": value})


@rule("mapi/SmsTemplate", "an SMS goes to the number of the template, else to that of the recipient")
def test_an_sms_has_the_number_that_the_step_sets(knock: Any, sim: Simulator) -> None:
    settings = {"to_number": "{{ data.number }}", "payload_overrides": '{"from": "{{ recipient.name }}"}'}
    step = Send("sms", {"text_body": "x", "settings": settings})
    sms, call = send(knock, sim, step, to="ben", data={"number": "+12025550199"})
    assert (sms.to, sms.body, call["payload"]) == ("+12025550199", "x", {"from": "Ben"})
    sms, _ = send(knock, sim, step, data={})
    assert sms.to == "+12025550100"


@rule("int/push", "the payload of a push notification has the data and the message's id")
def test_a_push_notification_carries_the_data(knock: Any, sim: Simulator) -> None:
    push, call = send(knock, sim, Send("push", {"title": "T", "text_body": "B"}), data={"n": 1})
    data = {"n": 1, "knock_message_id": sim.messages()[-1].id}
    assert (push.title, push.body, push.data, push.token) == ("T", "B", data, "t")
    assert call["payload"] == {"title": "T", "body": "B", "data": data}


@rule("int/push", "a silent push notification has no title and no text, but the data")
def test_a_silent_push_notification_shows_nothing(knock: Any, sim: Simulator) -> None:
    step = Send("push", {"title": "T", "text_body": "B", "settings": {"delivery_type": "silent"}})
    push, call = send(knock, sim, step, data={"n": 1})
    assert (push.title, push.body, push.data["n"]) == ("", "", 1)
    assert call["payload"]["data"]["n"] == 1
    assert "title" not in call["payload"]


@rule("int/push", "overrides are merged into the payload, unless their strategy is `replace`")
@pytest.mark.parametrize(
    ("overrides", "payload"),
    [
        ('{"title": "{{ recipient.name }}", "badge": 1}', {"title": "Ana", "body": "B", "badge": 1}),
        ('{"__strategy__": "replace", "badge": 1}', {"badge": 1}),
        ({"badge": 2}, {"title": "T", "body": "B", "badge": 2}),
        ("", {"title": "T", "body": "B"}),
    ],
)
def test_payload_overrides_are_merged_or_replace(
    knock: Any, sim: Simulator, overrides: Any, payload: dict[str, Any]
) -> None:
    template = {"title": "T", "text_body": "B", "settings": {"payload_overrides": overrides}}
    _, call = send(knock, sim, Send("push", template))
    assert {name: value for name, value in call["payload"].items() if name != "data"} == payload


ERRORS = [
    (
        Send("email", EMAIL, overrides={"to_address": "{{ 1 | divided_by: 0 }}"}),
        "channel_overrides.to_address: divided",
    ),
    (Send("email", EMAIL, overrides={"json_overrides": "{{ 1 }}"}), "json_overrides: must render to a JSON object"),
    (Send("email", EMAIL, overrides={"json_overrides": "{"}), "json_overrides: is not JSON once rendered"),
    (Send("sms", {"text_body": "x", "settings": 5}), "settings: must be an object"),
    (
        Send("push", {"text_body": "x", "settings": {"payload_overrides": "[1]"}}),
        "settings.payload_overrides: must render to a JSON object",
    ),
]


@pytest.mark.parametrize(("step", "message"), ERRORS)
def test_what_cannot_be_rendered_ends_the_step(knock: Any, sim: Simulator, step: Send, message: str) -> None:
    detail = fail(knock, sim, step)
    assert detail.startswith(f"{step.channel}_1.")
    assert message in detail


REFUSED = [
    (Send("email", EMAIL, overrides={"to_adress": "x"}), "overrides: unknown field to_adress; .*'to_address'"),
    (Send("email", EMAIL, overrides={"to_address": "{{ x | no }}"}), "overrides.to_address: unknown Liquid filter: no"),
    (
        Send("in_app_feed", overrides={"to_address": "x"}),
        "overrides: unknown field to_address; .* override link_tracking",
    ),
    (
        Send("push", {"text_body": "x", "settings": {"delivery_type": "quiet"}}),
        "settings.delivery_type: takes content or silent",
    ),
    (Send("sms", {"text_body": "x", "settings": {"to_numbr": "x"}}), "settings: unknown field to_numbr; .*'to_number'"),
]


@pytest.mark.parametrize(("step", "message"), REFUSED)
def test_what_a_channel_does_not_have_is_refused(sim: Simulator, step: Send, message: str) -> None:
    with pytest.raises(ValueError, match=f"workflow w, step {step.channel}_1.*{message}"):
        sim.workflow("w", steps=[step])


def test_the_overrides_of_a_file_apply(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    step = {
        "type": "channel",
        "ref": "email_1",
        "channel_key": "email",
        "template": EMAIL,
        "channel_overrides": {"from_address": "a@x.example", "link_tracking": True, "open_tracking": None},
    }
    (tmp_path / "workflow.json").write_text(json.dumps({"name": "W", "steps": [step], "__readonly": {"key": "w"}}))
    sim.load_workflows(tmp_path)
    knock.workflows.trigger("w", recipients=["ana"])
    assert knock.messages.get_content(sim.messages()[0].id).data.from_ == "Knock simulator <a@x.example>"


REQUEST = {
    "method": "put",
    "url": "https://{{ vars.host }}/users/{{ recipient.id }}?a=1",
    "headers": [{"key": "X-Id", "value": "{{ data.n }}"}],
    "query_params": [{"key": "name", "value": "{{ recipient.name }} & co"}],
    "body": '{"n": {{ data.n }}}',
}


@rule("int/webhook/overview", "a webhook has a method, a URL, headers, a query and a body, in Liquid")
def test_a_webhook_makes_the_request_of_its_template(knock: Any, sim: Simulator) -> None:
    sim.set_variables({"host": "hook.example"})
    sim.workflow("w", steps=[Send("http", REQUEST)])
    knock.workflows.trigger("w", recipients=["ana"], data={"n": 1})
    sim.advance(minutes=1)
    (log,) = knock.messages.list_delivery_logs(sim.messages()[0].id).items
    request = log.request
    assert (request.method, request.host, request.path) == ("PUT", "hook.example", "/users/ana")
    assert (request.query, request.headers) == ("a=1&name=Ana+%26+co", {"X-Id": "1"})
    assert request.body == {"n": 1}


@pytest.mark.parametrize(
    ("changes", "query", "headers", "body"),
    [
        ({"method": "get"}, "name=Ana+%26+co", {"X-Id": "1"}, ""),
        ({"headers": '{"A": "{{ data.n }}"}', "query_params": None}, None, {"A": "1"}, {"n": 1}),
        ({"headers": {"A": "{{ data.n }}"}, "query_params": ""}, None, {"A": "1"}, {"n": 1}),
        ({"headers": [], "body": "plain {{ data.n }}"}, "name=Ana+%26+co", {}, "plain 1"),
        ({"headers": [], "query_params": [], "body": "[1]"}, None, {}, "[1]"),
    ],
)
def test_the_parts_of_a_webhooks_request(
    knock: Any, sim: Simulator, *, changes: dict[str, Any], query: str | None, headers: Any, body: Any
) -> None:
    sim.workflow("w", steps=[Send("http", {**REQUEST, "url": "https://h.example/", **changes})])
    knock.workflows.trigger("w", recipients=["ana"], data={"n": 1})
    sim.advance(minutes=1)
    (log,) = knock.messages.list_delivery_logs(sim.messages()[0].id).items
    assert (log.request.query, log.request.headers, log.request.body) == (query, headers, body)


WEBHOOKS = [
    ({"url": ""}, "http_1.url: '' is no URL"),
    ({"url": "{{ data.missing }}/x"}, "http_1.url: '/x' is no URL that begins with https://"),
    ({"url": "https://[x"}, "http_1.url: 'https://[x' is no URL"),
    ({"headers": "[1]"}, "http_1.headers: must render to a JSON object"),
    ({"headers": 5}, "http_1.headers: must be a list of objects with key and value"),
    ({"query_params": [{"value": "x"}]}, "http_1.query_params.0: must be an object with key and value"),
    ({"body": 5}, "http_1.body: must be a text"),
]


@pytest.mark.parametrize(("changes", "message"), WEBHOOKS)
def test_a_request_that_cannot_be_made_ends_the_step(
    knock: Any, sim: Simulator, changes: dict[str, Any], message: str
) -> None:
    sim.set_variables({"host": "hook.example"})
    assert message in fail(knock, sim, Send("http", {**REQUEST, **changes}), data={"n": 1})


@rule("preferences/commercial-unsubscribe", "whoever follows the link gets no more commercial messages")
def test_the_unsubscribe_link_of_a_commercial_email_ends_commercial_emails(knock: Any, sim: Simulator) -> None:
    step = Send("email", {"subject": "S", "html_body": "{{ vars.commercial_unsubscribe_url }}"})
    sim.workflow("ads", steps=[step], commercial=True)
    sim.workflow("news", steps=[step])
    for workflow in ("ads", "news"):
        knock.workflows.trigger(workflow, recipients=["ana"])
    ads, news = sim.messages()
    url = knock.messages.get_content(ads.id).data.html_body
    assert knock.messages.get_content(news.id).data.html_body == ""
    sim.advance(minutes=1)
    (log,) = knock.messages.list_delivery_logs(ads.id).items
    assert log.request.body["headers"] == {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    (log,) = knock.messages.list_delivery_logs(news.id).items
    assert "headers" not in log.request.body
    sim.click(ads, url)
    assert knock.users.get_preferences("ana", "default").commercial_subscribed is False
    for workflow in ("ads", "news"):
        knock.workflows.trigger(workflow, recipients=["ana"])
    assert [(skip.workflow, skip.detail) for skip in sim.skips()] == [("ads", "commercial_subscribed")]


def test_an_error_that_nobody_foresaw_ends_the_step(
    knock: Any, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise KeyError("no such thing")

    monkeypatch.setattr("knock_sdk.testing.expressions.emails.emails.render", break_down)
    assert fail(knock, sim, Send("email", EMAIL)) == "email_1: KeyError: 'no such thing'"
    assert [run.status for run in knock.workflow_recipient_runs.list().items] == ["completed"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"layout_key": ["x"]}, "settings.layout_key: must be the key of a layout"),
        ({"attachment_key": 5}, "settings.attachment_key: must be a path in the data"),
        ({"pre_content": 5}, "settings.pre_content: must be a text"),
    ],
)
def test_settings_of_other_types_end_the_step(
    knock: Any, sim: Simulator, settings: dict[str, Any], message: str
) -> None:
    assert fail(knock, sim, Send("email", {**EMAIL, "settings": settings})) == f"email_1.{message}"
