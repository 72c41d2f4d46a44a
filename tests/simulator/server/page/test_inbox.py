"""The inbox: order, pages, filters, search, and what it says when it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Page, Site


@pytest.fixture
def filled(sim: Simulator) -> Simulator:
    sim.channel("postmark", type="email", provider="email_postmark")
    sim.workflow("receipt", channels=["postmark"])
    sim.workflow("comment", channels=["in_app_feed"])
    with sim.client() as client:
        client.users.update("ana", name="Ana Reyes", email="ana@lumen.example")
        client.users.update("ben", name="Ben", email="ben@lumen.example")
        client.objects.set("projects", "ana", name="Apollo")
        client.workflows.trigger("receipt", recipients=["ana", "ben"], data={"order": 4711})
        client.workflows.trigger("comment", recipients=["ana"], tenant="acme", data={"text": "Spared NO expense"})
        client.workflows.trigger("comment", recipients=[{"collection": "projects", "id": "ana"}])
        client.messages.mark_as_read(sim.messages(to="ana", workflow="comment")[0].id)
    return sim


def test_messages_are_listed_with_the_newest_first(site: Site, filled: Simulator) -> None:
    page = site.get()
    links = [element.attributes["href"] for element in page.all("a", class_="row-link")]
    assert links == [f"/messages/{message.id}" for message in reversed(filled.messages())]
    assert page.one("p", id="count").text == "4 messages"
    newest, second, *_ = (element.text for element in page.all("tr")[1:])
    assert "Apollo" in newest
    assert "projects/ana" in newest
    for text in ("Ana Reyes", "ana", "in_app_feed", "Spared NO expense", "comment · acme", "delivered", "read"):
        assert text in second


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"recipient": "ana"}, 3),
        ({"recipient": "projects/ana"}, 1),
        ({"recipient": "an"}, 0),
        ({"channel": "postmark"}, 2),
        ({"channel": "email"}, 2),
        ({"channel": "smoke_signal"}, 0),
        ({"workflow": "receipt"}, 2),
        ({"tenant": "acme"}, 1),
        ({"status": "queued"}, 2),
        ({"status": "read"}, 1),
        ({"q": "spared no"}, 1),
        ({"q": "4711"}, 2),
        ({"q": "reyes"}, 2),
        ({"q": "lumen.example"}, 2),
        ({"q": "nobody said this"}, 0),
        ({"q": "  "}, 4),
        ({"recipient": "ana", "workflow": "receipt", "status": "queued", "q": "receipt"}, 1),
    ],
)
def test_filters_choose_messages(site: Site, filled: Simulator, query: dict[str, str], count: int) -> None:
    assert len(filled.messages()) == 4
    page = site.get(**query)
    assert len(page.rows) == count
    assert ("No message matches" in page.text) is (count == 0)


def test_the_form_shows_the_filters_that_are_set(site: Site) -> None:
    page = site.get(recipient='"><b>', channel="unknown", status="read", q="a&b")
    assert page.one("input", id="recipient").attributes["value"] == '"><b>'
    assert page.one("input", id="q").attributes["value"] == "a&b"
    assert [element.text for element in page.all("option", selected="")] == ["unknown", "read"]
    assert page.all("b") == []


def test_the_empty_inbox_says_what_to_do(site: Site, url: str) -> None:
    page = site.get()
    assert "No messages yet" in page.text
    assert f'base_url="{url}"' in page.text


def test_pages_have_fifty_messages_and_lead_to_each_other(site: Site, sim: Simulator) -> None:
    with sim.client() as client:
        for _ in range(2):
            client.workflows.trigger("welcome", recipients=[{"id": f"user-{number}"} for number in range(60)])
    expected = [f"/messages/{message.id}" for message in reversed(sim.messages())]

    def links(page: Page) -> list[str]:
        return [element.attributes["href"] for element in page.all("a", class_="row-link")]

    pages = [site.get()]
    while following := pages[-1].all("a", rel="next"):
        pages.append(site.get(following[0].attributes["href"]))
    assert [len(links(page)) for page in pages] == [50, 50, 20]
    assert [link for page in pages for link in links(page)] == expected
    assert pages[0].all("a", rel="prev") == []
    assert [page.one("body").attributes["data-hold"] for page in pages] == ["", "true", "true"]

    second = site.get(pages[2].one("a", rel="prev").attributes["href"])
    assert links(second) == expected[50:100]
    first = site.get(second.one("a", rel="prev").attributes["href"])
    assert (links(first), first.all("a", rel="prev")) == (expected[:50], [])


def test_the_pages_of_a_filter_keep_it(site: Site, sim: Simulator) -> None:
    with sim.client() as client:
        client.workflows.trigger("welcome", recipients=[{"id": f"user-{number}"} for number in range(55)])
        client.workflows.trigger("other", recipients=[{"id": f"user-{number}"} for number in range(55)])
    first = site.get(workflow="welcome")
    second = site.get(first.one("a", rel="next").attributes["href"])
    assert (len(first.rows), len(second.rows)) == (50, 5)
    assert all("welcome" in row for row in [*first.rows, *second.rows])


@pytest.mark.parametrize("query", [{"older": "x"}, {"older": "9" * 40}, {"newer": "-1"}, {"older": "٣"}])
def test_a_position_that_is_none_leads_to_the_first_page(site: Site, filled: Simulator, query: dict[str, str]) -> None:
    assert len(site.get(**query).rows) == len(filled.messages())


def test_after_the_last_message_the_inbox_leads_back(site: Site, filled: Simulator) -> None:
    assert filled.messages()
    page = site.get(older="0")
    assert page.rows == []
    assert "Nothing older" in page.text
    assert len(site.get(page.one("a", class_="to-first").attributes["href"]).rows) == 4


def test_texts_of_applications_are_escaped(site: Site, sim: Simulator) -> None:
    bad = "<script>alert(1)</script>"
    with sim.client() as client:
        client.workflows.trigger("welcome", recipients=[{"id": "<i>a", "name": bad}], tenant="<i>t", data={"x": bad})
    page = site.get()
    assert bad in page.text
    assert page.all("i") == []
    assert [element.attributes.get("src", "")[:19] for element in page.all("script")] == ["/_page/static/page."]
    assert "onerror" not in page.response.text


def test_long_texts_are_cut_in_lists(site: Site, sim: Simulator) -> None:
    with sim.client() as client:
        client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "n" * 10_000}], data={"x": "w" * 500_000})
    assert len(site.get().response.content) < 20_000


def test_ids_of_recipients_are_encoded_in_links(site: Site, sim: Simulator) -> None:
    with sim.client() as client:
        client.workflows.trigger("welcome", recipients=[{"id": "a b%?&\n"}])
    assert site.get().one("td", class_="who").text == "a b%?&"
    assert site.get().all("a", href="/users/a%20b%25%3F%26%0A")
