"""Templates: times in two locales, limits of what they read, and what they evaluate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Batch, Send

from .scenes import HOUR, status, trigger, where
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

HELPERS = "te/reference-liquid-helpers"


def render(knock: Any, sim: Simulator, source: str, **options: Any) -> str:
    """Render a template as the text of an SMS."""
    sim.workflow("w", steps=[Send("sms", {"text_body": source})])
    trigger(knock, **options)
    assert sim.messages(), sim.summary()
    body: str = knock.messages.get_content(sim.messages()[-1].id).data.body
    return body


# Locale, lengths of the date and the time, and the forms that the document shows for 31 December 2023, 14:30:45.
TIMES = [
    ("en-US", "short", "short", "12/31/23, 2:30 PM"),
    ("en-US", "medium", "medium", "Dec 31, 2023, 2:30:45 PM"),
    ("en-GB", "short", "short", "31/12/2023, 14:30"),
    ("en-GB", "medium", "medium", "31 Dec 2023, 14:30:45"),
]


@rule(HELPERS, "times have the form of the locale, with a plain space before PM")
@pytest.mark.parametrize(("locale", "date", "time", "expected"), TIMES)
def test_times_in_a_locale(knock: Any, sim: Simulator, *, locale: str, date: str, time: str, expected: str) -> None:
    source = f"{{{{ data.at | format_datetime_in_locale: '{locale}', '{date}', '{time}' }}}}"
    assert render(knock, sim, source, data={"at": "2023-12-31T14:30:45Z"}) == expected


# The same for dates alone.
DATES = [
    ("en-GB", "short", "31/12/2023"),
    ("en-GB", "medium", "31 Dec 2023"),
    ("en-GB", "long", "31 December 2023"),
    ("en-GB", "full", "Sunday, 31 December 2023"),
    ("en-US", "short", "12/31/23"),
]


@rule(HELPERS, "the length of a date is `short` unless it is given")
@pytest.mark.parametrize(("locale", "date", "expected"), DATES)
def test_dates_in_a_locale(knock: Any, sim: Simulator, locale: str, date: str, expected: str) -> None:
    length = "" if date == "short" else f", '{date}'"
    source = f"{{{{ data.at | format_date_in_locale: '{locale}'{length} }}}}"
    assert render(knock, sim, source, data={"at": "2023-12-31T14:30:45Z"}) == expected


@rule(HELPERS, "`subscriptions` loads up to 25")
@pytest.mark.parametrize(("count", "loaded"), [(3, "3"), (25, "25"), (26, "25")])
def test_the_number_of_subscriptions(knock: Any, sim: Simulator, count: int, loaded: str) -> None:
    for number in range(count):
        knock.objects.set("projects", f"p{number}")
        knock.objects.add_subscriptions("projects", f"p{number}", recipients=["ana"])
    assert render(knock, sim, "{% assign s = 'ana' | subscriptions %}{{ s | size }}") == loaded


@rule("te/variables", "`actors` has each actor once, up to ten")
def test_actors(knock: Any, sim: Simulator) -> None:
    source = "{{ actors | size }} {{ total_actors }} {{ activities | size }} {{ total_activities }}"
    sim.workflow("w", steps=[Batch(HOUR), Send("sms", {"text_body": source})])
    people = [{"id": f"a{number}"} for number in range(12)]
    for actor in [people[0], *people[:8]]:
        trigger(knock, actor=actor)
    sim.advance(HOUR)
    for actor in people:
        trigger(knock, actor=actor)
    sim.advance(HOUR)
    bodies = [knock.messages.get_content(message.id).data.body for message in sim.messages()]
    assert bodies == ["8 8 9 9", "10 12 10 12"]


@rule("te/testing-and-debugging", "Liquid in comments of HTML is evaluated")
@pytest.mark.parametrize(("divisor", "html"), [(1, "<p>x</p><!-- 4 -->"), (0, None)])
def test_liquid_in_comments_of_html(knock: Any, sim: Simulator, divisor: int, html: str | None) -> None:
    template = {"subject": "S", "html_body": "<p>x</p><!-- {{ 4 | divided_by: data.n }} -->"}
    sim.workflow("w", steps=[Send("email", template), Send("in_app_feed")])
    trigger(knock, data={"n": divisor})
    emails = [knock.messages.get_content(message.id).data.html_body for message in sim.messages(channel="email")]
    assert emails == ([] if html is None else [html])
    assert (status(knock), len(sim.messages(channel="in_app_feed"))) == ("completed", len(emails))


# A type of a partial's field, the value that is passed, and what the partial reads of it.
TYPED: list[tuple[str, Any, str, str]] = [
    ("boolean", False, "{% if a == false %}no{% endif %}", "no"),
    ("json", {"k": [1, 2]}, "{{ a.k[1] }}", "2"),
    ("list", ["x", "y"], "{{ a | join: '+' }}", "x+y"),
    ("multi_select", ["x", "y"], "{{ a | size }}", "2"),
    ("image", {"url": "https://x.example/i.png", "alt": "I"}, "{{ a.url }}", "https://x.example/i.png"),
    ("button", {"text": "Go", "action": "/go"}, "{{ a.text }} {{ a.action }}", "Go /go"),
]


@rule("te/partials", "fields of the types boolean, JSON, list, multi-select, image and button keep their values")
@pytest.mark.parametrize(("kind", "value", "content", "expected"), TYPED)
def test_typed_fields_of_partials(
    knock: Any, sim: Simulator, *, kind: str, value: Any, content: str, expected: str
) -> None:
    sim.partial("p", content, type="text", fields=[{"key": "a", "type": kind, "label": "A"}])
    assert render(knock, sim, "{% render 'p', a: data.a %}", data={"a": value}) == expected


@rule("te/partials", "`blank` is equal to what is missing, to nil and to the empty text")
@pytest.mark.parametrize(
    ("data", "expected"), [({}, "yes"), ({"a": None}, "yes"), ({"a": ""}, "yes"), ({"a": 0}, "no")]
)
def test_what_is_blank(knock: Any, sim: Simulator, data: dict[str, Any], expected: str) -> None:
    source = (
        "{% if data.a == blank %}yes{% else %}no{% endif %} {% unless blank != data.a %}yes{% else %}no{% endunless %} "
        "{% if false %}{% elsif data.n == 1 and data.a == blank %}yes{% else %}no{% endif %}"
    )
    assert render(knock, sim, source, data={**data, "n": 1}) == f"{expected} {expected} {expected}"


@rule("mtn/per-tenant-translations", "a tenant's texts are merged with everybody's, key by key, however deep")
def test_translations_are_merged(knock: Any, sim: Simulator) -> None:
    sim.translation("en", {"cart": {"title": "Cart", "words": {"buy": "Buy", "pay": "Pay"}}})
    sim.translation("en", {"cart": {"words": {"pay": "Settle"}}}, tenant="acme")
    source = "{{ 'cart.title' | t }} {{ 'cart.words.buy' | t }} {{ 'cart.words.pay' | t }}"
    assert render(knock, sim, source, tenant="acme") == "Cart Buy Settle"
    assert render(knock, sim, source) == "Cart Buy Pay"


@rule(HELPERS, "what `user`, `object` and `tenant` load has its id, its properties at the top and its times")
@pytest.mark.parametrize(
    ("load", "fields", "expected"),
    [
        ("'ana' | user", ["id", "name", "email", "plan"], "ana Ana ana@x.example pro"),
        ("'p1' | object: 'projects'", ["id", "collection", "size"], "p1 projects 3"),
        ("'acme' | tenant", ["id", "seats"], "acme 9"),
    ],
)
def test_loaded_entities(knock: Any, sim: Simulator, load: str, fields: list[str], expected: str) -> None:
    knock.objects.set("projects", "p1", properties={"size": 3})
    knock.tenants.set("acme", properties={"seats": 9})
    shown = " ".join(f"{{{{ x.{field} }}}}" for field in fields)
    assert render(knock, sim, f"{{% assign x = {load} %}}{shown}") == expected
    assert render(knock, sim, f"{{% assign x = {load} %}}{{{{ x.updated_at }}}}") == "2026-01-05T09:00:00Z"


@rule("preferences/commercial-unsubscribe", "whoever has unsubscribed gets no commercial message in any tenant")
@pytest.mark.parametrize("tenant", [None, "acme"])
def test_unsubscribing_counts_in_every_tenant(knock: Any, sim: Simulator, tenant: str | None) -> None:
    step = Send("email", {"subject": "S", "html_body": "{{ vars.commercial_unsubscribe_url }}"})
    sim.workflow("w", steps=[step], commercial=True)
    knock.tenants.set("acme", settings={"preference_set": {"commercial_subscribed": True}})
    trigger(knock)
    (message,) = sim.messages()
    sim.click(message, knock.messages.get_content(message.id).data.html_body)
    trigger(knock, tenant=tenant)
    assert len(sim.messages()) == 1


@rule("c/conditions", "conditions read how many activities and actors a batch has")
@pytest.mark.parametrize(
    ("variable", "value", "sent"),
    [("total_activities", 3, 1), ("total_activities", 1, 0), ("total_actors", 2, 1), ("total_actors", 3, 0)],
)
def test_totals_in_conditions(knock: Any, sim: Simulator, variable: str, value: int, sent: int) -> None:
    sim.workflow("w", steps=[Batch(HOUR), Send("email", conditions=where(f"run.{variable}", value))])
    for actor in ("ben", "cleo", "ben"):
        trigger(knock, actor=actor)
    sim.advance(HOUR)
    assert len(sim.messages()) == sent
