"""Layouts, partials and translations from the folders that Knock's CLI pulls, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ..rules.table import rule

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Hello {{ recipient.name }}"
msgstr "Bonjour {{ recipient.name }}"

msgid "item"
msgid_plural "items"
msgstr[0] "un"
msgstr[1] "plusieurs"

msgid "untranslated"
msgstr ""
"""
FILES: dict[str, Any] = {
    "layouts/brand/layout.json": {
        "name": "Brand",
        "html_layout@": "html_layout.html",
        "text_layout@": "text_layout.txt",
        "footer_links": [{"text": "Home", "url": "{{ vars.app_url }}"}],
        "is_mjml": False,
        "branding_overrides": {"primary_color": "#123456"},
        "$schema": "https://schemas.knock.app/cli/email_layout.json",
        "__readonly": {"key": "brand"},
    },
    "layouts/brand/html_layout.html": (
        "<html><body>{{ vars.branding.primary_color }} {{ content }} {{ footer_links }}</body></html>"
    ),
    "layouts/brand/text_layout.txt": "{{ content }} -- brand",
    "partials/card/partial.json": {
        "name": "Card",
        "type": "html",
        "content@": "content.html",
        "visual_block_enabled": True,
        "input_schema": [{"key": "n", "type": "number", "label": "N"}],
    },
    "partials/card/content.html": "<i>{% if n == 1 %}one{% endif %}</i>",
    "translations/fr/fr.json": {"title": "Titre"},
    "translations/fr/emails.fr.json": {"title": "Titre de courriel"},
    "translations/fr/system.fr.po": PO,
    "translations/fr/notes.txt": "not read",
    "workflows/w/workflow.json": {
        "name": "W",
        "steps": [
            {
                "type": "channel",
                "ref": "email_1",
                "channel_key": "postmark",
                "channel_type": "email",
                "template": {
                    "subject": "{{ 'title' | t }}: {{ 'emails:title' | t }}",
                    "html_body@": "email_1/html_body.html",
                    "settings": {"layout_key": "brand"},
                },
            },
            {
                "type": "channel",
                "ref": "chat_1",
                "channel_key": "slack",
                "channel_type": "chat",
                "template": {"json_body@": "chat_1/json_body.json"},
            },
        ],
    },
    "workflows/w/email_1/html_body.html": (
        "{% render 'card', n: 1 %} {% t %}Hello {{ recipient.name }}{% endt %} {{ 'system:item' | t: count: 2 }}"
    ),
    "workflows/w/chat_1/json_body.json": (
        '{"blocks": [{% for x in data.list %}"{{ x }}"{% unless forloop.last %},{% endunless %}{% endfor %}]}'
    ),
}


def write(folder: Path, **changes: Any) -> Path:
    """Write the files of a project below a folder; return the folder."""
    for name, content in {**FILES, **changes}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("path", ["workflows", "workflows/w", "workflows/w/workflow.json"])
def test_the_folders_beside_the_workflows_are_loaded(knock: Any, sim: Simulator, tmp_path: Path, path: str) -> None:
    sim.set_variables({"app_url": "https://x.example"})
    assert sim.load_workflows(write(tmp_path) / path) == ["w"]
    hook = {"connections": [{"incoming_webhook": {"url": "https://hook.example"}}]}
    ana = {"id": "ana", "name": "Ana", "email": "ana@x.example", "locale": "fr"}
    knock.users.update("ana", channel_data={sim.channel("slack").id: hook})
    knock.workflows.trigger("w", recipients=[ana], data={"list": ["a", "b"]})
    email, chat = (knock.messages.get_content(message.id).data for message in sim.messages())
    assert email.subject_line == "Titre: Titre de courriel"
    assert "#123456 <i>one</i> Bonjour Ana plusieurs" in email.html_body
    assert '<a href="https://x.example">Home</a>' in email.html_body
    assert email.text_body == "one Bonjour Ana plusieurs -- brand"
    assert chat.template.json_content == {"blocks": ["a", "b"]}


def test_content_is_loaded_without_workflows(sim: Simulator, tmp_path: Path) -> None:
    assert sim.load_content(write(tmp_path)) == [
        "layouts/brand",
        "partials/card",
        "translations/emails.fr",
        "translations/fr",
        "translations/system.fr",
    ]
    assert sim.load_content(tmp_path / "workflows") == []


