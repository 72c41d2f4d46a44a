"""Filters and tags of Knock, each with the page of Knock's documentation that describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing.expressions.liquid.locale_filters import LOCALES

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

HELPERS = "template-editor/reference-liquid-helpers"
GUESS = "a guess: not documented"

AT = "2026-02-10T23:30:00Z"
MORNING = "2026-02-10T09:05:00Z"
DOCS = "2023-12-31T14:30:45Z"

RULES = [
    # times
    (f"{{{{ '{AT}' | timezone: 'Europe/Paris' }}}}", "2026-02-11T00:30:00+01:00", HELPERS),
    (f"{{{{ '{AT}' | date: '%-I:%M %p %Z', 'America/New_York' }}}}", "6:30 PM EST", HELPERS),
    (f"{{{{ '{AT}' | date: '%Y-%m-%d' }}}}", "2026-02-10", HELPERS),
    ("{{ 'now' | date: '%Y-%m-%d %H' }}", "2026-01-05 09", "designing-workflows/update-data-function"),
    ("{{ 'now' | timezone: 'Asia/Tokyo' }}", "2026-01-05T18:00:00+09:00", GUESS),
    ("{{ 1770766200 | date: '%Y-%m-%d %H:%M' }}", "2026-02-10 23:30", GUESS),
    ("{{ 'soon' | date: '%Y' }}{{ 'soon' | timezone: 'Asia/Tokyo' }}", "soonsoon", GUESS),
    ("{{ data.nothing | date: '%Y' }}", "", GUESS),
    # dates in a locale
    (f"{{{{ '{MORNING}' | format_date_in_locale: 'en-GB' }}}}", "10/02/2026", HELPERS),
    (f"{{{{ '{MORNING}' | format_date_in_locale: 'de-DE', 'long' }}}}", "10. Februar 2026", HELPERS),
    (f"{{{{ '{DOCS}' | format_date_in_locale: 'en-US' }}}}", "12/31/23", HELPERS),
    (f"{{{{ '{DOCS}' | format_date_in_locale: 'en-US', 'medium' }}}}", "Dec 31, 2023", HELPERS),
    (f"{{{{ '{DOCS}' | format_date_in_locale: 'en-US', 'long' }}}}", "December 31, 2023", HELPERS),
    (f"{{{{ '{DOCS}' | format_date_in_locale: 'en-US', 'full' }}}}", "Sunday, December 31, 2023", HELPERS),
    (f"{{{{ '{DOCS}' | format_date_in_locale: 'en-GB', 'full' }}}}", "Sunday, 31 December 2023", HELPERS),
    (
        f"{{{{ '{MORNING}' | format_datetime_in_locale: 'en-US', 'medium', 'short' }}}}",
        "Feb 10, 2026, 9:05 AM",
        HELPERS,
    ),
    (f"{{{{ '{DOCS}' | format_datetime_in_locale: 'en-GB', 'short', 'medium' }}}}", "31/12/2023, 14:30:45", HELPERS),
    (f"{{{{ '{DOCS}' | format_datetime_in_locale: 'en-US' }}}}", "12/31/23, 2:30 PM", GUESS),
    ("{{ data.nothing | format_date_in_locale: 'en' }}", "", GUESS),
    # numbers
    ("{{ 1234567 | format_number: 'en' }}", "1,234,567", HELPERS),
    ("{{ 1234567 | format_number: 'de' }}", "1.234.567", HELPERS),
    ("{{ 1234567 | format_number: 'fr-FR' }}", "1\u202f234\u202f567", HELPERS),
    ("{{ 25 | currency }}", "$25.00", HELPERS),
    ("{{ '25' | currency }}", "$25.00", GUESS),
    ("{{ 25 | currency: 'EUR', 'de-DE' }}", "25,00\u00a0€", HELPERS),
    ("{{ 25 | currency: 'JPY', 'en' }}", "¥25", GUESS),
    ("{{ 12.4 | rounded_currency: 'GBP', 'en' }}", "£12", HELPERS),
    ("{{ 12.5 | rounded_currency: 'GBP', 'en' }}", "£13", GUESS),
    ("{{ 1234.5 | rounded_currency: 'EUR', 'de' }}", "1.235\u00a0€", GUESS),
    ("{{ 5 | currency: 'EUR', 'zh-Hans' }} {{ 5 | currency: 'EUR', 'pt-BR' }}", "€5.00 €\u00a05,00", HELPERS),
    # texts
    ("{{ 0 | pluralize: 'reply', 'replies' }}", "replies", GUESS),
    ("{{ 1 | pluralize: 'reply', 'replies' }}", "reply", HELPERS),
    ("{{ 2 | pluralize: 'reply', 'replies' }}", "replies", HELPERS),
    ("{{ 'road map' | titlecase }}", "Road Map", HELPERS),
    ("{{ 'a' | md5 }}", "0cc175b9c0f1b6a831c399e269772661", GUESS),
    ("{{ 'a' | sha256 }}", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", GUESS),
    (
        "{{ 'a' | hmac_sha256: 'k' }}",
        "78da91511e675587f5b9df78bedebaf5560da2abb88162ee875dcdf744951d9e",
        GUESS,
    ),
    ("{{ '**x**' | from_markdown }}", "<p><strong>x</strong></p>", HELPERS),
    # JSON and lists
    ("{% assign x = '{\"a\":[1,2]}' | from_json %}{{ x.a[1] }}", "2", HELPERS),
    ("{% assign x = 'no json' | from_json %}{% if x == nil %}nil{% endif %}", "nil", GUESS),
    ("{{ data.list | json }}", '["a","b"]', GUESS),
    ("{{ data.list | intersect: data.others | join: ' ' }}", "b", HELPERS),
    # versions
    ("{{ '1.10.0' | compare_versions: '1.9.3' }}", "1", HELPERS),
    ("{{ '1.0.0' | compare_versions: '1.0.0' }}", "0", HELPERS),
    ("{{ '1.0.0-rc.1' | compare_versions: '1.0.0' }}", "-1", GUESS),
    ("{{ '1.0.0-rc.2' | compare_versions: '1.0.0-rc.10' }}", "-1", GUESS),
    ("{{ '1.0.0-alpha' | compare_versions: '1.0.0-1' }}", "1", GUESS),
    ("{{ '1.2' | compare_versions: '1.2.0' }}", "0", GUESS),
    # what is looked up
    ("{% assign u = 'nobody' | user %}{% if u %}y{% else %}n{% endif %}", "n", HELPERS),
    ("{% assign u = 'ben' | user %}{{ u.name }} {{ u.plan }} {{ u.id }}", "Ben pro ben", HELPERS),
    ("{% assign o = data.pid | object: 'projects' %}{{ o.name }}", "Road map", HELPERS),
    ("{% assign o = 'none' | object: 'projects' %}{{ o.name }}", "", HELPERS),
    ("{% assign t = 'acme' | tenant %}{{ t.name }}", "Acme", HELPERS),
    (
        "{% assign s = 'ana' | subscriptions %}{{ s[0].object.name }} {{ s[0].properties.role }}",
        "Road map admin",
        HELPERS,
    ),
    ("{% assign s = 'ben' | subscriptions %}{{ s | size }}", "0", HELPERS),
    # Liquid itself
    ("{{ data.missing.deep }}", "", "template-editor/overview"),
    ("{% if data.blank_text %}true{% else %}false{% endif %}", "true", "template-editor/partials"),
    ("{% if data.blank_text == blank %}blank{% endif %}", "blank", "template-editor/partials"),
    ("{% if data.zero %}true{% endif %}", "true", "template-editor/reference-liquid-helpers"),
    ("{{ data.markup }}", "<b>&", "knocklabs/skills"),
    ("{{ data.list.last }} {{ data.list[-1] }} {{ data.list.size }}", "b b 2", "knocklabs/skills"),
    ("{% for x in data.list limit: 1 %}{{ forloop.index }}{{ x }}{% endfor %}", "1a", "knocklabs/skills"),
    ("{% case data.zero %}{% when 0 %}none{% endcase %}{% unless true %}x{% endunless %}", "none", HELPERS),
    ("{% capture c %}a{% endcapture %}{{ c }}{% comment %}{{ no }}{% endcomment %}", "a", HELPERS),
    ("{{ page_name }} {{ data.page_name }}", "Home Home", "template-editor/overview"),
]

DATA = {
    "list": ["a", "b"],
    "others": ["b", "c"],
    "pid": "p1",
    "blank_text": "",
    "huge": 1e30,
    "zero": 0,
    "markup": "<b>&",
    "page_name": "Home",
    "self": "named as Python names it",
}


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", phone_number="+12025550100")
    knock.users.update("ben", name="Ben", properties={"plan": "pro"})
    knock.objects.set("projects", "p1", name="Road map")
    knock.objects.add_subscriptions("projects", "p1", recipients=["ana"], properties={"role": "admin"})
    knock.tenants.set("acme", name="Acme")
    return knock


def render(knock: Any, sim: Simulator, source: str) -> str:
    """Render a template as the text of an SMS; return what went wrong if it does not render."""
    sim.workflow("w", channels=["sms"], templates={"sms": {"text_body": source}})
    knock.workflows.trigger("w", recipients=["ana"], data=DATA)
    if not sim.messages():
        (skip,) = sim.skips()
        assert (skip.channel, skip.reason) == ("sms", "error")
        return skip.detail
    body: str = knock.messages.get_content(sim.messages()[-1].id).data.body
    return body


@rule("te/reference-liquid-helpers", "`timezone` and `date` show a time in a zone, and `date` in a format")
@rule("te/reference-liquid-helpers", "`format_date_in_locale` and `format_datetime_in_locale` have four lengths")
@rule("te/reference-liquid-helpers", "`format_number`, `currency` and `rounded_currency` write numbers in a locale")
@rule("te/reference-liquid-helpers", "`pluralize` takes the first form for 1 and the second for more")
@rule(
    "te/reference-liquid-helpers",
    "`titlecase`, `from_markdown`, `md5`, `sha256` and `hmac_sha256` convert text",
)
@rule("te/reference-liquid-helpers", "`json` and `from_json` write and read JSON, `intersect` finds common items")
@rule("te/reference-liquid-helpers", "`compare_versions` gives -1, 0 or 1")
@rule("te/reference-liquid-helpers", "`user`, `object` and `tenant` load what has an id, nil if it is unknown")
@rule("te/reference-liquid-helpers", "`subscriptions` loads the subscriptions of a user, with their objects")
@rule("dw/update-data-function", "`now` is a time for `date`")
@rule("te/overview", "data is at the top level as well as in `data`, and what is missing is empty")
@rule("te/partials", "the empty text is true, and equals `blank`")
@rule("sk/syntax", "Liquid's output is not escaped; `last`, `size`, negative indices, `forloop` and `limit` work")
@pytest.mark.parametrize(("source", "expected", "document"), RULES)
def test_filters_and_tags(knock: Any, sim: Simulator, source: str, expected: str, document: str) -> None:
    assert render(knock, sim, source) == expected, document


@rule("te/reference-liquid-helpers", "each listed locale has its dates, times, numbers and currencies")
@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_every_documented_locale_formats(sim: Simulator, locale: str) -> None:
    source = (
        f"{{{{ 1234.5 | currency: 'EUR', '{locale}' }}}}|{{{{ 1234.5 | rounded_currency: 'EUR', '{locale}' }}}}|"
        f"{{{{ 5 | format_number: '{locale}' }}}}|{{{{ '{AT}' | format_date_in_locale: '{locale}', 'full' }}}}|"
        f"{{{{ '{AT}' | format_datetime_in_locale: '{locale}', 'full', 'full' }}}}"
    )
    with sim.client() as client:
        client.users.update("ana", phone_number="+12025550100")
        texts = render(client, sim, source).split("|")
    assert len(texts) == 5
    assert all(texts)


ERRORS = [
    ("{{ 1 | currency: 'EUR', 'xx' }}", "'xx' is not a locale that Knock formats for, such as 'en' or 'pt-BR'"),
    (
        "{{ 1 | format_number: 'en_US' }}",
        "'en_US' is not a locale that Knock formats for, such as 'en' or 'pt-BR'; did you mean 'en-US'?",
    ),
    ("{{ 1 | currency: 'EURO', 'de' }}", "'EURO' is not the code of a currency, such as 'EUR'"),
    ("{{ data.nothing | currency }}", "a missing value is not a number"),
    ("{{ data.list | format_number }}", "['a', 'b'] is not a number"),
    ("{{ 'Infinity' | currency }}", "'Infinity' is not a number"),
    (f"{{{{ '{AT}' | timezone: 'Moon/Base' }}}}", "'Moon/Base' is not a time zone"),
    (f"{{{{ '{AT}' | timezone: '../x' }}}}", "'../x' is not a time zone"),
    (
        f"{{{{ '{AT}' | format_date_in_locale: 'en', 'shrt' }}}}",
        "'shrt' is not one of short, medium, long, full; did you mean 'short'?",
    ),
    ("{{ data.huge | date: '%Y' }}", "1e+30 is not a time"),
    ("{{ 'x' | compare_versions: '1.0.0' }}", "'x' is not a version such as '1.2.3'"),
    ("{{ 1 | divided_by: data.zero }}", "divided_by: can't divide by 0"),
    ("{% for i in (1..100000000) %}x{% endfor %}", "loop iteration limit reached, in {% for i in (1..100000000) %}"),
    (
        "{% for i in (1..1000) %}{% for j in (1..1000) %}{{ i }}{% endfor %}{% endfor %}",
        "loop iteration limit reached, in {% for i in (1..1000) %}",
    ),
    (
        "{% assign x = 'abcdefgh' %}{% for i in (1..99) %}{% assign x = x | append: x %}{% endfor %}",
        "local namespace limit reached, in {% for i in (1..99) %}",
    ),
    ("{{ 'a' | slice: 'b' }}", "slice expected an integer start, found str"),
    ("{{ 1 | currency: 1, 2, 3, 4 }}", None),
    ("{{ 1 | abs: 2 }}", "abs: abs_() takes 1 positional argument but 2 were given"),
    (
        "Hi,\n{{ 1 | currency:\n 'EUR', 'xx' }}.",
        "'xx' is not a locale that Knock formats for, such as 'en' or 'pt-BR', in {{ 1 | currency: 'EUR', 'xx' }}",
    ),
]


@rule("te/testing-and-debugging", "a template that fails is tried three times, then the run ends")
@pytest.mark.parametrize(("source", "message"), ERRORS)
def test_whatever_goes_wrong_ends_the_step_alone(knock: Any, sim: Simulator, source: str, message: str | None) -> None:
    detail = render(knock, sim, source)
    assert detail.startswith("sms_1.text_body: ")
    assert message is None or detail == f"sms_1.text_body: {message}"
    (run,) = knock.workflow_recipient_runs.list().items
    assert (run.status, run.error_count) == ("completed", 3)
    events = [event.data for event in knock.workflow_recipient_runs.get(run.id).events if event.status == "error"]
    assert [event["field"] for event in events] == ["text_body"] * 3
    assert detail in sim.summary()


INVALID = [
    ("{{ x | currenci }}", "unknown Liquid filter: currenci; did you mean 'currency'?"),
    ("{% include 'x' %}", "include is not supported in Knock; use render"),
    ("{% render x %}", "render takes the key of a partial in quotes"),
    ("{% render 'x' for y %}", "render with `for` is not supported in Knock"),
    ("{% t %}text", "t has no endt"),
    ("{% t %}{{ x | currenci }}{% endt %}", "unknown Liquid filter: currenci"),
    ("{% if x %}" * 500 + "{% endif %}" * 500, ""),
    ("{% shout %}", "shout"),
]


@rule("te/testing-and-debugging", "unknown filters and tags, and errors of syntax, are refused")
@rule("te/partials", "`render` takes the key of a partial, without `for`")
@rule("cli/liquid", "`include` is not supported")
@pytest.mark.parametrize(("source", "message"), INVALID)
def test_what_knock_refuses_is_refused_when_declared(sim: Simulator, source: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"workflow w, step sms_1\.text_body: ") as caught:
        sim.workflow("w", channels=["sms"], templates={"sms": {"text_body": source}})
    assert message in str(caught.value)


def test_a_run_that_fails_leaves_the_other_recipients_alone(knock: Any, sim: Simulator) -> None:
    source = "{{ recipient.price | currency: 'EUR', recipient.locale }}"
    sim.workflow("w", channels=["sms"], templates={"sms": {"text_body": source}})
    people = [
        {"id": name, "phone_number": "+12025550100", "locale": locale, "price": 5}
        for name, locale in (("a", "de"), ("b", "tlh"), ("c", "fr"))
    ]
    knock.workflows.trigger("w", recipients=people)
    assert [message.recipient for message in sim.messages()] == ["a", "c"]
    assert [(skip.to, skip.reason) for skip in sim.skips()] == [("b", "error")]
    assert {run.status for run in knock.workflow_recipient_runs.list().items} == {"completed"}
