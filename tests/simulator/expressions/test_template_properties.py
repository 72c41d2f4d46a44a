"""Properties of templates: whatever a template and its data are, a trigger succeeds and every run ends."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.testing import Send, Simulator
from knock_sdk.testing.expressions.emails.plain_text import to_text
from knock_sdk.testing.expressions.liquid import locale_filters
from knock_sdk.testing.expressions.liquid.liquid import load_environment
from knock_sdk.testing.expressions.liquid.markdown import template_to_html

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ARGUMENTS = st.sampled_from(
    [
        "'x'",
        "''",
        "1",
        "-1",
        "0",
        "1.5",
        "data.x",
        "data.missing",
        "'de'",
        "'EUR'",
        "'%Y %s'",
        "'1.2'",
        "nil",
        "true",
        "'now'",
    ]
)
FILTERS = st.sampled_from(sorted(load_environment().filters))


@st.composite
def outputs(draw: st.DrawFn) -> str:
    chain = draw(ARGUMENTS)
    for _ in range(draw(st.integers(0, 3))):
        arguments = ", ".join(draw(st.lists(ARGUMENTS, max_size=3)))
        chain += f" | {draw(FILTERS)}" + (f": {arguments}" if arguments else "")
    return f"{{{{ {chain} }}}}"


@st.composite
def sources(draw: st.DrawFn) -> str:
    parts = draw(
        st.lists(
            outputs()
            | st.text(max_size=6)
            | st.sampled_from(
                [
                    "{% if data.x %}a{% endif %}",
                    "{% for a in data.x %}{{ a }}{{ forloop.index }}{% endfor %}",
                    "{% assign y = data.x %}{{ y }}",
                    "{% t %}Hi {{ data.x }}{% endt %}",
                    "{% render 'card', a: data.x %}",
                    "{% render 'none' %}",
                    "{% case data.x %}{% when 1 %}b{% endcase %}",
                    "{% if x",
                    "**b**\n\n> c\n",
                    "<style>p{</style>",
                ]
            ),
            max_size=4,
        )
    )
    return "".join(parts)


NAMES = ["subject", "html_body", "text_body", "body", "visual_blocks", "settings", "is_mjml", "preview_text"]
TYPES = ["markdown", "html", "button_set", "image", "divider", "partial", "row", "other", None, 5]
FIELDS = [
    "content",
    "buttons",
    "url",
    "alt",
    "action",
    "key",
    "attrs",
    "columns",
    "layout_attrs",
    "style_attrs",
    "label",
]
ANY = VALUES | sources()


@st.composite
def blocks(draw: st.DrawFn) -> Any:
    block = draw(st.dictionaries(st.sampled_from(FIELDS), ANY | st.just("card") | st.just([{}]), max_size=4))
    return {**block, "type": draw(st.sampled_from(TYPES))}


def run(template: dict[str, Any], channel: str, data: Any, overrides: dict[str, Any] | None = None) -> None:
    """Declare a workflow with a template, if it can be declared, and run it."""
    sim = Simulator()
    sim.partial("card", "<i>{{ a }}</i>", fields=[{"key": "a", "type": "list"}])
    sim.translation("fr", {"Hi {{ data.x }}": "Salut {{ data.x }}"}, namespace="system")
    try:
        sim.workflow("w", steps=[Send(channel, template, overrides=overrides), Send("in_app_feed")])
    except (TypeError, ValueError) as error:
        if "workflow w, step" in str(error):
            return
        raise
    with sim.client() as client:
        person = {"email": "a@x.example", "phone_number": "1", "locale": "fr"}
        person["channel_data"] = {sim.channel("push").id: {"tokens": ["t"]}}
        people = [{"id": name, **person} for name in ("a", "b")]
        client.workflows.trigger("w", recipients=people, data={"x": data})
        runs = client.workflow_recipient_runs.list().items
    assert [each.status for each in runs] == ["completed"] * 2
    failed = [skip for skip in sim.skips() if skip.reason == "error"]
    assert len(sim.messages()) + 2 * len(failed) == 4
    assert all(skip.channel == channel and skip.detail.startswith(f"{channel}_1.") for skip in failed)


@settings(max_examples=200)
@given(source=sources(), data=VALUES)
def test_any_text(source: str, data: Any) -> None:
    run({"text_body": source}, "sms", data)


@settings(max_examples=150)
@given(template=st.dictionaries(st.sampled_from(NAMES), ANY, max_size=4), data=VALUES)
def test_any_fields_of_an_email(template: dict[str, Any], data: Any) -> None:
    run(template, "email", data)


SETTINGS = ["layout_key", "pre_content", "attachment_key", "to_number", "payload_overrides", "delivery_type"]
OVERRIDES = ["to_address", "from_name", "json_overrides"]


@settings(max_examples=200)
@given(
    channel=st.sampled_from(["email", "sms", "push"]),
    values=st.dictionaries(st.sampled_from(SETTINGS), ANY, max_size=3),
    overrides=st.dictionaries(st.sampled_from(OVERRIDES), ANY, max_size=2),
    data=VALUES,
)
def test_any_settings(channel: str, values: dict[str, Any], overrides: dict[str, Any], data: Any) -> None:
    run({"text_body": "x", "settings": values}, channel, data, overrides if channel == "email" else None)


@settings(max_examples=150)
@given(listed=st.lists(blocks(), max_size=3), data=VALUES)
def test_any_blocks(listed: list[Any], data: Any) -> None:
    run({"subject": "S", "visual_blocks": listed}, "email", data)


@settings(max_examples=100)
@given(
    template=st.dictionaries(st.sampled_from(["url", "method", "headers", "query_params", "body"]), ANY, max_size=4),
    data=VALUES,
)
def test_any_webhook(template: dict[str, Any], data: Any) -> None:
    run({"url": "https://x.example", **template}, "http", data)


@settings(max_examples=100)
@given(buttons=VALUES | st.lists(st.dictionaries(st.sampled_from(["label", "action"]), ANY), max_size=3), data=VALUES)
def test_any_feed_item(buttons: Any, data: Any) -> None:
    run({"markdown_body": "{{ data.x }}", "action_buttons": buttons}, "in_app_feed", data)


@given(source=sources())
def test_liquid_survives_markdown(source: str) -> None:
    html = template_to_html(source)
    for part in ("{% t %}", "{% render 'none' %}", "{{ a }}"):
        if part in source and "{% if x" not in source:
            assert part in html


@given(
    html=st.text()
    | st.lists(
        st.sampled_from(["<p>", "</p>", "<li>", "<ul>", "</ul>", "a", "<a href=x>", "</a>", "&"]), max_size=9
    ).map("".join)
)
def test_any_html_has_a_text(html: str) -> None:
    text = to_text(html)
    assert text == text.strip()
    assert "\n\n\n" not in text


def test_every_locale_is_one_of_babel() -> None:
    assert all(locale_filters._locale_of(name) for name in locale_filters.LOCALES)