MALFORMED = [
    ("layouts/brand/layout.json", "{", "layout.json: is not JSON"),
    ("layouts/brand/layout.json", "[]", "layout.json: is not a JSON object"),
    ("layouts/brand/layout.json", {"html_layout": "<html></html>"}, "html_layout: has no {{ content }}"),
    ("layouts/brand/layout.json", {"html_layout": "{{ content }}"}, "is no HTML document: <html> is missing"),
    ("layouts/brand/layout.json", {"html_layout": "<html>{{ content }}", "is_mjml": True}, "is no MJML document"),
    ("layouts/brand/layout.json", {"html_layout": "<html>{{ content }}{% if %}"}, "layout.json.html_layout: "),
    (
        "layouts/brand/layout.json",
        {"html_layout": "<html>{{ content }}", "footer_links": [{"label": "x"}]},
        "footer_links.0: must be an object with text and url",
    ),
    ("layouts/brand/layout.json", {"html_layout@": "../x.html"}, "is outside the folder"),
    ("partials/card/partial.json", {"type": "html", "content": "{{ x | no }}"}, "unknown Liquid filter: no"),
    ("partials/card/partial.json", {"type": "markdwn"}, "did you mean 'markdown'"),
    ("translations/fr/fr.json", "[]", "must be an object"),
    ("translations/fr/fr.json", {"a": 5}, "fr.json: translation fr.a: must be a text"),
    ("translations/fr/system.fr.po", 'msgid "a', "is no file of gettext"),
]


@rule("int/email/layouts", "a layout is a whole document with a place for the content")
@pytest.mark.parametrize(("name", "content", "message"), MALFORMED)
def test_a_malformed_file_is_named_and_nothing_is_declared(
    sim: Simulator, tmp_path: Path, name: str, content: Any, message: str
) -> None:
    write(tmp_path, **{name: content})
    sim.partial("card", "as before")
    before = sim.snapshot().to_bytes()
    for load, path in ((sim.load_content, tmp_path), (sim.load_workflows, tmp_path / "workflows")):
        with pytest.raises(ValueError, match=name.rpartition("/")[2]) as caught:
            load(path)
        assert message in str(caught.value)
        assert sim.snapshot().to_bytes() == before


def test_a_missing_file_is_named_with_its_field(sim: Simulator, tmp_path: Path) -> None:
    write(tmp_path, **{"layouts/brand/layout.json": {"html_layout@": "none.html"}})
    with pytest.raises(FileNotFoundError, match=r"layout\.json: html_layout@: there is no file none\.html"):
        sim.load_content(tmp_path)


def test_a_workflow_that_is_refused_leaves_no_content_behind(sim: Simulator, tmp_path: Path) -> None:
    write(
        tmp_path,
        **{"workflows/w/workflow.json": {"steps": [{"type": "channel", "channel_key": "email"}, {"type": "no"}]}},
    )
    with pytest.raises(ValueError, match="no"):
        sim.load_workflows(tmp_path / "workflows")
    with sim.client() as client:
        sim.workflow("x", channels=["sms"], templates={"sms": {"text_body": "{% render 'card' %}"}})
        client.workflows.trigger("x", recipients=[{"id": "ana", "phone_number": "+12025550100"}])
    assert "no partial 'card' is declared" in sim.skips()[0].detail


def test_a_value_beside_a_reference_wins(sim: Simulator, tmp_path: Path) -> None:
    both = {"html_layout": "<html>{{ content }}</html>", "html_layout@": "none.html"}
    assert "layouts/brand" in sim.load_content(write(tmp_path, **{"layouts/brand/layout.json": both}))


def test_files_may_be_anywhere_in_the_folder(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    blocks = [{"type": "markdown", "content@": "../texts/1.md"}]
    step = {**FILES["workflows/w/workflow.json"]["steps"][0]}
    step["template"] = {"subject": "S", "visual_blocks@": "email_1/visual_blocks.json"}
    write(
        tmp_path,
        **{
            "workflows/w/workflow.json": {"steps": [step]},
            "workflows/w/email_1/visual_blocks.json": blocks,
            "workflows/w/texts/1.md": "from elsewhere",
        },
    )
    sim.load_workflows(tmp_path / "workflows")
    knock.workflows.trigger("w", recipients=[{"id": "ana", "email": "a@x.example"}])
    assert knock.messages.get_content(sim.messages()[0].id).data.text_body == "from elsewhere"
    blocks[0]["content@"] = "../../other/1.md"
    write(
        tmp_path, **{"workflows/w/workflow.json": {"steps": [step]}, "workflows/w/email_1/visual_blocks.json": blocks}
    )
    with pytest.raises(ValueError, match=r"visual_blocks\.json: 0\.content@: .* is outside the folder"):
        sim.load_workflows(tmp_path / "workflows")
