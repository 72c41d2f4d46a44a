"""Partials: what they see, the types of their values, style sheets and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", name="Ana", email="ana@x.example", phone_number="+12025550100")
    return knock


def render(knock: Any, sim: Simulator, source: str, data: dict[str, Any] | None = None) -> str:
    """Render a template as the text of an SMS; return what went wrong if it does not render."""
    sim.workflow("w", channels=["sms"], templates={"sms": {"text_body": source}})
    knock.workflows.trigger("w", recipients=["ana"], data=data or {})
    if not sim.messages():
        return sim.skips()[-1].detail
    body: str = knock.messages.get_content(sim.messages()[-1].id).data.body
    return body


DATA = {"yes": True, "no": False, "n": 5, "list": ["a"], "object": {"a": 1}, "nothing": None, "text": "t"}

# template-editor/partials: without a type in the input schema, every value is a text.
VALUES = [
    ("a: 'x'", "{{ a }}", [], "x"),
    ("a: data.text", "{{ a }}", [], "t"),
    ("a: data.no", "{{ a }}{% if a %} truthy{% endif %}", [], "false truthy"),
    ("a: data.n", "{{ a | append: '!' }}{% if a == 5 %} number{% endif %}", [], "5!"),
    ("a: data.list", "{{ a }}", [], '["a"]'),
    ("a: data.object", "{% assign b = a | from_json %}{{ b.a }}", [], "1"),
    ("a: data.missing", "[{{ a }}]{% if a %} truthy{% endif %}", [], "[] truthy"),
    ("a: data.nothing", "[{{ a }}]{% if a == blank %} blank{% endif %}", [], "[] blank"),
    ("a: data.no", "{% unless a %}false{% endunless %}", [{"key": "a", "type": "boolean"}], "false"),
    ("a: data.n", "{% if a == 5 %}five{% endif %}", [{"key": "a", "type": "number"}], "five"),
    ("a: data.list", "{{ a[0] }}", [{"key": "a", "type": "list"}], "a"),
    ("a: data.object", "{{ a.a }}", [{"key": "a", "type": "json"}], "1"),
    ("a: data.n", "{% if a == '5' %}text{% endif %}", [{"key": "a", "type": "text"}], "text"),
    ("b: 1", "[{{ a }}]", [{"key": "a", "type": "text"}], "[]"),
    ("b: 1", "{{ a }}", [{"key": "a", "type": "text", "settings": {"default": "d"}}], "d"),
    ("b: 1", "{% if a == false %}false{% endif %}", [{"key": "a", "type": "boolean"}], "false"),
    (
        "b: 1",
        "{% if a == true %}true{% endif %}",
        [{"key": "a", "type": "boolean", "settings": {"default": True}}],
        "true",
    ),
    ("a: 'x'", "[{{ data.text }}{{ recipient.name }}{{ workflow.key }}{{ current_message.id }}]", [], "[]"),
    ("a: 'x'", "{{ vars.app_url }} {{ vars.branding.primary_color }}", [], "https://x.example #000000"),
]


@rule("te/partials", "a value of a partial is a text, unless the input schema gives it another type")
@rule("te/partials", "a field of the input schema that is not passed has its default")
@rule("sk/extracting-partials", "a partial sees what is passed to it and `vars`, and nothing else")
@pytest.mark.parametrize("row", VALUES)
def test_a_partial_sees_its_values_and_variables(knock: Any, sim: Simulator, row: tuple[Any, ...]) -> None:
    arguments, content, fields, expected = row
    sim.set_variables({"app_url": "https://x.example"})
    sim.partial("p", content, type="text", fields=fields)
    assert render(knock, sim, f"{{% render 'p', {arguments} %}}", DATA) == expected


def test_what_a_partial_assigns_stays_in_it(knock: Any, sim: Simulator) -> None:
    sim.partial("p", "{% assign x = 'inner' %}{{ x }}{{ outer }}", type="text")
    source = "{% assign outer = 'o' %}{% assign x = 'outer' %}{% render 'p' %} {{ x }}"
    assert render(knock, sim, source) == "inner outer"


@rule("te/partials", "partials nest up to five deep")
def test_partials_nest_five_deep(knock: Any, sim: Simulator) -> None:
    sim.partial("p", "{{ n }}{% assign m = n | minus: 1 %}{% if m > 0 %}{% render 'p', n: m %}{% endif %}", type="text")
    assert render(knock, sim, "{% render 'p', n: 5 %}") == "54321"
    assert sim.skips() == []
    sim.partial("q", "{% render 'q' %}", type="text")
    sim.workflow("w2", channels=["sms"], templates={"sms": {"text_body": "{% render 'q' %}"}})
    knock.workflows.trigger("w2", recipients=["ana"])
    assert [skip.detail for skip in sim.skips()] == ["sms_1.partial q: the partial 'q' is nested more than 5 deep"]


@rule("mapi/Partial", "a partial in Markdown becomes HTML")
def test_markdown_partials_become_html(knock: Any, sim: Simulator) -> None:
    sim.partial("p", "**{{ a }}**", type="markdown")
    assert render(knock, sim, "{% render 'p', a: 'x' %}") == "<p><strong>x</strong></p>"


@rule(
    "te/partials",
    "style sheets of partials go to the head of the layout, identical ones once; without one they are dropped",
)
@rule("mapi/EmailPartialBlock", "a block can be a partial with its values, and has no row")
def test_the_styles_of_partials_go_into_the_head_once(knock: Any, sim: Simulator) -> None:
    style = "<style>{% assign c = 'red' %}.card { color: {{ c }} } @media print { .card { color: {{ tint }} } }</style>"
    sim.partial("card", style + "<div class='card'>{{ c }}{{ title }}</div>")
    blocks = [
        {"type": "partial", "key": "card", "name": "Card", "attrs": {"title": "{{ data.title }}", "tint": "blue"}},
        {"type": "partial", "key": "card", "name": "Card", "attrs": {"title": "two", "tint": "blue"}},
    ]
    sim.workflow("w", channels=["email"], templates={"email": {"subject": "S", "visual_blocks": blocks}})
    knock.workflows.trigger("w", recipients=["ana"], data={"title": "one"})
    html = knock.messages.get_content(sim.messages()[-1].id).data.html_body
    assert html.count("@media print") == 1
    assert html.index("@media print") < html.index("</head>")
    assert html.count('<div class="card" style="color: red') == 2
    assert "block-row" not in html
    assert html.index(">one</div>") < html.index(">two</div>")
    source = "<p>{% render 'card', title: 'alone' %}</p>"
    sim.workflow("w", channels=["email"], templates={"email": {"subject": "S", "html_body": source}})
    knock.workflows.trigger("w", recipients=["ana"])
    alone = knock.messages.get_content(sim.messages()[-1].id).data.html_body
    assert alone == "<p><div class='card'>alone</div></p>"


ERRORS = [
    ("{% render 'crad' %}", "sms_1.text_body: no partial 'crad' is declared, with sim.partial() or in partials/crad/"),
    ("{% render 'crad' %}", "; did you mean 'card'?"),
    ("{% render 'card' %}", "sms_1.partial card: divided_by: can't divide by 0"),
]


@pytest.mark.parametrize(("source", "message"), ERRORS)
def test_a_partial_that_fails_is_named(knock: Any, sim: Simulator, source: str, message: str) -> None:
    sim.partial("card", "{{ 1 | divided_by: 0 }}")
    assert message in render(knock, sim, source)


REFUSED = [
    ({"content": "{% if %}"}, "partial p.content: "),
    ({"content": "", "type": "hmtl"}, "partial p.type: 'hmtl' is not one of .*; did you mean 'html'"),
    ({"content": "", "fields": [{"type": "text"}]}, "partial p.input_schema.0: must be an object with key and type"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_a_malformed_partial_is_refused(sim: Simulator, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.partial("p", **arguments)
