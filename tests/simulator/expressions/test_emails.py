"""Emails: blocks, layouts, styles, MJML, the text version, and errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

LAYOUT = (
    "<html><head><title>{{ preview_text }}</title></head><body>{{ content }}<p>{{ footer_links }}</p></body></html>"
)


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", name="Ana", email="ana@x.example")
    return knock


def send(knock: Any, sim: Simulator, template: dict[str, Any], **options: Any) -> Any:
    """Send an email; return its contents."""
    sim.workflow("w", channels=["email"], templates={"email": {"subject": "S", **template}})
    knock.workflows.trigger("w", **{"recipients": ["ana"], **options})
    assert sim.messages(), sim.summary()
    return knock.messages.get_content(sim.messages()[-1].id).data


def fail(knock: Any, sim: Simulator, template: dict[str, Any], **options: Any) -> str:
    """Send an email that cannot be rendered; return the reason."""
    sim.workflow("w", channels=["email"], templates={"email": {"subject": "S", **template}})
    knock.workflows.trigger("w", **{"recipients": ["ana"], **options})
    assert sim.messages() == []
    (skip,) = sim.skips()
    assert (skip.channel, skip.reason) == ("email", "error")
    assert [run.status for run in knock.workflow_recipient_runs.list().items] == ["completed"]
    return skip.detail


def styles_of(html: str, name: str) -> dict[str, str]:
    """Return the styles in the element with a class."""
    found = re.search(rf'class="(?:[^"]* )?{name}(?: [^"]*)?"[^>]*style="([^"]*)"', html)
    assert found is not None, (name, html)
    pairs = (part.partition(":") for part in found[1].split(";") if part.strip())
    return {style.strip(): value.strip() for style, _, value in pairs}


@rule("int/email/layouts", "each block is in a row and a cell with the classes that layouts style")
@rule("mapi/EmailBlock", "emails have blocks of Markdown, HTML, buttons, images and dividers")
def test_each_block_has_its_structure(knock: Any, sim: Simulator) -> None:
    blocks = [
        {"type": "markdown", "content": "# Hi {{ recipient.name }}\n\n**{{ data.raw }}** & co"},
        {"type": "button_set", "buttons": [{"label": "Open {{ n }}", "action": "https://x.example/?a=1&b={{ n }}"}]},
        {"type": "divider"},
        {"type": "image", "url": "https://x.example/i.png", "alt": "An image", "action": "https://x.example/{{ n }}"},
        {"type": "html", "content": "<b>{{ n }}</b>"},
        {"type": "row", "columns": [{"blocks": [{"type": "markdown", "content": "left"}]}, {"blocks": []}]},
    ]
    mail = send(knock, sim, {"visual_blocks": blocks}, data={"n": 7, "raw": "<i>*x*</i>"})
    html = mail.html_body
    rows = re.findall(r"block-row--(\w+)-v1", html)
    assert rows == ["markdown", "button_set", "divider", "image", "html", "row", "markdown"]
    assert '<h1 style="margin-top: 0' in html
    assert "<strong><i>*x*</i></strong> &amp; co" in html
    assert 'href="https://x.example/?a=1&amp;b=7"' in html
    assert ">Open 7</a>" in html
    assert re.search(
        r'<div class="block-image"><a href="https://x.example/7"[^>]*><img src="https://x.example/i.png"', html
    )
    assert styles_of(html, "block-divider")["border-bottom"] == "1px solid #dddee1"
    assert styles_of(html, "block-row__cell") == {
        "padding-top": "8px",
        "padding-right": "4px",
        "padding-bottom": "8px",
        "padding-left": "4px",
    }
    assert "<style" not in html
    assert mail.text_body == (
        "Hi Ana\n\n*x* & co\n\nOpen 7 (https://x.example/?a=1&b=7)\n\nAn image (https://x.example/7)\n\n7\n\nleft"
    )


@rule("mapi/EmailButtonSetBlock", "buttons have a variant, a size and styles of their own")
def test_buttons_have_their_styles_and_the_colours_of_the_branding(knock: Any, sim: Simulator) -> None:
    button = {
        "label": "Go",
        "action": "/go",
        "variant": "outline",
        "size_attrs": {"size": "sm", "is_fullwidth": True},
        "style_attrs": {"background_color": "primary_color", "text_color": "#123456", "border_radius": 6},
    }
    layout = {"horizontal_align": "center", "column_gap": 12, "padding_top": 40}
    blocks = [{"type": "button_set", "buttons": [button, {"label": "No", "action": "/no"}], "layout_attrs": layout}]
    tenant = {"id": "acme", "settings": {"branding": {"primary_color": "#abcdef"}}}
    html = send(knock, sim, {"visual_blocks": blocks}, tenant=tenant).html_body
    small = styles_of(html, "block-button--sm")
    assert (small["font-size"], small["line-height"], small["padding"]) == ("14px", "20px", "4px 8px")
    assert (small["background-color"], small["color"], small["border-radius"]) == ("#abcdef", "#123456", "6px")
    assert (small["display"], small["width"], small["margin-right"]) == ("block", "100%", "12px")
    assert "margin-right" not in styles_of(html, "block-button--md")
    assert styles_of(html, "block-row__cell")["text-align"] == "center"
    assert styles_of(html, "block-row__cell")["padding-top"] == "40px"


@rule("int/email/layouts", "there is a layout `default`, and layouts can show the preview text")
def test_the_default_layout_shows_preview_branding_and_a_whole_document(knock: Any, sim: Simulator) -> None:
    sim.set_variables({"branding": {"logo_url": "https://x.example/logo.png"}})
    template = {
        "body": "text",
        "preview_text": "Before {{ recipient.name }}",
        "settings": {"layout_key": "default"},
    }
    html = send(knock, sim, template).html_body
    assert html.lower().startswith("<!doctype html>")
    assert "Before Ana" in html
    assert 'src="https://x.example/logo.png"' in html
    assert "<p>text</p>" in html


@rule("mapi/EmailTemplate", "a template whose layout is null is a whole document")
def test_a_template_without_a_layout_stands_alone(knock: Any, sim: Simulator) -> None:
    assert send(knock, sim, {"html_body": "<p>Hi</p>"}).html_body == "<p>Hi</p>"
    whole = "<html><head><style>p { color: red }</style></head><body><p>Hi</p></body></html>"
    template = {"html_body": whole, "settings": {"layout_key": None}}
    assert 'p style="color: red' in send(knock, sim, template).html_body


@rule("int/email/layouts", "a layout shows the content, its links and the variables of the run, in HTML and as text")
@rule("int/email/overview", "styles are inlined")
@rule("mapi/EmailLayout", "the branding of a layout comes before that of the account")
def test_a_layout_wraps_the_email_and_its_styles_are_inlined(knock: Any, sim: Simulator) -> None:
    html = (
        "<html><head><style>.card { color: red } @media print { .card { color: black } }</style></head>"
        '<body class="card">{{ vars.branding.primary_color }} {{ data.n }} {{ content }} {{ footer_links }}'
        "</body></html>"
    )
    links = [{"text": "Home", "url": "{{ vars.app_url }}"}, {"text": "{{ recipient.name }}", "url": "/me"}]
    branding = {"primary_color": "#111111"}
    sim.layout("brand", html, text="{{ content }}\n-- {{ data.n }}", footer_links=links, branding=branding)
    sim.set_variables({"app_url": "https://x.example"})
    template = {"body": "Hi *Ana*", "settings": {"layout_key": "brand"}}
    mail = send(knock, sim, template, data={"n": 7})
    assert re.search(r'<body class="card" style="color: red;?">#111111 7 <p>Hi <em>Ana</em></p>', mail.html_body)
    assert '<a href="https://x.example">Home</a> | <a href="/me">Ana</a>' in mail.html_body
    assert "@media print" in mail.html_body
    assert mail.text_body == "Hi *Ana*\n-- 7"


@rule("int/email/layouts", "what a template assigns is seen after the content, what `pre_content` assigns everywhere")
@rule("int/email/layouts", "text in `pre_content` is shown in HTML and text")
def test_variables_are_assigned_in_the_order_of_the_document(knock: Any, sim: Simulator) -> None:
    layout = "<html><body>[{{ pre }}{{ body }}]{{ content }}[{{ pre }}{{ body }}]</body></html>"
    sim.layout("l", layout, text="{{ content }}")
    template = {
        "html_body": "{% assign body = 'b' %}({{ pre }})",
        "settings": {"layout_key": "l", "pre_content": "{% assign pre = 'p' %}"},
        "text_body": "text {{ pre }}",
    }
    mail = send(knock, sim, template)
    assert "<body>[p](p)[pb]</body>" in mail.html_body
    assert mail.text_body == "text p"
    template["settings"]["pre_content"] = "shown {% assign pre = 'p' %}"
    mail = send(knock, sim, template)
    assert "shown" in mail.html_body
    assert mail.text_body == "shown text p"


@rule("int/email/mjml", "under a layout in MJML a template is a fragment, and plain HTML in it is kept")
def test_mjml_is_compiled_with_html_in_it(knock: Any, sim: Simulator) -> None:
    sim.layout(
        "m",
        "<mjml><mj-body><mj-section><mj-column>{{ content }}</mj-column></mj-section></mj-body></mjml>",
        is_mjml=True,
    )
    sim.partial("badge", "<b>{{ text }}</b>")
    source = (
        "<mj-text>Hi <i>{{ recipient.name }}</i></mj-text><p class='x'>plain<br></p>{% render 'badge', text: 'new' %}"
    )
    template = {"html_body": source, "is_mjml": True, "settings": {"layout_key": "m"}}
    mail = send(knock, sim, template)
    assert mail.html_body.lower().startswith("<!doctype html>")
    assert "Hi <i>Ana</i>" in mail.html_body
    assert "plain<br>" in mail.html_body
    assert "<b>new</b>" in mail.html_body
    assert "<mj-" not in mail.html_body
    assert mail.text_body == "Hi Ana\n\nplain\n\nnew"


@rule("int/email/mjml", "a template in MJML without a layout is a document")
def test_mjml_without_a_layout_is_a_document(knock: Any, sim: Simulator) -> None:
    source = (
        "<mjml><mj-body><mj-section><mj-column><mj-button href='/go'>Go</mj-button></mj-column></mj-section>"
        "</mj-body></mjml>"
    )
    html = send(knock, sim, {"html_body": source, "is_mjml": True}).html_body
    assert 'href="/go"' in html
    assert "mj-button" not in html


MALFORMED = [
    ({"visual_blocks": "<p>"}, "visual_blocks: must be a list of blocks"),
    ({"visual_blocks": [1]}, "visual_blocks.0: must be an object"),
    ({"visual_blocks": [{}]}, "visual_blocks.0.type: is missing"),
    ({"visual_blocks": [{"type": "tag"}]}, "visual_blocks.0.type: 'tag' is no type of block"),
    ({"visual_blocks": [{"type": "markdown"}]}, "visual_blocks.0.content: is missing"),
    ({"visual_blocks": [{"type": "html", "content": 5}]}, "visual_blocks.0.content: must be a text"),
    ({"visual_blocks": [{"type": "button_set"}]}, "visual_blocks.0.buttons: is missing"),
    ({"visual_blocks": [{"type": "button_set", "buttons": "x"}]}, "visual_blocks.0.buttons: must be a list"),
    (
        {"visual_blocks": [{"type": "button_set", "buttons": [{"label": "Go"}]}]},
        "visual_blocks.0.buttons.0.action: is missing",
    ),
    ({"visual_blocks": [{"type": "image", "url": None}]}, "visual_blocks.0.url: is missing"),
    ({"visual_blocks": [{"type": "divider", "layout_attrs": 1}]}, "visual_blocks.0.layout_attrs: must be an object"),
    ({"visual_blocks": [{"type": "row", "columns": [{}]}]}, "visual_blocks.0.columns.0.blocks: is missing"),
    ({"visual_blocks": [{"type": "partial", "key": "no"}]}, "visual_blocks.0: no partial 'no' is declared"),
    (
        {"visual_blocks": [{"type": "markdown", "content": "{{ 1 | divided_by: 0 }}"}]},
        "visual_blocks.0.content: divided",
    ),
    ({"html_body": 5}, "html_body: must be a text"),
    ({"subject": 5, "body": ""}, "subject: must be a text"),
    ({"body": "x", "settings": 5}, "settings: must be an object"),
    ({"body": "x", "settings": {"pre_content": "{{ 1 | divided_by: 0 }}"}}, "settings.pre_content: divided_by"),
    ({"body": "x", "settings": {"layout_key": "brandd"}}, "settings.layout_key: no layout 'brandd' is declared"),
    ({"body": "x", "settings": {"layout_key": "brandd"}}, "; did you mean 'brand'?"),
    ({"body": "x", "settings": {"layout_key": "broken"}}, "layout broken: divided_by"),
    (
        {"html_body": "x", "is_mjml": True, "settings": {"layout_key": "brand"}},
        "is_mjml: the layout 'brand' is not MJML",
    ),
    ({"html_body": "<mjml><mj-body>", "is_mjml": True}, "is_mjml: is not valid MJML"),
    ({"body": "x", "text_body": 5}, "text_body: must be a text"),
]


@rule("int/email/mjml", "a template in MJML needs a layout in MJML")
@pytest.mark.parametrize(("template", "message"), MALFORMED)
def test_a_malformed_template_ends_the_step_with_the_field(
    knock: Any, sim: Simulator, template: dict[str, Any], message: str
) -> None:
    sim.layout("brand", LAYOUT)
    sim.layout("broken", LAYOUT.replace("{{ preview_text }}", "{{ 1 | divided_by: 0 }}"))
    detail = fail(knock, sim, template)
    assert detail.startswith("email_1.")
    assert message in detail
    assert detail.removeprefix("email_1.").split(":")[0] in sim.summary()


MISSPELT = [
    ({"sujbect": "x"}, "unknown field sujbect; email templates have .*; did you mean 'subject'"),
    ({"settings": {"layout": "x"}}, "settings: unknown field layout; .*; did you mean 'layout_key'"),
    ({"visual_blocks": [{"type": "markdwon"}]}, "visual_blocks.0.type: 'markdwon' is no type .*'markdown'"),
    ({"visual_blocks": [{"type": "image", "ulr": "x"}]}, "visual_blocks.0: unknown field ulr .*'url'"),
    ({"html_body": "x", "visual_blocks": []}, "either html_body or visual_blocks"),
]


@rule("mapi/EmailTemplate", "an email has either HTML or blocks")
@pytest.mark.parametrize(("template", "message"), MISSPELT)
def test_a_misspelt_field_is_refused_when_declared(sim: Simulator, template: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"workflow w, step email_1.*{message}"):
        sim.workflow("w", channels=["email"], templates={"email": template})


def test_a_button_of_a_feed_without_an_action_ends_the_step(knock: Any, sim: Simulator) -> None:
    template = {"markdown_body": "x", "action_buttons": [{"label": "Go"}]}
    sim.workflow("w", templates={"in_app_feed": template})
    knock.workflows.trigger("w", recipients=["ana"])
    assert [(skip.channel, skip.detail) for skip in sim.skips()] == [
        ("in_app_feed", "in_app_feed_1.action_buttons.0.action: is missing")
    ]
