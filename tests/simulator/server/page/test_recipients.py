"""The pages of people, objects and tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from knock_sdk.testing.server.page.state.channel_data import hide

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Page, Site

TOKEN = "device-token-0123456789abcdef"


def settings(page: Page) -> dict[str, list[str]]:
    """Return the cells of each row of the table of settings, by the setting."""
    cells = page.all("td")
    width = len(page.all("th"))
    rows = [[cell.text for cell in cells[start : start + width]] for start in range(0, len(cells), width)]
    return {row[0]: row[1:] for row in rows}


def test_people_are_listed_and_found(site: Site, client: Knock) -> None:
    client.users.update("ana", name="Ana Reyes", email="ana@lumen.example")
    client.users.update("ben", name="Ben Okafor")
    client.objects.set("projects", "p1", name="Ana's project")
    page = site.get("/users")
    assert [each.attributes["href"] for each in page.all("a") if "/users/" in each.attributes["href"]] == [
        "/users/ben",
        "/users/ana",
    ]
    for search in ("REYES", "lumen", "an"):
        assert "ana@lumen.example" in site.get("/users", q=search).text
    assert "Nobody matches" in site.get("/users", q="nobody").text


def test_the_creation_is_told_only_if_the_application_gave_it(site: Site, client: Knock) -> None:
    client.users.update("ana", name="Ana")
    assert "Last changed Mon 5 Jan 2026" in site.get("/users/ana").text
    client.users.update("ben", name="Ben", created_at="2025-03-01T08:00:00Z")
    assert "Created 2025-03-01T08:00:00Z, last changed Mon 5 Jan 2026" in site.get("/users/ben").text


@pytest.mark.parametrize("path", ["/users", "/tenants", "/objects/projects"])
def test_empty_lists_say_so(site: Site, path: str) -> None:
    assert "None yet" in site.get(path).text


def test_objects_are_listed_by_collection(site: Site, client: Knock) -> None:
    assert "No objects yet" in site.get("/objects").text
    client.objects.set("projects", "p1", name="Apollo")
    client.tenants.set("acme", name="Acme")
    page = site.get("/objects")
    assert "projects 1" in page.text
    assert "tenants" not in page.text
    assert "Apollo" in site.get("/objects/projects").text
    assert "Acme" in site.get("/tenants").text
    assert "Acme" in site.get("/tenants/acme").text


def test_one_user_shows_what_is_known_of_it_and_no_token(site: Site, sim: Simulator, client: Knock) -> None:
    fcm = sim.channel("fcm", type="push", provider="push_fcm")
    sim.workflow("welcome", channels=["in_app_feed", "fcm"])
    client.users.update("ana", name="Ana Reyes", properties={"plan": "free"})
    client.users.set_channel_data("ana", fcm.id, data={"tokens": [TOKEN]})
    client.users.set_preferences("ana", "default", categories={"billing": False})
    client.objects.set("projects", "p1", name="Apollo")
    client.objects.add_subscriptions("projects", "p1", recipients=["ana"], properties={"role": "owner"})
    sim.audience("vip")
    client.audiences.add_members("vip", members=[{"user": {"id": "ana"}}])
    client.workflows.trigger("welcome", recipients=["ana"])
    page = site.get("/users/ana")
    for shown in ('"plan": "free"', '"billing": false', "vip", "p1", '"role": "owner"', "tokens.0", hide(TOKEN)):
        assert shown in page.text, shown
    assert TOKEN not in page.response.text
    assert {f"/messages/{each.id}" for each in sim.messages()} <= {each.attributes["href"] for each in page.all("a")}
    assert "ana" in site.get("/objects/projects/p1").text


def test_preferences_resolve_for_a_workflow_and_a_channel(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("invoice", channels=["email"], categories=["billing"])
    client.users.set_preferences("ana", "default", channel_types={"email": False})
    client.tenants.set("acme", settings={"preference_set": {"categories": {"billing": False}}})
    alone = site.get("/users/ana", workflow="invoice", channel="email")
    assert "blocked The setting channel_types.email blocks it." in alone.text
    assert settings(alone)["channel_types.email"] == ["false", "not set", "blocks false"]
    # With the tenant, the user's set for it counts, which is empty, over the tenant's.
    in_tenant = site.get("/users/ana", workflow="invoice", channel="email", tenant="acme")
    assert "The setting categories.billing blocks it." in in_tenant.text
    assert settings(in_tenant)["categories.billing"] == ["not set", "false", "not set", "blocks false"]
    assert [each.text for each in in_tenant.all("code", class_="decides")] == ["false"]
    assert "allowed No setting blocks a message." in site.get("/users/ana", workflow="invoice", channel="sms").text


def test_preferences_with_conditions_say_what_they_find(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("invoice", channels=["email"])
    conditions: Any = [{"variable": "recipient.plan", "operator": "equal_to", "argument": "pro"}]
    client.users.update("ana", properties={"plan": "free"})
    client.users.set_preferences("ana", "default", workflows={"invoice": {"conditions": conditions}})
    text = site.get("/users/ana", workflow="invoice", channel="email").text
    assert 'The conditions of workflows.invoice do not hold; found: "free".' in text


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"workflow": "invoice"}, "Choose both a workflow and a channel."),
        ({"workflow": "x", "channel": "email"}, "There is no workflow 'x'."),
        ({"workflow": "invoice", "channel": "x"}, "There is no channel 'x'"),
    ],
)
def test_a_question_that_has_no_answer_says_why(
    site: Site, sim: Simulator, client: Knock, query: dict[str, Any], problem: str
) -> None:
    sim.workflow("invoice", channels=["email"])
    client.users.update("ana", name="Ana")
    page = site.get("/users/ana", **query)
    assert problem in page.one("p", role="alert").text
    assert page.one("input", id="workflow").attributes["value"] == query["workflow"]


@pytest.mark.parametrize("user_id", ["a b", "ä?&=%2F", "<b>x", "javascript:alert(1)", "line\nbreak"])
def test_ids_may_contain_anything_that_the_api_takes(site: Site, sim: Simulator, client: Knock, user_id: str) -> None:
    sim.workflow("welcome", channels=["in_app_feed"])
    client.workflows.trigger("welcome", recipients=[{"id": user_id, "name": "<i>Name</i>"}])
    page = site.get(f"/users/{quote(user_id, safe='')}")
    assert " ".join(user_id.split()) in page.text
    assert page.all("i") == page.all("b") == []


def test_someone_unknown_is_not_found(site: Site) -> None:
    assert "There is no user ghost" in site.get("/users/ghost", 404).text
    assert "There is no object ghost" in site.get("/objects/projects/ghost", 404).text
