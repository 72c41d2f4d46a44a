"""Tests of the page; the simulator's fixtures come with knock-sdk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .app import create_app

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from knock_sdk import Knock
    from knock_sdk.params import Condition
    from knock_sdk.testing import Simulator

ALL = {
    "billing.email",
    "billing.in_app_feed",
    "billing.sms",
    "collaboration.email",
    "collaboration.in_app_feed",
    "direct.email",
    "direct.in_app_feed",
    "direct.sms",
    "news",
}
FIELD = re.compile(r'name="wanted" value="([\w.]+)"[^>]*?\schecked')


@pytest.fixture
def app(intercepted_knock: Simulator, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application, whose client reaches the simulator."""
    monkeypatch.setenv("SECRET_KEY", "only for this test")
    intercepted_knock.workflow("comment-created", channels=["in_app_feed", "email"], categories=["collaboration"])
    return create_app()


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    """A browser."""
    return app.test_client()


@pytest.fixture
def link(app: Flask) -> str:
    """The path of a user's page, from the command that prints links."""
    printed = app.test_cli_runner().invoke(args=["link", "ellie"]).output
    return printed.strip().removeprefix("http://127.0.0.1:5000")


def checked(web: FlaskClient, link: str) -> set[str]:
    response = web.get(link)
    assert response.status_code == 200
    return set(FIELD.findall(response.text))


def test_what_is_not_set_is_wanted(web: FlaskClient, link: str) -> None:
    assert checked(web, link) == ALL


def test_what_is_taken_away_is_not_sent(web: FlaskClient, link: str, knock: Knock, knock_simulator: Simulator) -> None:
    response = web.post(link, data={"shown": [*ALL], "wanted": [*ALL - {"collaboration.email", "news"}]})
    assert response.status_code == 303
    assert "Your choices are saved." in web.get(response.headers["Location"]).text
    assert checked(web, link) == ALL - {"collaboration.email", "news"}
    assert knock.users.get_preferences("ellie", "default").commercial_subscribed is False
    knock.workflows.trigger("comment-created", recipients=[{"id": "ellie", "email": "ellie@example.com"}])
    knock_simulator.assert_sent(to="ellie", channel="in_app_feed")
    knock_simulator.assert_not_sent(to="ellie", channel="email")


def test_what_the_page_does_not_show_stays(web: FlaskClient, link: str, knock: Knock) -> None:
    condition: Condition = {"variable": "data.amount", "operator": "greater_than", "argument": 100}
    knock.users.set_preferences(
        "ellie",
        "default",
        channel_types={"push": False},
        categories={"reports": False, "billing": {"channel_types": {"sms": {"conditions": [condition]}}}},
    )
    web.post(link, data={"shown": [*ALL], "wanted": [*ALL - {"billing.email"}]})
    chosen = knock.users.get_preferences("ellie", "default").model_dump(exclude_none=True)
    assert chosen["channel_types"] == {"push": False}
    assert chosen["categories"]["reports"] is False
    billing = chosen["categories"]["billing"]["channel_types"]
    assert billing == {"email": False, "sms": {"conditions": [condition]}}


def test_of_a_category_that_was_off_one_channel_can_be_wanted(web: FlaskClient, link: str, knock: Knock) -> None:
    knock.users.set_preferences("ellie", "default", categories={"direct": False})
    shown = {field for field in ALL if not field.startswith("direct")}
    assert checked(web, link) == shown
    web.post(link, data={"shown": [*shown], "wanted": [*shown, "direct.sms"]})
    assert checked(web, link) == shown | {"direct.sms"}
    categories = knock.users.get_preferences("ellie", "default").model_dump()["categories"]
    assert categories["direct"]["channel_types"]["push"] is False  # which the page does not show


def test_an_old_page_does_not_undo_what_changed_elsewhere(web: FlaskClient, link: str) -> None:
    web.post(link, data={"shown": [*ALL], "wanted": [*ALL - {"direct.sms"}]})
    web.post(link, data={"shown": [*ALL], "wanted": [*ALL - {"direct.email"}]})
    assert checked(web, link) == ALL - {"direct.sms", "direct.email"}


def test_nothing_is_sent_without_a_change(web: FlaskClient, link: str, knock_simulator: Simulator) -> None:
    web.post(link, data={"shown": [*ALL], "wanted": [*ALL]})
    assert {request.method for request in knock_simulator.requests} == {"GET"}


def test_fields_that_do_not_exist_are_ignored(web: FlaskClient, link: str, knock: Knock) -> None:
    web.post(link, data={"shown": [], "wanted": ["security.email", "direct.push", "x"]})
    assert knock.users.get_preferences("ellie", "default").categories is None


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_was_changed_leads_nowhere(
    web: FlaskClient, link: str, knock_simulator: Simulator, method: str
) -> None:
    assert web.open(link[:-1], method=method).status_code == 404
    assert knock_simulator.requests == []


def test_the_page_says_when_knock_is_unavailable(web: FlaskClient, link: str, knock_simulator: Simulator) -> None:
    with knock_simulator.fail(status=503, next=None):
        response = web.get(link)
    assert response.status_code == 503
    assert "try again" in response.text
