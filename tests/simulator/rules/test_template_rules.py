"""Templates: times in two locales, limits of what they read, and what they evaluate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Batch, Send

from .scenes import HOUR, status, trigger
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
