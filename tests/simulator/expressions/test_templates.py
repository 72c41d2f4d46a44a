"""Templates: variables, filters, rendering for each channel type, and errors."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from knock_sdk.testing import Batch, Send, Simulator

from ..rules.table import rule

MINUTE = timedelta(minutes=1)


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", name="Ana", email="ana@x.example", phone_number="+12025550100")
    knock.users.update("ben", name="Ben")
    return knock


def get_content(knock: Any, sim: Simulator) -> Any:
    """Return the content of the last message."""
    return knock.messages.get_content(sim.messages()[-1].id).data


def render(knock: Any, sim: Simulator, source: str, **options: Any) -> str:
    """Render a template as the body of an SMS."""
    sim.workflow("w", channels=["sms"], templates={"sms": {"text_body": source}}, categories=["news"], name="Weekly")
    knock.workflows.trigger("w", **{"recipients": ["ana"], **options})
    body: str = get_content(knock, sim).body
    return body


VARIABLES = [
    ("{{ data.page.name }}/{{ page.name }}", "Home/Home"),
    ("{{ recipient.name }} {{ recipient.id }}", "Ana ana"),
    ("{{ actor.name }}", "Ben"),
    ("{{ tenant.name }} {{ tenant.id }}", "Acme acme"),
    ("{{ workflow.key }} {{ workflow.name }} {{ workflow.categories | join: ',' }}", "w Weekly news"),
    ("{{ vars.app_url }}", "https://app.example"),
    ("{{ total_activities }} {{ total_actors }} {{ run.total_activities }}", "1 1 1"),
    (
        "{{ activities[0].page.name }} {{ activities[0].data.page.name }} {{ activities[0].actor.name }}",
        "Home Home Ben",
    ),
    ("{{ actors[0].name }}", "Ben"),
    ("{{ timestamp }}", "2026-01-05T09:00:00Z"),
    ("{{ missing.deeply | default: 'nothing' }}", "nothing"),
    ("{% if data.n > 1 %}many{% else %}one{% endif %}", "many"),
    ("{% for tag in tags %}{{ tag }};{% endfor %}", "a;b;"),
]


@pytest.mark.parametrize(("source", "expected"), VARIABLES)
def test_templates_read_variables(knock: Any, sim: Simulator, source: str, expected: str) -> None:
    sim.set_variables({"app_url": "https://app.example"})
    data = {"page": {"name": "Home"}, "n": 2, "tags": ["a", "b"], "recipient": "of no account"}
    tenant = {"id": "acme", "name": "Acme"}
    assert render(knock, sim, source, data=data, actor="ben", tenant=tenant) == expected


FILTERS = [
    ("{{ total_actors | pluralize: 'user', 'users' }}", "users"),
    ("{{ n | pluralize: 'user', 'users' }}", "user"),
    ("{{ price | currency }}", "$1,234.50"),
    ("{{ price | currency: 'GBP', 'en' }}", "£1,234.50"),
    ("{{ price | rounded_currency }}", "$1,235"),
    ("{{ price | format_number: 'de' }}", "1.234,5"),
    ("{{ tags | json }}", '["a","b"]'),
    ("{{ tags | intersect: others | join: ',' }}", "b"),
    ("{{ 'a fine day' | titlecase }}", "A Fine Day"),
    ("{{ 'x' | md5 }}", "9dd4e461268c8034f5c8564e155c67a6"),
    ("{{ 'x' | sha256 }}", sha256(b"x").hexdigest()),
    ("{{ 'x' | hmac_sha256: 'key' | size }}", "64"),
    ("{{ at | timezone: 'America/New_York' }}", "2026-07-01T08:00:00-04:00"),
    ("{{ at | date: '%H:%M %Z', 'America/New_York' }}", "08:00 EDT"),
    ("{{ at | date: '%Y' }}", "2026"),
    ("{{ 'now' | date: '%Y-%m-%d %H' }}", "2026-01-05 09"),
    ("{{ nothing | date: '%Y' }}", ""),
]


@pytest.mark.parametrize(("source", "expected"), FILTERS)
def test_filters(knock: Any, sim: Simulator, source: str, expected: str) -> None:
    data = {"n": 1, "price": 1234.5, "tags": ["a", "b"], "others": ["b", "c"], "at": "2026-07-01T12:00:00Z"}
    assert render(knock, sim, source, data=data) == expected


def test_an_email_renders_subject_html_and_text(knock: Any, sim: Simulator) -> None:
    template = {"subject": "{{ actor.name }} commented", "body": "Hi **{{ recipient.name }}**,\n\n{{ data.comment }}"}
    sim.workflow("w", channels=["email"], templates={"email": template})
    knock.workflows.trigger("w", recipients=["ana"], actor="ben", data={"comment": "Done & dusted."})
    mail = get_content(knock, sim)
    assert mail.subject_line == "Ben commented"
    assert mail.html_body == "<p>Hi <strong>Ana</strong>,</p>\n<p>Done & dusted.</p>"
    assert mail.text_body == "Hi **Ana**,\n\nDone & dusted."
    assert mail.to == "ana@x.example"


@rule("mapi/EmailTemplate", "the text of an email is made from its HTML unless it is given")
def test_an_html_email_gets_a_text_body(knock: Any, sim: Simulator) -> None:
    template = {"subject": "S", "html_body": "<h1>Hi {{ recipient.name }}</h1><p>A &lt; B</p>"}
    sim.workflow("w", channels=["email"], templates={"email": template})
    knock.workflows.trigger("w", recipients=["ana"])
    assert get_content(knock, sim).html_body == "<h1>Hi Ana</h1><p>A &lt; B</p>"
    assert get_content(knock, sim).text_body == "Hi Ana\n\nA < B"


@rule("api/InAppFeedItem", "an item has a block of Markdown, and blocks for its URL and its buttons")
@rule("mapi/InAppFeedTemplate", "an in-app message has a body, a URL and buttons, all Liquid")
def test_an_in_app_message_renders_body_action_url_and_buttons(knock: Any, sim: Simulator) -> None:
    template = {
        "markdown_body": "**{{ actor.name }}** wrote",
        "action_url": "/pages/{{ page }}",
        "action_buttons": [{"label": "Open {{ page }}", "action": "/p/{{ page }}"}, {"label": "No", "action": "/no"}],
    }
    sim.workflow("w", templates={"in_app_feed": template})
    knock.workflows.trigger("w", recipients=["ana"], actor="ben", data={"page": 3})
    body, url, buttons = get_content(knock, sim).blocks
    assert (body.name, body.type, body.content) == ("body", "markdown", "**{{ actor.name }}** wrote")
    assert body.rendered == "<p><strong>Ben</strong> wrote</p>"
    assert (url.name, url.type, url.content, url.rendered) == ("action_url", "text", "/pages/{{ page }}", "/pages/3")
    assert [(button.label, button.action) for button in buttons.buttons] == [("Open 3", "/p/3"), ("No", "/no")]
    (item,) = knock.users.feeds.list_items("ana", sim.channel("in_app_feed").id).items
    assert [block.name for block in item.blocks] == ["body", "action_url", "actions"]


@rule("mapi/PushTemplate", "a push notification has a title and a text")
@rule("mapi/ChatTemplate", "a chat message is Markdown with a summary, or JSON")
def test_push_and_chat_templates_render(knock: Any, sim: Simulator) -> None:
    knock.users.update(
        "ana",
        channel_data={
            sim.channel("push").id: {"tokens": ["t"]},
            sim.channel("chat").id: {"connections": [{"incoming_webhook": {"url": "https://hook.example"}}]},
        },
    )
    templates = {
        "push": {"title": "Hi {{ recipient.name }}", "text_body": "{{ n }} new"},
        "chat": {"markdown_body": "*{{ n }}* new", "summary": "{{ n }}"},
    }
    sim.workflow("w", channels=["push", "chat"], templates=templates)
    knock.workflows.trigger("w", recipients=["ana"], data={"n": 2})
    push, chat = (knock.messages.get_content(message.id).data for message in sim.messages())
    assert (push.title, push.body, push.token) == ("Hi Ana", "2 new", "t")
    assert chat.template.summary == "2"
    assert [(block.type, block.content) for block in chat.template.blocks] == [("markdown", "*2* new")]
    sim.workflow("w", channels=["chat"], templates={"chat": {"json_body": '{"text": "{{ n }}"}'}})
    knock.workflows.trigger("w", recipients=["ana"], data={"n": 2})
    assert (get_content(knock, sim).template.json_content, get_content(knock, sim).template.blocks) == (
        {"text": "2"},
        None,
    )


def test_a_template_reads_the_activities_of_a_batch(knock: Any, sim: Simulator) -> None:
    source = (
        "{{ actor.name }} and {{ total_actors | minus: 1 }} more, {{ total_activities }} comments: "
        "{% for activity in activities %}{{ activity.actor.name }}: {{ activity.comment }} {% endfor %}"
    )
    sim.workflow("w", steps=[Batch(MINUTE), Send("sms", {"body": source})])
    for actor, comment in (("ben", "one"), ({"id": "cleo", "name": "Cleo"}, "two"), ("ben", "three")):
        knock.workflows.trigger("w", recipients=["ana"], actor=actor, data={"comment": comment})
    sim.advance(minutes=1)
    assert get_content(knock, sim).body == "Ben and 1 more, 3 comments: Ben: one Cleo: two Ben: three "


def test_a_template_reads_the_id_of_its_message(knock: Any, sim: Simulator) -> None:
    assert render(knock, sim, "{{ current_message.id }}") == sim.messages()[0].id


def test_a_template_reads_the_properties_of_the_subscription(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["sms"], templates={"sms": {"body": "{{ recipient.subscription.role }}"}})
    knock.objects.set("projects", "p")
    knock.objects.add_subscriptions("projects", "p", recipients=["ana"], properties={"role": "admin"})
    knock.workflows.trigger("w", recipients=[{"collection": "projects", "id": "p"}])
    assert get_content(knock, sim).body == "admin"


@pytest.mark.parametrize(
    ("template", "data", "message"),
    [
        ({"body": "{{ data.n | currency }}"}, {"n": "none"}, "'none' is not a number"),
        ({"body": "{{ '2026-01-01' | timezone: 'Moon/Base' }}"}, {}, "'Moon/Base' is not a time zone"),
        ({"body": "{{ 1 | divided_by: data.n }}"}, {"n": 0}, "divided_by: can't divide by 0"),
    ],
)
def test_a_template_that_fails_ends_the_run(
    knock: Any, sim: Simulator, template: dict[str, str], data: dict[str, Any], message: str
) -> None:
    sim.workflow("w", channels=["sms", "in_app_feed"], templates={"sms": template})
    knock.workflows.trigger("w", recipients=["ana"], data=data)
    assert sim.messages() == []
    failed = [(skip.channel, skip.reason, skip.detail) for skip in sim.skips()]
    assert failed == [("sms", "error", f"sms_1.body: {message}")]
    (run,) = knock.workflow_recipient_runs.list(has_errors=True).items
    failures = [event for event in knock.workflow_recipient_runs.get(run.id).events if event.status == "error"]
    assert [event.attempt for event in failures] == [1, 2, 3]
    assert all(event.data == {"field": "body", "message": message} for event in failures)


def test_a_template_that_renders_invalid_json_ends_the_run(knock: Any, sim: Simulator) -> None:
    chat = {sim.channel("chat").id: {"connections": [{"incoming_webhook": {"url": "https://hook.example"}}]}}
    sim.workflow("w", channels=["chat"], templates={"chat": {"json_body": "{ {{ n }}"}})
    knock.workflows.trigger("w", recipients=[{"id": "ana", "channel_data": chat}], data={"n": 1})
    assert [skip.reason for skip in sim.skips()] == ["error"]


@pytest.mark.parametrize(
    ("channel", "template", "message"),
    [
        ("email", {"subject": "{% if %}"}, "workflow w, step email_1.subject: "),
        ("email", {"subject": "{{ x | shout }}"}, "unknown Liquid filter: shout"),
        ("email", {"title": "x"}, "unknown field title; email templates have body"),
        ("email", {"visual_blocks": [{"type": "markdown", "content": "{{"}]}, "visual_blocks.0.content"),
        ("http", {"methd": "get"}, "unknown field methd; .*did you mean 'method'"),
        ("http", {"method": "gett"}, "method: 'gett' is not one of get, .*did you mean 'get'"),
    ],
)
def test_invalid_templates_are_rejected_when_declared(channel: str, template: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Simulator().workflow("w", channels=[channel], templates={channel: template})


WITHOUT_A_LIBRARY = """
import sys
sys.modules[sys.argv[1]] = None
from knock_sdk.testing import Simulator
sim = Simulator()
sim.workflow("w", channels=["email"])
sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "a@x.example"}])
assert len(sim.messages()) == 1
try:
    sim.workflow("w", channels=["email"], templates={"email": {"html_body": "x", "is_mjml": True}})
except ImportError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("liquid", "templates need python-liquid"),
        ("css_inline", "emails with styles need css-inline"),
        ("markdown_it", "templates need markdown-it-py and linkify-it-py"),
        ("linkify_it", "templates need markdown-it-py and linkify-it-py"),
        ("mjml", "templates in MJML need mjml-python"),
    ],
)
def test_libraries_are_needed_only_for_templates_and_missed_when_they_are_declared(module: str, message: str) -> None:
    command = [sys.executable, "-c", WITHOUT_A_LIBRARY, module]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{message}: pip install 'knock-sdk[simulator]'"
