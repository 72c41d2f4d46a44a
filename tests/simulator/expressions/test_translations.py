"""Translations (template-editor/translations): which text a key has, plural forms, the tag, and where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

CART = {
    "cart": {
        "title": "Your cart",
        "hello": "Hello {{ name }}, {{ recipient.name }}",
        "items": {"zero": "empty", "one": "one item", "other": "{{ count }} items"},
        "files": {"one": "a file", "other": "{{ count }} files"},
        "bold": "**b**",
    },
    "dotted.key": "not reached",
}


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", name="Ana", email="ana@x.example", phone_number="+12025550100", locale="fr-BE")
    knock.users.update("ben", name="Ben", phone_number="+12025550101")
    return knock


def render(knock: Any, sim: Simulator, source: str, to: str = "ana", **options: Any) -> str:
    """Render a template as the text of an SMS."""
    sim.workflow("w", channels=["sms"], templates={"sms": {"text_body": source}})
    knock.workflows.trigger("w", **{"recipients": [to], "data": {"n": 3}, **options})
    assert sim.skips() == []
    body: str = knock.messages.get_content(sim.messages()[-1].id).data.body
    return body


KEYS = [
    ("{{ 'cart.title' | t }}", "Your cart"),
    ("{{ 'cart.hello' | t: name: 'you' }}", "Hello you, Ana"),
    ("{{ 'cart.items' | t: count: 0 }}", "empty"),
    ("{{ 'cart.items' | t: count: 1 }}", "one item"),
    ("{{ 'cart.items' | t: count: data.n }}", "3 items"),
    ("{{ 'cart.files' | t: count: 0 }}", "0 files"),
    ("{{ 'cart.title' | t | upcase }}", "YOUR CART"),
    ("{{ 'cart.nothing' | t | default: 'Hello' }}", "Hello"),
    ("{{ 'cart' | t | default: 'no text' }}", "no text"),
    ("{{ 'emails:cart.title' | t }}", "Mail"),
    ("{{ 'dotted.key' | t }}", ""),
    ("{% t %}Hello {{ recipient.name }}{% endt %}", "Hello Ana"),
    ("{% t %}Bye {{ recipient.name }}{% endt %}", "Tschüs Ana"),
    ("{% assign x = 1 %}a {%- t -%} {{ x }} {%- endt -%} b", "a1b"),
]


@rule("te/translations", "a key is a path after a namespace, and its text is Liquid with the filter's values")
@rule("te/translations", "`count` chooses `zero`, `one` or `other`; without `zero`, 0 takes `other`")
@rule("te/translations", "the text between `t` and `endt` is its key, and what is shown if no translation has it")
@pytest.mark.parametrize(("source", "expected"), KEYS)
def test_a_key_leads_to_its_text(knock: Any, sim: Simulator, source: str, expected: str) -> None:
    sim.translation("en", CART)
    sim.translation("en", {"cart": {"title": "Mail"}}, namespace="emails")
    sim.translation("fr", {"Bye {{ recipient.name }}": "Tschüs {{ recipient.name }}"}, namespace="system")
    assert render(knock, sim, source) == expected


# Those that come first win: a tenant's own, even of the account's locale, before everybody's.
ORDER = [("acme", "fr-BE"), ("acme", "fr"), ("acme", "de"), (None, "fr-BE"), (None, "fr"), (None, "de")]


@rule("mtn/per-tenant-translations", "a tenant's texts come first, in all locales, then everybody's")
@rule("te/translations", "a locale with a region comes before its language, and that before the account's locale")
@pytest.mark.parametrize("first", range(len(ORDER)))
def test_the_tenant_comes_before_the_locale(knock: Any, sim: Simulator, first: int) -> None:
    sim.default_locale = "de"
    sim.translation("fr-BE", {"b": "another key"}, tenant="acme")
    for tenant, locale in ORDER[first:]:
        sim.translation(locale, {"a": f"{tenant} {locale}"}, tenant=tenant)
    sim.translation("it", {"a": "never"})
    tenant, locale = ORDER[first]
    assert render(knock, sim, "{{ 'a' | t }}", tenant="acme") == f"{tenant} {locale}"


def test_tenants_and_locales_of_others_have_no_effect(knock: Any, sim: Simulator) -> None:
    sim.translation("fr", {"a": "acme"}, tenant="acme")
    sim.translation("fr", {"a": "fr"})
    sim.translation("en", {"a": "en"})
    assert sim.default_locale == "en"
    assert render(knock, sim, "{{ 'a' | t }}") == "fr"
    assert render(knock, sim, "{{ 'a' | t }}", to="ben") == "en"


@rule("te/translations", "Markdown in a translation is rendered in feeds, in emails only with `from_markdown`")
def test_markdown_in_a_translation_is_rendered_in_feeds_and_not_in_emails(knock: Any, sim: Simulator) -> None:
    sim.translation("en", CART)
    feed, email = {"markdown_body": "{{ 'cart.bold' | t }}"}, {"subject": "S", "body": "{{ 'cart.bold' | t }}"}
    sim.workflow("w", channels=["in_app_feed", "email"], templates={"in_app_feed": feed, "email": email})
    knock.workflows.trigger("w", recipients=["ana"])
    first, second = (knock.messages.get_content(message.id).data for message in sim.messages())
    assert first.blocks[0].rendered == "<p><strong>b</strong></p>"
    assert second.html_body == "<p>**b**</p>"
    email["body"] = "{{ 'cart.bold' | t | from_markdown }}"
    sim.workflow("w", channels=["email"], templates={"email": email})
    knock.workflows.trigger("w", recipients=["ana"])
    assert "<strong>b</strong>" in knock.messages.get_content(sim.messages()[-1].id).data.html_body


def test_a_translation_that_fails_ends_the_step(knock: Any, sim: Simulator) -> None:
    sim.translation("en", {"a": "{{ 1 | divided_by: 0 }}"})
    sim.workflow("w", channels=["sms"], templates={"sms": {"text_body": "{{ 'a' | t }}"}})
    knock.workflows.trigger("w", recipients=["ana"])
    assert [skip.detail for skip in sim.skips()] == ["sms_1.translation a: divided_by: can't divide by 0"]


REFUSED = [
    ({"a": {"b": 5}}, TypeError, "translation fr.a.b: must be a text, or an object with texts"),
    ({"a": "{% if %}"}, ValueError, "translation fr.a: "),
    (["a"], TypeError, "translation fr: must be an object"),
]


@pytest.mark.parametrize(("content", "error", "message"), REFUSED)
def test_malformed_translations_are_refused(sim: Simulator, content: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        sim.translation("fr", content)


def test_a_feed_shows_its_items_in_a_locale(knock: Any, sim: Simulator) -> None:
    channel = sim.channel("in_app_feed").id
    sim.translation("en", {"a": "Hello {{ recipient.name }}"})
    sim.translation("de", {"a": "Hallo {{ recipient.name }}"})
    template = {"markdown_body": "{{ 'a' | t }} {{ data.n }} {{ current_message.id }}"}
    sim.workflow("w", templates={"in_app_feed": template})
    sim.workflow("plain")
    knock.workflows.trigger("w", recipients=["ben"], data={"n": 5})
    knock.workflows.trigger("plain", recipients=["ben"])

    def bodies(**query: Any) -> list[str]:
        items = knock.users.feeds.list_items("ben", channel, **query).items
        return [item.blocks[0].rendered for item in items]

    message = sim.messages()[0].id
    plain, first = bodies()
    assert first == f"<p>Hello Ben 5 {message}</p>"
    assert bodies(locale="de") == [plain, f"<p>Hallo Ben 5 {message}</p>"]
    assert bodies(locale="de-AT") == [plain, f"<p>Hallo Ben 5 {message}</p>"]
    assert bodies(locale="it") == [plain, first]
    assert bodies() == [plain, first]
